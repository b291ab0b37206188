"""The charts of an overview as plain Plotly figures. Pure: colours by their names, links by `customdata`.

Words of others (an agent's version) are escaped: Plotly takes `<a>` in a text for a link.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from html import escape
from typing import Any

from callstore.search.overview.parts import Agent, Counted, Overview, Step
from callstore.search.overview.shares import Share
from dashboard.overview.looks import COLOURS, ORDER, WORDS

LONGEST = 24  # characters of a name beside an axis
ROW = 30  # pixels of a row of dots
UNITS = ((3600, "h"), (60, "min"), (1, "s"))


def verdicts(steps: Sequence[Step], step_s: int, urls: Sequence[str], found: Overview) -> dict[str, Any]:
    """Bars of calls, stacked by verdict."""
    there = [verdict for verdict in ORDER if any(step.verdicts.get(verdict) for step in steps)]
    data = [
        {
            "type": "bar",
            "name": WORDS[verdict],
            "x": [_time(step.start) for step in steps],
            "y": [step.verdicts.get(verdict, 0) for step in steps],
            "width": step_s * 1000 * 0.86,
            "offset": step_s * 1000 * 0.07,
            "customdata": list(urls),
            "marker": {"color": COLOURS[verdict], "line": {"width": 0}},
            "hovertemplate": f"%{{y}} {WORDS[verdict]}<extra></extra>",
        }
        for verdict in there
    ]
    layout = _over_time(steps, step_s, found) | {"barmode": "stack", "hovermode": "x unified"}
    layout["yaxis"] |= {"title": {"text": "calls"}, "tickformat": ",d", "nticks": 5}
    return {"data": data, "layout": layout}


def suspicious(steps: Sequence[Step], step_s: int, urls: Sequence[str], found: Overview) -> dict[str, Any]:
    """The share of suspicious calls with its interval; of few calls in grey."""
    at = [n for n, step in enumerate(steps) if step.suspicious.of]
    shares = [steps[n].suspicious for n in at]
    middle = [_time(steps[n].start + timedelta(seconds=step_s / 2)) for n in at]
    trace = {
        **_dots(shares, "var(--mark-gap)"),
        "mode": "lines+markers",
        "line": {"color": "var(--line-strong)", "width": 1},
        "x": middle,
        "y": [share.share for share in shares],
        "error_y": _interval(shares, "var(--line-strong)"),
        "customdata": [urls[n] for n in at],
        "text": [f"{share.count} of {share.of}" for share in shares],
        "hovertemplate": "%{y:.1%} (%{text})<extra></extra>",
    }
    layout = _over_time(steps, step_s, found)
    layout["yaxis"] |= {"tickformat": ".0%", "range": [0, 1.02], "nticks": 5}
    return {"data": [trace], "layout": layout}


def lag(steps: Sequence[Step], step_s: int, urls: Sequence[str], found: Overview) -> dict[str, Any]:
    """The median and the 95th of a hundred of the detection lag."""
    at = [n for n, step in enumerate(steps) if step.detection_lag_s.n]
    middle = [_time(steps[n].start + timedelta(seconds=step_s / 2)) for n in at]
    most = max((steps[n].detection_lag_s.p95 or 0 for n in at), default=0)
    size, unit = next(each for each in UNITS if most >= 2 * each[0] or each[0] == 1)
    data = [
        {
            "type": "scatter",
            "mode": "lines+markers",
            "name": name,
            "x": middle,
            "y": [getattr(steps[n].detection_lag_s, name) / size for n in at],
            "line": {"color": colour, "width": 2, "dash": dash},
            "marker": {"color": colour, "size": 6, "symbol": symbol},
            "customdata": [urls[n] for n in at],
            "hovertemplate": f"{name} %{{y:.1f}} {unit}<extra></extra>",
        }
        for name, colour, dash, symbol in (
            ("p95", "var(--mark-agent)", "dot", "diamond"),
            ("p50", "var(--mark-child)", "solid", "circle"),
        )
    ]
    layout = _over_time(steps, step_s, found) | {"hovermode": "x unified"}
    layout["yaxis"] |= {"ticksuffix": f" {unit}", "nticks": 5}
    return {"data": data, "layout": layout}


def agents(of: Sequence[Agent], urls: Sequence[str]) -> dict[str, Any]:
    """The suspicious share of each version as a dot with its interval, the worst at the top."""
    shares, names = [each.suspicious for each in of], [name(each) for each in of]
    trace = {
        **_dots(shares, "var(--mark-gap)"),
        "mode": "markers",
        "x": [share.share for share in shares],
        "y": list(range(len(of))),
        "error_x": _interval(shares, "var(--line-strong)"),
        "customdata": list(urls),
        "text": [
            f"{escape(name)}: {share.count} of {share.of}" for name, share in zip(names, shares, strict=True)
        ],
        "hovertemplate": "%{x:.1%} · %{text}<extra></extra>",
    }
    layout = _layout(max(2, len(of)) * ROW + 48)
    layout["xaxis"] |= {"tickformat": ".0%", "range": [-0.01, 1.02], "showgrid": True}
    layout["yaxis"] |= {
        "tickvals": list(range(len(of))),
        "ticktext": [escape(_short(each)) for each in names],
        "range": [len(of) - 0.5, -0.5],
        "showgrid": False,
    }
    layout["margin"]["l"] = 8
    layout["yaxis"]["automargin"] = True
    return {"data": [trace], "layout": layout}


def counted(of: Sequence[Counted], urls: Sequence[str], colour: str) -> dict[str, Any]:
    """Bars of calls by length."""
    trace = {
        "type": "bar",
        "x": [each.title for each in of],
        "y": [each.calls for each in of],
        "text": [f"{each.calls:,}" for each in of],
        "textposition": "outside",
        "cliponaxis": False,
        "customdata": list(urls),
        "marker": {"color": colour},
        "hovertemplate": "%{y} calls with %{x}<extra></extra>",
    }
    layout = _layout(220)
    layout["yaxis"] |= {"nticks": 4, "tickformat": ",d"}
    layout["xaxis"] |= {"type": "category"}
    layout["bargap"] = 0.25
    return {"data": [trace], "layout": layout}


def name(agent: Agent) -> str:
    """An agent and its version in words."""
    return " ".join(part for part in (agent.agent, agent.version) if part)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _time(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def _dots(shares: Sequence[Share], colour: str) -> dict[str, Any]:
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


def _interval(shares: Sequence[Share], colour: str) -> dict[str, Any]:
    return {
        "type": "data",
        "symmetric": False,
        "array": [(share.high or 0) - (share.share or 0) for share in shares],
        "arrayminus": [(share.share or 0) - (share.low or 0) for share in shares],
        "color": colour,
        "thickness": 1.2,
        "width": 0,
    }


def _over_time(steps: Sequence[Step], step_s: int, found: Overview) -> dict[str, Any]:
    """A layout over the window, with the incidents of providers behind all else."""
    layout = _layout(240)
    end = steps[-1].start + timedelta(seconds=step_s)
    layout["xaxis"] |= {
        "type": "date",
        "range": [_time(steps[0].start), _time(end)],
        "hoverformat": "%a %d %b, %H:%M",
    }
    layout["shapes"] = [
        {
            "type": "rect",
            "layer": "below",
            "yref": "paper",
            "x0": max(_time(steps[0].start), _time(datetime.fromtimestamp(each.start, UTC))),
            "x1": min(_time(end), _time(datetime.fromtimestamp(each.end, UTC))) if each.end else _time(end),
            "y0": 0,
            "y1": 1,
            "fillcolor": "var(--band)",
            "line": {"width": 0},
        }
        for each in found.incidents
    ]
    return layout


def _layout(height: int) -> dict[str, Any]:
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
