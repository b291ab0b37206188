"""Marks as traces of a Plotly figure: rectangles, moments with their whiskers, empty waveforms. Pure."""

from collections.abc import Sequence
from typing import Any

from dashboard.call.axis.lane_rows import WAVES, Row
from dashboard.call.lanes.mark import Mark

Trace = dict[str, Any]

BAR, THIN = 20, 4  # heights of a bar with a label in it, and of one under words or a waveform
# What a whisker is worth drawing for: Twilio's stamps of whole seconds, half a second either way.
WHISKER_S = 0.5

PATTERNS = {"solid": "", "hatch": "/", "dotted": "."}
SYMBOLS = {"end": "diamond", "signal": "triangle-up", "error": "x", "app": "square", "ivr": "circle"}


def bars(lane: str, marks: Sequence[Mark], row: Row) -> Trace | None:
    """The stretches of one lane; None where it has none."""
    marks = [mark for mark in marks if mark["end_s"] is not None]
    # Those that cover the lane's whole height lie under the others.
    marks = sorted(marks, key=lambda mark: mark["kind"] != "gap")
    if not marks:
        return None
    places = [_bar(mark, row) for mark in marks]
    return {
        "type": "bar",
        "orientation": "h",
        "name": lane,
        "base": [mark["start_s"] for mark in marks],
        "x": [round((mark["end_s"] or 0.0) - mark["start_s"], 3) for mark in marks],
        "y": [middle for middle, _ in places],
        "width": [height for _, height in places],
        "customdata": [mark["id"] for mark in marks],
        "marker": {
            # Where there is a pattern, this is the colour of its lines.
            "color": [f"var(--{'fill' if _filled(mark) else 'edge'}-{mark['role']})" for mark in marks],
            "line": {
                "color": [f"var(--edge-{mark['role']})" for mark in marks],
                "width": [0 if _thin(mark) else 1 for mark in marks],
            },
            "pattern": {
                "shape": [PATTERNS[mark["style"]] for mark in marks],
                "bgcolor": [f"var(--fill-{mark['role']})" for mark in marks],
                # Given a list of colours, "overlay" warns of each while it guesses a contrast.
                "fillmode": "replace",
                "fgopacity": 0.5,
                "size": 7,
                "solidity": 0.18,
            },
        },
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _thin(mark: Mark) -> bool:
    """Speech lies under its waveform and text over its bar, which no edge then crosses."""
    return mark["kind"] == "speech" or (mark["kind"] == "words" and mark["style"] == "solid")


def _filled(mark: Mark) -> bool:
    return not _thin(mark) and not PATTERNS[mark["style"]]


def _bar(mark: Mark, row: Row) -> tuple[float, int]:
    """The middle and the height of a mark's bar."""
    if _thin(mark):
        return row.top + row.height - THIN / 2 - 3, THIN
    if mark["kind"] == "gap" and mark["lane"] in WAVES:
        return row.middle, row.height - 4
    return row.middle, BAR


def moments(marks: Sequence[Mark], rows: dict[str, Row]) -> list[Trace]:
    """Moments with their symbols, and whiskers on everything that is known to a second only."""
    points = [mark for mark in marks if mark["end_s"] is None]
    loose = [mark for mark in marks if mark["uncertainty_s"] >= WHISKER_S]
    common = {"type": "scatter", "mode": "markers", "hoverinfo": "skip", "showlegend": False}
    return [
        {
            **common,
            "name": "uncertainty",
            "x": [mark["start_s"] for mark in loose],
            "y": [rows[mark["lane"]].middle for mark in loose],
            "customdata": [mark["id"] for mark in loose],
            "marker": {"size": 1, "color": "var(--whisker)"},
            "error_x": {
                "type": "data",
                "array": [mark["uncertainty_s"] for mark in loose],
                "color": "var(--whisker)",
                "thickness": 1.5,
                "width": 4,
            },
        },
        {
            **common,
            "name": "moments",
            "x": [mark["start_s"] for mark in points],
            "y": [rows[mark["lane"]].middle for mark in points],
            "customdata": [mark["id"] for mark in points],
            "marker": {
                "symbol": [_symbol(mark) for mark in points],
                "size": 9,
                "color": [f"var(--edge-{mark['role']})" for mark in points],
                "line": {"width": 1.5, "color": "var(--surface)"},
            },
        },
    ]


def _symbol(mark: Mark) -> str:
    return SYMBOLS.get(mark["kind"]) or SYMBOLS.get(mark["role"], "circle")


def wave(lane: str, channel: int, row: Row) -> list[Trace]:
    """Upper and lower edge of a waveform, still empty: the reader fills x0, dx and y from /peaks."""
    half = (row.height - THIN - 8) / 2
    edge = {
        "type": "scatter",
        "mode": "lines",
        "x0": 0,
        "dx": 1,
        "y": [],
        "line": {"width": 0.5, "color": f"var(--wave-{lane.removesuffix('_audio')})"},
        "hoverinfo": "skip",
        "showlegend": False,
    }
    meta = {"channel": channel, "middle": row.top + 2 + half, "half": half}
    fill = f"var(--wave-{lane.removesuffix('_audio')})"
    return [
        {**edge, "name": f"{lane} least", "meta": {**meta, "edge": "least"}},
        {
            **edge,
            "name": f"{lane} greatest",
            "meta": {**meta, "edge": "greatest"},
            "fill": "tonexty",
            "fillcolor": fill,
        },
    ]
