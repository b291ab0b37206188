"""What the charts of an overview share: axes, dots with intervals, incidents behind all else. Pure."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from callstore.search.overview.parts import Overview, Step
from callstore.search.overview.shares import Share

LONGEST = 24  # characters of a name beside an axis


def short(text: str) -> str:
    """A name beside an axis."""
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def moment(at: datetime) -> str:
    """A time as Plotly reads it, in UTC."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def dots(shares: Sequence[Share], colour: str) -> dict[str, Any]:
    """Dots of shares; those of few calls are grey and hollow."""
    return {
        "type": "scatter",
        "marker": {
            "size": 9,
            "color": ["var(--surface)" if share.small else colour for share in shares],
            "line": {
                "width": 2,
                "color": ["var(--line-strong)" if share.small else colour for share in shares],
            },
        },
    }


def interval(shares: Sequence[Share], colour: str) -> dict[str, Any]:
    """The intervals of shares as error bars."""
    return {
        "type": "data",
        "symmetric": False,
        "array": [(share.high or 0) - (share.share or 0) for share in shares],
        "arrayminus": [(share.share or 0) - (share.low or 0) for share in shares],
        "color": colour,
        "thickness": 1.2,
        "width": 0,
    }


def over_time(steps: Sequence[Step], step_s: int, found: Overview) -> dict[str, Any]:
    """A layout over the window, with the incidents of providers behind all else."""
    laid = layout(240)
    end = steps[-1].start + timedelta(seconds=step_s)
    laid["xaxis"] |= {
        "type": "date",
        "range": [moment(steps[0].start), moment(end)],
        "hoverformat": "%a %d %b, %H:%M",
    }
    laid["shapes"] = [
        {
            "type": "rect",
            "layer": "below",
            "yref": "paper",
            "x0": max(moment(steps[0].start), moment(datetime.fromtimestamp(each.start, UTC))),
            "x1": min(moment(end), moment(datetime.fromtimestamp(each.end, UTC)))
            if each.end
            else moment(end),
            "y0": 0,
            "y1": 1,
            "fillcolor": "var(--band)",
            "line": {"width": 0},
        }
        for each in found.incidents
    ]
    return laid


def layout(height: int) -> dict[str, Any]:
    """What every chart shares: its ground is the page's, nothing in it is dragged."""
    axis = {
        "fixedrange": True,
        "zeroline": False,
        "linecolor": "var(--line-strong)",
        "gridcolor": "var(--line)",
    }
    return {
        "height": height,
        "margin": {"l": 48, "r": 12, "t": 12, "b": 40},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"color": "var(--text-3)", "size": 11},
        "hoverlabel": {
            "bgcolor": "var(--surface)",
            "bordercolor": "var(--line-strong)",
            "font": {"color": "var(--text)"},
        },
        "showlegend": False,
        "hovermode": "closest",
        "dragmode": False,
        "xaxis": {**axis, "showgrid": False, "ticks": "outside", "ticklen": 4, "tickcolor": "var(--line)"},
        "yaxis": {**axis, "rangemode": "tozero"},
    }
