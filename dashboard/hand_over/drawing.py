"""The lanes of a call as shapes of one SVG, for pages without a script and for files. Pure."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from callstore.report.clock_text import offset, whole_times
from dashboard.call.lanes.mark import Mark
from dashboard.call.timeline import Timeline

WIDTH, NAMES, RIGHT = 1080, 132, 8  # of the drawing, of the lanes' names at its left, of what stays free
ROW, BAR, TOP = 26, 16, 24  # a lane, a bar in it, the times above
LEAST = 2.0  # what is shorter is still seen
LETTER = 5.6  # of a label's width, by the widest usual letters
MOST_BARS = 400  # of a lane; very many lie on each other
MOST_TICKS = 12
NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Bar(NamedTuple):
    """A mark: where it lies, how it looks, what it says in its place and what altogether."""

    look: str
    x: float
    y: int
    width: float
    height: int
    label: str
    title: str


class DrawnLane(NamedTuple):
    """A lane at its height, with a reason where nothing lies on it."""

    name: str
    y: int
    bars: list[Bar]
    reason: str


class Tick(NamedTuple):
    """A line of the axis with its time."""

    x: float
    text: str


class Drawing(NamedTuple):
    """The whole drawing; sizes in units of its view box."""

    width: int
    height: int
    names: int
    row: int
    top: int
    lanes: list[DrawnLane]
    ticks: list[Tick]


def drawing(axis: Timeline) -> Drawing:
    """Every lane of an axis, top to bottom."""
    lanes = [
        DrawnLane(
            lane["name"],
            TOP + at * ROW,
            list(_bars(lane["id"], TOP + at * ROW, axis)),
            _printable(lane["reason"] or ""),
        )
        for at, lane in enumerate(axis["lanes"])
    ]
    return Drawing(WIDTH, TOP + len(lanes) * ROW + 4, NAMES, ROW, TOP, lanes, list(_ticks(axis)))


def _ticks(axis: Timeline) -> Iterator[Tick]:
    for second in whole_times(axis["start_s"], axis["end_s"], MOST_TICKS):
        yield Tick(_x(second, axis), offset(second)[:-2])


def _bars(lane: str, top: int, axis: Timeline) -> Iterator[Bar]:
    marks = [mark for mark in axis["marks"] if mark["lane"] == lane]
    seen: set[tuple[str, int, int]] = set()
    for mark in sorted(marks, key=lambda mark: mark["kind"] == "gap"):  # on top of the others
        bar = _bar(mark, top, axis)
        place = (bar.look, round(bar.x), round(bar.width))
        if place not in seen and len(seen) < MOST_BARS:
            seen.add(place)
            yield bar


def _bar(mark: Mark, top: int, axis: Timeline) -> Bar:
    x, end = _x(mark["start_s"], axis), mark["end_s"]
    width = max(LEAST, 0.0 if end is None else _x(end, axis) - x)
    tall = end is None or mark["kind"] in ("moment", "end")
    height = ROW - 4 if tall else BAR
    fits = not tall and len(mark["label"]) * LETTER < width - 6
    return Bar(
        f"r-{mark['role']} s-{mark['style']}",
        round(min(x, WIDTH - RIGHT - LEAST), 1),
        top + (ROW - height) // 2,
        round(width, 1),
        height,
        _printable(mark["label"]) if fits else "",
        _printable(f"{offset(mark['start_s'])}: {mark['label']}"),
    )


def _printable(text: str) -> str:
    """Without the characters that no XML may hold (https://www.w3.org/TR/xml/#charsets)."""
    return NOT_XML.sub("\ufffd", text)


def _x(second: float, axis: Timeline) -> float:
    start, length = axis["start_s"], axis["end_s"] - axis["start_s"]
    share = min(max((second - start) / length, 0.0), 1.0)
    return round(NAMES + share * (WIDTH - NAMES - RIGHT), 1)
