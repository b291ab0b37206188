"""The shape of the overview, for the API's documentation, and the overview as that shape.

Parts that are told as they are counted are their own shape.
"""

from datetime import datetime
from typing import Any

from ninja import Field, Schema

from callstore.domain.facts.clock import iso
from callstore.findings.cross_call.summary import Incident
from callstore.search.overview.parts import Agent, Agreement, Change, Counted, Overview, Spread, Step
from callstore.search.overview.shares import LEVEL, SMALL, Share


class OverviewStep(Schema):
    start: datetime
    calls: int
    verdicts: dict[str, int]
    suspicious: Share
    detection_lag_s: Spread


class OverTime(Schema):
    """Calls by when they began; those that ran into the window are in the first step."""

    step_s: int
    steps: list[OverviewStep]


class Place(Schema):
    """The suspicious share of the calls of one region, edge or model."""

    key: str
    value: str
    suspicious: Share


class OverviewChange(Schema):
    """A share against that of the time before. `changed` only where the interval, widened for as many
    comparisons as there are here, leaves out 0 and neither share is small.

    Of key `verdict` it is the share of calls that have it, else that of suspicious calls among those with the
    value; key "" is all calls.
    """

    key: str
    value: str
    now: Share
    before: Share
    difference: float | None
    low: float | None
    high: float | None
    changed: bool


class OverviewIncident(Schema):
    """What a provider's status page told of this time: at the same time, not therefore the cause."""

    provider: str
    title: str
    started_at: datetime
    ended_at: datetime | None
    impact: str | None
    status: str | None
    url: str | None


class OverviewNumbers(Schema):
    q: str
    from_: datetime = Field(alias="from")
    to: datetime
    before_from: datetime
    as_of: datetime
    level: float
    small: int
    calls: int
    live: int
    suspicious: Share
    truncated: Share
    gap_s: Spread
    detection_lag_s: Spread
    speech_to_end_s: Spread
    verdicts: list[Counted]
    over_time: OverTime
    agents: list[Agent]
    places: list[Place]
    changes: list[OverviewChange]
    gaps: list[Counted]
    speech_to_end: list[Counted]
    warning_codes: list[Counted]
    precision: list[Agreement]
    incidents: list[OverviewIncident]


def as_told(found: Overview, q: str, now: datetime) -> dict[str, Any]:
    """The overview as `OverviewNumbers`, ready for JSON."""
    frame = found.frame
    return {
        "q": q,
        "from": _time(frame.since),
        "to": _time(frame.until),
        "before_from": _time(frame.before.since),
        "as_of": _time(now),
        "level": LEVEL,
        "small": SMALL,
        **{name: getattr(found, name) for name in ("calls", "live", "suspicious", "truncated")},
        **{
            name: getattr(found, name) for name in ("gap_s", "detection_lag_s", "speech_to_end_s", "verdicts")
        },
        "over_time": {"step_s": frame.step_s, "steps": [_step(each) for each in found.over_time]},
        "agents": [_agent(each) for each in found.agents],
        "places": [{"key": each.key, "value": each.value, "suspicious": each.now} for each in found.places],
        "changes": [_change(each) for each in found.changes],
        "gaps": found.gaps,
        "speech_to_end": found.to_end,
        "warning_codes": found.warnings,
        "precision": found.precision,
        "incidents": [_incident(each) for each in found.incidents],
    }


def _time(at: datetime | None) -> str | None:
    return None if at is None else iso(at.timestamp())


def _step(each: Step) -> dict[str, Any]:
    told = ("calls", "verdicts", "suspicious", "detection_lag_s")
    return {"start": _time(each.start), **{name: getattr(each, name) for name in told}}


def _agent(each: Agent) -> dict[str, Any]:
    return {name: getattr(each, name) for name in Agent.__dataclass_fields__}


def _change(each: Change) -> dict[str, Any]:
    told = ("difference", "low", "high", "changed")
    shares = {"key": each.key, "value": each.value, "now": each.now, "before": each.before}
    return shares | {name: getattr(each.difference, name) for name in told}


def _incident(each: Incident) -> dict[str, Any]:
    told = {name: getattr(each, name) for name in ("provider", "title", "impact", "status", "url")}
    end = None if each.end is None else iso(each.end)
    return told | {"started_at": iso(each.start), "ended_at": end}
