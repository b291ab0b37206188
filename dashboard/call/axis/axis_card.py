"""What the card of the axis shows around the figure: its lanes, what is missing, its minimap. Pure."""

from collections.abc import Mapping
from typing import NamedTuple, TypedDict
from urllib.parse import urlencode

from callstore.report.document import Report
from dashboard.call.axis.absence import Absence, absences
from dashboard.call.axis.lane_choice import chosen, hidden
from dashboard.call.axis.lane_rows import rows
from dashboard.call.mobile_strip import LANES, WIDE, Rect, mobile_strip
from dashboard.call.timeline import Lane, Timeline

# From here on a call has a map of itself under its lanes, and fields to say which part is shown.
LONG_S = 15 * 60.0


class LaneRow(Lane):
    """A lane with its height in pixels, and whether it is drawn."""

    height: int
    drawn: bool


class Strip(NamedTuple):
    """The whole call in three lanes of rectangles, `width` wide."""

    rects: list[Rect]
    lanes: list[str]
    width: int


class AxisCard(TypedDict):
    """`lanes` are all filled ones, those that are drawn first; `figure_query` asks for these of the figure,
    and `asof_query` for the timeline.

    `first_s` is where the playhead stands at first: at the first suspicious mark.
    """

    lanes: list[LaneRow]
    absent: list[Absence]
    strip: Strip
    long: bool
    first_s: float | None
    figure_query: str
    asof_query: str


def axis_card(document: Report, axis: Timeline, asked: Mapping[str, str]) -> AxisCard:
    """The card of a call's axis, as the page's address asks for it."""
    drawn = chosen(axis, asked.get("lanes"))
    of_id = {lane["id"]: lane for lane in axis["lanes"]}
    heights = rows([*drawn, *hidden(axis, drawn)])
    said = {name: asked[name] for name in ("lanes", "asof") if asked.get(name)}
    return {
        "lanes": [
            {**of_id[lane], "height": row.height, "drawn": lane in drawn} for lane, row in heights.items()
        ],
        "absent": absences(document, axis["lanes"]),
        "strip": Strip(mobile_strip(axis), list(LANES.values()), WIDE),
        "long": axis["call_end_s"] > LONG_S,
        "first_s": first_suspicious(axis),
        "figure_query": f"?{urlencode(said)}" if said else "",
        "asof_query": f"?{urlencode({'asof': said['asof']})}" if "asof" in said else "",
    }


def first_suspicious(axis: Timeline) -> float | None:
    """When the first suspicious mark begins; None where there is none."""
    return min((mark["start_s"] for mark in axis["marks"] if mark["suspicious"]), default=None)
