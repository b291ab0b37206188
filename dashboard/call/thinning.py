"""Many marks as few: what lies too close to be told apart is drawn as one. Pure.

Plotly stays quick with some thousand rectangles; a call of four hours may have fifty times as many.
"""

from collections.abc import Iterable, Iterator

from dashboard.call.lanes.mark import Mark

MOST = 1_000
# Of the view's length: less than a pixel of the widest plot.
CLOSE = 1 / 2_000


def overlapping(marks: Iterable[Mark], start: float, end: float) -> list[Mark]:
    """The marks of which something lies between two seconds."""
    return [m for m in marks if m["start_s"] <= end and (m["end_s"] or m["start_s"]) >= start]


def thinned(marks: Iterable[Mark], start: float, end: float, most: int = MOST) -> list[Mark]:
    """The marks between two seconds, at most `most` of them if merging neighbours can do it.

    Neighbours that look alike become one from the first's start to the last's end, with the first's id.
    """
    found, close = overlapping(marks, start, end), (end - start) * CLOSE
    found.sort(key=lambda mark: mark["start_s"])
    while len(found) > most and close < end - start:
        found = sorted(_merged(found, close), key=lambda mark: mark["start_s"])
        close *= 2
    return found


def _merged(marks: Iterable[Mark], close: float) -> Iterator[Mark]:
    """One for each run of marks that look alike and leave no hole wider than `close` seconds."""
    last: dict[tuple[str, ...], Mark] = {}
    for mark in marks:
        look = (mark["lane"], mark["kind"], mark["role"], mark["style"])
        held = last.get(look)
        if held and mark["start_s"] - (held["end_s"] or held["start_s"]) <= close:
            if mark["end_s"] is not None:
                held["end_s"] = max(held["end_s"] or 0.0, mark["end_s"])
            held["uncertainty_s"] = max(held["uncertainty_s"], mark["uncertainty_s"])
        else:
            if held:
                yield held
            last[look] = {**mark}
    yield from last.values()
