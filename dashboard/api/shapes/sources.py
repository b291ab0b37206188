"""The shape of ingest health, for the API's documentation, and the sources as that shape."""

from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

from ninja import Field, Schema

from callstore.domain.facts.clock import iso
from callstore.health.refusals import Refusal
from callstore.health.sources import Source, State


class SourceRefusal(Schema):
    """How often its door refused for one reason within the last day, and what to do."""

    reason: str
    count: int
    since: datetime
    last_at: datetime
    remedy: str
    looks_like: str


class SourceHealth(Schema):
    """A source: its state, why in one sentence, and what to do ("" where nothing is).

    `count` is of the last hour, from `hour_from`; `expected` the mean of the same hour of up to seven past
    days, null where none is known. A source is `silent` only against that. `arrival_*_s`: within how many
    seconds what came in the last day came, as the upper edge of a class; null where nothing came.
    """

    source: str
    name: str
    door: str = Field(description='Below /hooks/; "" where nobody delivers')
    state: State
    why: str
    remedy: str
    last_at: datetime | None
    hour_from: datetime
    count: int
    expected: float | None
    arrival_p50_s: float | None
    arrival_p95_s: float | None
    arrival_p99_s: float | None
    unknown: int = Field(description="Of the last day those whose kind was not known")
    ahead: int = Field(description="Of the last day those stamped by a clock ahead of ours")
    hours: list[int] = Field(description="Counts of the last 24 hours, the newest last")
    refusals: list[SourceRefusal]


class SourcesHealth(Schema):
    sources: list[SourceHealth]
    as_of: datetime


def as_told(sources: list[Source]) -> dict[str, Any]:
    """The sources as `SourcesHealth`, ready for JSON."""
    return {"sources": [_source(each) for each in sources], "as_of": iso(datetime.now(UTC).timestamp())}


def _source(of: Source) -> dict[str, Any]:
    return {field.name: _value(getattr(of, field.name)) for field in fields(of)}


def _value(value: Any) -> Any:
    match value:
        case datetime():
            return iso(value.timestamp())
        case tuple():
            return [_refusal(each) if isinstance(each, Refusal) else each for each in value]
        case _:
            return value


def _refusal(of: Refusal) -> dict[str, Any]:
    return {name: _value(getattr(of, name)) for name in SourceRefusal.model_fields}
