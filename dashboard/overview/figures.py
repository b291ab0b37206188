"""The charts of an overview as plain Plotly figures. Pure: colours by their names, links by `customdata`.

Words of others (an agent's version) are escaped: Plotly takes `<a>` in a text for a link.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from html import escape
from typing import Any, NamedTuple

from callstore.search.overview.parts import Agent, Counted, Overview, Step
from callstore.search.overview.shares import Share
from dashboard.overview.drawing import dots, interval, layout, moment, over_time, short
from dashboard.overview.looks import COLOURS, ORDER, WORDS

ROW = 30  # pixels of a row of dots
UNITS = ((3600, "h"), (60, "min"), (1, "s"))


def verdicts(steps: Sequence[Step], step_s: int, urls: Sequence[str], found: Overview) -> dict[str, Any]:
    """Bars of calls, stacked by verdict."""
    there = [verdict for verdict in ORDER if any(step.verdicts.get(verdict) for step in steps)]
    data = [
        {
            "type": "bar",
            "name": WORDS[verdict],
            "x": [moment(step.start) for step in steps],
            "y": [step.verdicts.get(verdict, 0) for step in steps],
            "width": step_s * 1000 * 0.86,
            "offset": step_s * 1000 * 0.07,
            "customdata": list(urls),
            "marker": {"color": COLOURS[verdict], "line": {"width": 0}},
            "hovertemplate": f"%{{y}} {WORDS[verdict]}<extra></extra>",
        }
        for verdict in there
    ]
    laid = over_time(steps, step_s, found) | {"barmode": "stack", "hovermode": "x unified"}
    laid["yaxis"] |= {"title": {"text": "calls"}, "tickformat": ",d"} | _whole(
        max((sum(step.verdicts.values()) for step in steps), default=0)
    )
    return {"data": data, "layout": laid}


class Stretch(NamedTuple):
    """Some steps of time as one, for what would be noise in each alone."""

    start: datetime
    length_s: int
    suspicious: Share
    url: str


def suspicious(stretches: Sequence[Stretch], found: Overview) -> dict[str, Any]:
    """The share of suspicious calls with its interval; of few calls in grey."""
    there = [each for each in stretches if each.suspicious.of]
    shares = [each.suspicious for each in there]
    middle = [moment(each.start + timedelta(seconds=each.length_s / 2)) for each in there]
    trace = {
        **dots(shares, "var(--mark-gap)"),
        "mode": "lines+markers",
        "line": {"color": "var(--line-strong)", "width": 1},
        "x": middle,
        "y": [share.share for share in shares],
        "error_y": interval(shares, "var(--line-strong)"),
        "customdata": [each.url for each in there],
        "text": [f"{share.count} of {share.of}" for share in shares],
        "hovertemplate": "%{y:.1%} (%{text})<extra></extra>",
    }
    laid = over_time(found.over_time, found.frame.step_s, found)
    laid["yaxis"] |= {"tickformat": ".0%", "range": [0, 1.02], "nticks": 5}
    return {"data": [trace], "layout": laid}


def lag(steps: Sequence[Step], step_s: int, urls: Sequence[str], found: Overview) -> dict[str, Any]:
    """The median and the 95th of a hundred of the detection lag."""
    at = [n for n, step in enumerate(steps) if step.detection_lag_s.n]
    middle = [moment(steps[n].start + timedelta(seconds=step_s / 2)) for n in at]
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
    laid = over_time(steps, step_s, found) | {"hovermode": "x unified"}
    laid["yaxis"] |= {"ticksuffix": f" {unit}", "nticks": 5}
    return {"data": data, "layout": laid}


def agents(of: Sequence[Agent], urls: Sequence[str]) -> dict[str, Any]:
    """The suspicious share of each version as a dot with its interval, the worst at the top."""
    shares, names = [each.suspicious for each in of], [name(each) for each in of]
    trace = {
        **dots(shares, "var(--mark-gap)"),
        "mode": "markers",
        "x": [share.share for share in shares],
        "y": list(range(len(of))),
        "error_x": interval(shares, "var(--line-strong)"),
        "customdata": list(urls),
        "text": [
            f"{escape(name)}: {share.count} of {share.of}" for name, share in zip(names, shares, strict=True)
        ],
        "hovertemplate": "%{x:.1%} · %{text}<extra></extra>",
    }
    laid = layout(max(2, len(of)) * ROW + 48)
    laid["xaxis"] |= {"tickformat": ".0%", "range": [-0.01, 1.02], "showgrid": True}
    laid["yaxis"] |= {
        "tickvals": list(range(len(of))),
        "ticktext": [escape(short(each)) for each in names],
        "range": [len(of) - 0.5, -0.5],
        "showgrid": False,
    }
    laid["margin"]["l"] = 8
    laid["yaxis"]["automargin"] = True
    return {"data": [trace], "layout": laid}


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
    laid = layout(220)
    laid["yaxis"] |= {"tickformat": ",d", **_whole(max((each.calls for each in of), default=0))}
    laid["xaxis"] |= {"type": "category", "automargin": True}
    laid["bargap"] = 0.25
    return {"data": [trace], "layout": laid}


def _whole(most: int) -> dict[str, int]:
    """Ticks that are whole calls, also where there are few."""
    return {"nticks": 5} if most > 4 else {"dtick": 1}


def name(agent: Agent) -> str:
    """An agent and its version in words."""
    return " ".join(part for part in (agent.agent, agent.version) if part)
