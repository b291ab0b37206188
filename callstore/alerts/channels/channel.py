"""What every way out has in common."""

TIMEOUT_S = 10


class Refused(Exception):
    """A target did not take a message: why, in a sentence without a secret."""
