"""The charts of an overview: incidents behind them, few calls in grey, no word of others as markup."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import plotly.graph_objects as go
import pytest

from callstore.findings.cross_call.summary import Incident
from callstore.search.overview.parts import Agent, Spread, Step
from callstore.search.overview.shares import SMALL, share
from dashboard.overview import drawing, figures

START, STEP_S = datetime(2026, 4, 13, tzinfo=UTC), 3600
URLS = ["/first", "/second", "/third"]
NONE = Spread(0, None, None)


def steps(lag=NONE):
    """Three hours of calls."""
    return [
        Step(START + at * timedelta(hours=1), calls, {"natural_end": calls}, share(0, calls), lag)
        for at, calls in enumerate((40, 5, 0))
    ]


def found(*incidents):
    """What a chart reads of an overview beside its own rows."""
    return SimpleNamespace(incidents=incidents)


def incident(begins, ends=None):
    start, end = (None if hours is None else START.timestamp() + hours * 3600 for hours in (begins, ends))
    return Incident("openai", "Slow", start, end)


def agent(version):
    return Agent("booking", version, 40, share(4, 40), NONE, NONE, NONE, NONE)


@pytest.mark.parametrize(
    ("told", "drawn"),
    [
        (incident(1, 2), ("2026-04-13 01:00:00", "2026-04-13 02:00:00")),
        (incident(-9, 1), ("2026-04-13 00:00:00", "2026-04-13 01:00:00")),
        (incident(2, 99), ("2026-04-13 02:00:00", "2026-04-13 03:00:00")),
        (incident(1), ("2026-04-13 01:00:00", "2026-04-13 03:00:00")),
    ],
    ids=["within", "begun before", "over later", "going on"],
)
def test_an_incident_is_a_band_behind_the_bars_as_far_as_it_lies_in_the_window(told, drawn):
    [band] = figures.verdicts(steps(), STEP_S, URLS, found(told))["layout"]["shapes"]
    assert (band["x0"], band["x1"]) == drawn
    assert (band["layer"], band["yref"], band["y0"], band["y1"]) == ("below", "paper", 0, 1)


def test_a_share_of_few_calls_is_hollow_and_grey_and_each_has_its_interval():
    many, few = share(10, SMALL), share(1, SMALL - 1)
    marker = drawing.dots([many, few], "red")["marker"]
    assert marker["color"] == ["red", "var(--surface)"]
    assert marker["line"]["color"] == ["red", "var(--line-strong)"]
    bars = drawing.interval([many, few], "grey")
    assert bars["array"] == [many.high - many.share, few.high - few.share]
    assert bars["arrayminus"] == [many.share - many.low, few.share - few.low]


def test_the_name_of_an_agent_is_no_link_in_a_chart():
    figure = figures.agents([agent('<a href="https://evil.example">1</a>')], URLS[:1])
    for text in (*figure["data"][0]["text"], *figure["layout"]["yaxis"]["ticktext"]):
        assert "&lt;a" in text and "<" not in text


@pytest.mark.parametrize(("p95", "unit"), [(30.0, " s"), (119.0, " s"), (120.0, " min"), (7200.0, " h")])
def test_the_longest_lag_says_in_which_unit_all_are_drawn(p95, unit):
    figure = figures.lag(steps(Spread(4, 1.0, p95)), STEP_S, URLS, found())
    assert figure["layout"]["yaxis"]["ticksuffix"] == unit


@pytest.mark.parametrize(
    "figure",
    [
        figures.verdicts(steps(), STEP_S, URLS, found(incident(0, 1))),
        figures.lag(steps(Spread(4, 30.0, 7300.0)), STEP_S, URLS, found()),
        figures.agents([agent("1"), agent(None)], URLS[:2]),
    ],
    ids=["verdicts", "lag", "agents"],
)
def test_plotly_takes_each_chart_once_its_colours_are_named(figure):
    go.Figure(with_colours(figure))


def with_colours(part):
    """As static/dashboard/call/colours.js has it: for each name of the theme its colour."""
    if isinstance(part, dict):
        return {name: with_colours(value) for name, value in part.items()}
    if isinstance(part, list):
        return [with_colours(value) for value in part]
    return "#123456" if isinstance(part, str) and part.startswith("var(") else part
