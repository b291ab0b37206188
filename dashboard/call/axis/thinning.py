"""Many marks as few: where there are more than can be drawn, the closest neighbours become one. Pure.

Plotly stays quick with some thousand rectangles; a call of four hours may have fifty times as many.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from typing import TypeAlias

from dashboard.call.lanes.mark import Mark

MOST = 1_000
# The seconds of a hole, a place among those as good as equal (so that they are closed here and there,
# and not all at one end), and which mark lies behind it.
Hole: TypeAlias = tuple[float, float, int]
GOLDEN = (5**0.5 - 1) / 2  # whose multiples spread evenly


def overlapping(marks: Iterable[Mark], start: float, end: float) -> list[Mark]:
    """The marks of which something lies between two seconds."""
    return [m for m in marks if m["start_s"] <= end and (m["end_s"] or m["start_s"]) >= start]


def thinned(marks: Iterable[Mark], start: float, end: float, most: int = MOST) -> list[Mark]:
    """The marks between two seconds, at most `most` of them as far as marks that look alike can be merged.

    A full lane keeps as many as any other full one, and has its smallest holes closed first. One for many
    goes from the first's start to the last's end, and has the first's id.
    """
    found = sorted(overlapping(marks, start, end), key=lambda mark: mark["start_s"])
    holes: dict[str, list[Hole]] = defaultdict(list)
    for hole, at in _holes(found):
        holes[found[at]["lane"]].append((round(hole, 1), at * GOLDEN % 1, at))
    joined = {at for lane, many in _too_many(found, most).items() for *_, at in sorted(holes[lane])[:many]}
    return _merged(found, joined)


def _too_many(marks: Sequence[Mark], most: int) -> dict[str, int]:
    """How many marks of each lane are to go: the fullest lanes give, until all together have `most`."""
    counts = Counter(mark["lane"] for mark in marks)
    left, kept = most, {}
    for done, (lane, count) in enumerate(sorted(counts.items(), key=itemgetter(1))):
        kept[lane] = min(count, max(1, left // (len(counts) - done)))
        left -= kept[lane]
    return {lane: counts[lane] - kept[lane] for lane in counts}


def _look(mark: Mark) -> tuple[object, ...]:
    return mark["lane"], mark["kind"], mark["role"], mark["style"], mark["end_s"] is None


def _holes(marks: Sequence[Mark]) -> Iterator[tuple[float, int]]:
    """The seconds between a mark and the one before it that looks alike, and which mark it is."""
    ends: dict[tuple[object, ...], float] = {}
    for at, mark in enumerate(marks):
        look = _look(mark)
        if look in ends:
            yield mark["start_s"] - ends[look], at
        ends[look] = max(ends.get(look, 0.0), mark["end_s"] or mark["start_s"])


def _merged(marks: Sequence[Mark], joined: set[int]) -> list[Mark]:
    """The marks, those of these places each added to the one before that looks alike."""
    kept: list[Mark] = []
    last: dict[tuple[object, ...], Mark] = {}
    for at, mark in enumerate(marks):
        look = _look(mark)
        if at not in joined:
            last[look] = {**mark}
            kept.append(last[look])
        elif mark["end_s"] is not None:
            last[look]["end_s"] = max(last[look]["end_s"] or 0.0, mark["end_s"])
    return kept
