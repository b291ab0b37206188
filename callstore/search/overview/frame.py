"""The time that an overview is of, the time as long before it, and the steps that its charts have. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from callstore.search.errors import QueryError
from callstore.search.window import Window, read

USUAL = "-7d"
MOST_STEPS = 60  # bars that a chart of usual width shows apart
_DAY = 86_400
STEPS_S = (60, 300, 900, 1800, 3600, 3 * 3600, 6 * 3600, 12 * 3600, _DAY, 2 * _DAY, 7 * _DAY, 30 * _DAY)


@dataclass(frozen=True)
class Frame:
    """From `since` to before `until`; calls under way then count, as on the list.

    `open` says that it ends now: what began since then counts, too.
    """

    since: datetime
    until: datetime
    open: bool

    @property
    def window(self) -> Window:
        return Window(self.since, None if self.open else self.until)

    @property
    def before(self) -> Window:
        """The time as long before it."""
        return Window(self.since - (self.until - self.since), self.since)

    @property
    def step_s(self) -> int:
        """How long a step of a chart is: a whole number of minutes, hours or days."""
        length = (self.until - self.since).total_seconds()
        for step in STEPS_S:
            if length / step <= MOST_STEPS:
                return step
        return (int(length / MOST_STEPS) // STEPS_S[-1] + 1) * STEPS_S[-1]

    @property
    def steps(self) -> list[datetime]:
        """When each step begins (UTC, on the step's own multiples); the first may begin before `since`."""
        first = int(self.since.timestamp()) // self.step_s * self.step_s
        last = int(self.until.timestamp() - 1e-6)
        return [datetime.fromtimestamp(at, UTC) for at in range(first, last + 1, self.step_s)]


def frame(since: str, until: str, now: datetime) -> Frame:
    """The frame that two times of the query language say; the last seven days where nothing is said.

    Raises QueryError: for what is no time, and for a time that ends before it begins.
    """
    window = read(since or ("" if until else USUAL), until, now)
    end = window.until or now
    start = window.since or end - timedelta(days=7)
    if start >= end:
        raise QueryError(f"The window ends before it begins: from {since} to {until or 'now'}.", 0, 0)
    return Frame(start, end, open=window.until is None)
