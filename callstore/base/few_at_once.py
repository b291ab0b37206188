"""Work of which a process does few pieces at once, as each takes a thread for seconds: for the dashboard."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore


class FewAtOnce:
    """Lets `most` in at once. Whoever is not in after `wait_s` seconds is told so by what `busy` makes."""

    def __init__(self, most: int, wait_s: float, busy: Callable[[], Exception]) -> None:
        self.wait_s = wait_s
        self._inside, self._busy = BoundedSemaphore(most), busy

    @contextmanager
    def one(self) -> Iterator[None]:
        """Do a piece now, or soon. Raises what `busy` makes."""
        if not self._inside.acquire(timeout=self.wait_s):
            raise self._busy()
        try:
            yield
        finally:
            self._inside.release()
