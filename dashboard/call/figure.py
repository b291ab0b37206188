"""A timeline as a plain Plotly figure: rectangles, moments, empty waveforms and the axes. Pure.

It carries geometry, mark ids and colours as names (`var(--fill-gap)`, mapped by the reader's theme), and
no word that anybody said. One unit of the y axis is one pixel, downwards, so that labels can be laid on it.
"""

from collections.abc import Sequence
from typing import Any

from dashboard.call.axis.lane_choice import chosen
from dashboard.call.axis.lane_rows import LOW, WAVES, Row, rows
from dashboard.call.axis.thinning import MOST, thinned
from dashboard.call.axis.traces import bars, moments, wave
from dashboard.call.lanes.mark import Mark
from dashboard.call.timeline import Timeline

AXIS = 28


def figure(
    timeline: Timeline, lanes: str | None = None, view: tuple[float, float] | None = None
) -> dict[str, Any]:
    """The figure as a dict that Plotly takes as it is, of these lanes; all that are filled where not said.

    Of a call with more marks than Plotly draws quickly it has those within `view`, in seconds, thinned;
    then `layout.meta` says so, and another view is worth another question.
    """
    places = rows(chosen(timeline, lanes))
    marks = [mark for mark in timeline["marks"] if mark["lane"] in places]
    start, end = view or (timeline["start_s"], timeline["end_s"])
    many = len(marks) > MOST
    if many:
        marks = thinned(marks, start, end)
    drawn = [bars(lane, [m for m in marks if m["lane"] == lane], places[lane]) for lane in places]
    data = [*filter(None, drawn), *moments(marks, places)]
    if timeline["recording"]:
        swapped = timeline["recording"]["swapped"]
        for lane, channel in WAVES.items():
            if lane in places and channel <= timeline["recording"]["channels"]:
                data += wave(lane, 3 - channel if swapped else channel, places[lane])
    layout = _layout(timeline, places)
    if bands := _bands(timeline["marks"], layout["yaxis"]["range"][0]):
        layout["shapes"] = bands
    if many:
        layout["meta"] = {"thinned": True, "from": start, "to": end}
    return {"data": data, "layout": layout}


def _bands(marks: Sequence[Mark], height: int) -> list[dict[str, Any]]:
    """A provider's incident through all lanes, under everything: it overlaps, and is not the cause."""
    return [
        {
            "type": "rect",
            "layer": "below",
            "x0": mark["start_s"],
            "x1": mark["end_s"],
            "y0": 0,
            "y1": height,
            "fillcolor": "var(--fill-signal)",
            "line": {"width": 0},
        }
        for mark in marks
        if mark["lane"] == "signals" and mark["kind"] == "state"
    ]


def _layout(timeline: Timeline, rows: dict[str, Row]) -> dict[str, Any]:
    height = max(LOW, sum(row.height for row in rows.values()))
    names = {lane["id"]: lane["name"] for lane in timeline["lanes"]}
    return {
        "height": height + AXIS,
        "margin": {"l": 96, "r": 0, "t": 0, "b": AXIS},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"color": "var(--text-3)", "size": 11},
        "barmode": "overlay",
        "bargap": 0,
        "showlegend": False,
        # clickanywhere says where only while hovering is on; every trace is skipped by it.
        "hovermode": "closest",
        "clickanywhere": True,
        "dragmode": "zoom",
        "xaxis": {
            "range": [timeline["start_s"], timeline["end_s"]],
            "minallowed": timeline["start_s"],
            "maxallowed": timeline["end_s"],
            "gridcolor": "var(--line)",
            "zeroline": False,
            "showline": False,
            "ticks": "outside",
            "ticklen": 4,
            "tickcolor": "var(--line)",
        },
        "yaxis": {
            "range": [height, 0],
            "fixedrange": True,
            "showgrid": False,
            "zeroline": False,
            "tickvals": [row.middle for row in rows.values()],
            "ticktext": [names[lane] for lane in rows],
        },
    }
