"""One deadline for many: a timer of its own for each request took a tenth of the loop's time at the doors."""

import asyncio
from collections.abc import Callable


class Deadlines:
    """Calls what is still open `seconds` after it began, up to a tenth of them later. Of one event loop."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        # In the order of their ends, since all have the same time.
        self._open: dict[Callable[[], object], float] = {}
        self._timer: asyncio.TimerHandle | None = None

    def begin(self, late: Callable[[], object]) -> None:
        """Call `late` unless `end` is told of the same before."""
        loop = asyncio.get_running_loop()
        self._open[late] = loop.time() + self._seconds
        if self._timer is None:
            self._timer = loop.call_later(self._seconds, self._look)

    def end(self, late: Callable[[], object]) -> None:
        """It came in time, or is over already."""
        self._open.pop(late, None)

    def _look(self) -> None:
        loop = asyncio.get_running_loop()
        now = loop.time()
        while self._open:
            late, when = next(iter(self._open.items()))
            if when > now:
                break
            del self._open[late]
            late()
        self._timer = loop.call_later(self._seconds / 10, self._look) if self._open else None
