"""Why bytes are no sound: for who catches it and opens none himself."""


class Unreadable(Exception):
    """The bytes are no recording that we can decode."""


class CutShort(Unreadable):
    """The bytes are the beginning of a recording: the rest may come when they are asked for again."""
