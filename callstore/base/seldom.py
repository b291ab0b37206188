"""What may happen a thousand times a minute is said once, with how often it has happened."""

from collections.abc import Hashable
from threading import Lock
from time import monotonic

EVERY_S = 60.0
REMEMBERED = 100  # things; who sends others all the time must not fill our memory
LONGEST = 300  # of a line that a stranger had a hand in


class Seldom:
    """Counts things by name, and says of each at most every EVERY_S that it is due to be told."""

    def __init__(self, every_s: float = EVERY_S) -> None:
        self._every_s = every_s
        self._told: dict[Hashable, tuple[float, int]] = {}  # when last, and how often since
        self._lock = Lock()

    def due(self, thing: Hashable) -> int:
        """Count one more; how many there were since it was due last, this one too, or 0 while it is not."""
        with self._lock:
            now = monotonic()
            told, since = self._told.get(thing, (-self._every_s, 0))
            if now - told >= self._every_s:
                if len(self._told) >= REMEMBERED:
                    self._told.pop(next(iter(self._told)))
                self._told.pop(thing, None)
                self._told[thing] = (now, 0)
                return since + 1
            self._told[thing] = (told, since + 1)
            return 0
