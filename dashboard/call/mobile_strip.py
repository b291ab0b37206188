"""The axis for a small screen: child leg, AI session and caller speech as rectangles in per mille. Pure."""

from typing import NamedTuple

from dashboard.call.axis.thinning import thinned
from dashboard.call.lanes.mark import Mark
from dashboard.call.timeline import Timeline

LANES = {"child": "Child", "ai": "AI", "caller_audio": "Caller"}
WIDE = 1000
LANE, BAR = 20, 12
MOST = 400  # rectangles: more than a phone has room for


class Rect(NamedTuple):
    """A rectangle of the strip; `look` are its classes."""

    look: str
    x: float
    y: float
    width: float
    height: float


def mobile_strip(timeline: Timeline) -> list[Rect]:
    """What lies on the three lanes, gaps last, so that they lie on top."""
    start, length = timeline["start_s"], timeline["end_s"] - timeline["start_s"]
    lanes = list(LANES)
    rects = []
    marks = [mark for mark in timeline["marks"] if mark["end_s"] is not None and _is_shown(mark)]
    for mark in thinned(marks, start, timeline["end_s"], MOST):
        gap = _is_gap(mark)
        at = lanes.index("caller_audio" if mark["lane"] == "caller_text" else mark["lane"])
        height = BAR + 4 if gap else BAR
        rects.append(
            Rect(
                f"r-{mark['role']} s-{mark['style']}",
                round((mark["start_s"] - start) / length * WIDE, 2),
                at * LANE + (LANE - height) / 2,
                max(1.5, round(((mark["end_s"] or start) - mark["start_s"]) / length * WIDE, 2)),
                height,
            )
        )
    return sorted(rects, key=lambda rect: "r-gap" in rect.look)


def _is_gap(mark: Mark) -> bool:
    return mark["kind"] == "gap" or mark["role"] == "gap"


def _is_shown(mark: Mark) -> bool:
    return mark["lane"] in LANES or (mark["lane"] == "caller_text" and _is_gap(mark))
