"""The lanes of a comparison as rectangles and ticks, in per cent of the axis' width. Pure."""

from collections.abc import Iterator
from typing import NamedTuple

from callstore.report.clock_text import offset, whole_times
from dashboard.call.lanes.mark import Mark
from dashboard.compare.comparison import ComparedLane, Comparison

ROW, BAR = 22, 14  # a call's row on a lane, and a bar in it, in pixels
LEAST = 0.25  # per cent: what is shorter is still seen
MOST_TICKS = 10
MOST_TOLD = 300  # marks in the table; the page of each call has all of its own


class Bar(NamedTuple):
    """A bar of a lane: where it lies and how it looks; `title` says what it is."""

    look: str
    x: float
    y: int
    width: float
    height: int
    title: str


class DrawnLane(NamedTuple):
    """A lane with the rows of both calls, the first above the second."""

    name: str
    bars: list[Bar]


class Tick(NamedTuple):
    """A line of the axis with its time."""

    x: float
    text: str


class Told(NamedTuple):
    """A mark as a row of the table."""

    whose: str
    lane: str
    mark: Mark


def drawn(compared: Comparison) -> list[DrawnLane]:
    """Every lane that either call has something on."""
    return [DrawnLane(lane["name"], list(_bars(lane, compared))) for lane in compared["lanes"]]


def ticks(compared: Comparison) -> list[Tick]:
    """Whole times on the axis, the second 0 among them."""
    times = whole_times(compared["start_s"], compared["end_s"], MOST_TICKS)
    return [Tick(_x(at, compared), offset(at)[:-2]) for at in times]


def told(compared: Comparison) -> list[Told]:
    """The marks of both calls by their time from the second 0, as many as a table takes."""
    rows = [
        Told(whose, lane["name"], mark)
        for lane in compared["lanes"]
        for whose, marks in (("A", lane["a"]), ("B", lane["b"]))
        for mark in marks
    ]
    return sorted(rows, key=lambda row: row.mark["start_s"])[:MOST_TOLD]


def _bars(lane: ComparedLane, compared: Comparison) -> Iterator[Bar]:
    for row, (whose, marks) in enumerate((("A", lane["a"]), ("B", lane["b"]))):
        seen: set[tuple[str, float, float]] = set()
        for mark in sorted(marks, key=lambda mark: mark["kind"] == "gap"):  # on top of the others
            bar = _bar(whose, row, mark, compared)
            if (bar.look, bar.x, bar.width) not in seen:  # thousands of words lie on some hundred places
                seen.add((bar.look, bar.x, bar.width))
                yield bar


def _bar(whose: str, row: int, mark: Mark, compared: Comparison) -> Bar:
    start, end = _x(mark["start_s"], compared), mark["end_s"]
    width = 0.0 if end is None else _x(end, compared) - start
    height = BAR if end is not None and mark["kind"] not in ("moment", "end") else ROW - 2
    return Bar(
        f"r-{mark['role']} s-{mark['style']}",
        min(start, 100 - LEAST),
        row * ROW + (ROW - height) // 2,
        round(max(width, LEAST), 2),
        height,
        f"{whose}, {offset(mark['start_s'])}: {mark['label']}",
    )


def _x(second: float, compared: Comparison) -> float:
    start, length = compared["start_s"], compared["end_s"] - compared["start_s"]
    return round(min(max((second - start) / length, 0.0), 1.0) * 100, 2)
