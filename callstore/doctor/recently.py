"""The doctor's usual look, kept for a while in a process: whoever reloads a page must not load the log.

It is kept for twenty times as long as it took, so that it never takes more than a twentieth of a process, and
for a minute at most: where the log is small it is as good as new.
"""

from threading import Lock
from time import monotonic

from callstore.doctor.doctor import Look, look

LONGEST_S, TIMES = 60.0, 20
_looking = Lock()
_last: tuple[float, Look] | None = None  # until when it is good


class Busy(Exception):
    """Somebody else looks just now, and nobody has looked before."""


def recent() -> Look:
    """What was found lately, or before that while somebody looks anew.

    Raises Busy, and what `look` raises.
    """
    global _last
    known = _last
    if known is not None and monotonic() < known[0]:
        return known[1]
    if not _looking.acquire(blocking=False):
        if known is None:
            raise Busy
        return known[1]
    try:
        began = monotonic()
        found = look()
        ended = monotonic()
        _last = ended + min(LONGEST_S, TIMES * (ended - began)), found
        return found
    finally:
        _looking.release()


def forget() -> None:
    """Look anew at the next question."""
    global _last
    _last = None
