"""The shape of ingest health, for the API's documentation, and the sources as that shape."""

from datetime import UTC, datetime
from typing import Any

from ninja import Field, Schema

from callstore.domain.facts.clock import iso
from callstore.health.refusals import Refusal
from callstore.health.sources import How, Source, State


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
    came: int = Field(description="Facts of the last day, as are all that follow")
    unknown: int = Field(description="Of these those whose kind was not known")
    ahead: int = Field(description="Of these those stamped by a clock ahead of ours")
    disordered: int = Field(description="Of these those that came after one which happened later")
    told_again: int = Field(description="Beside these, those that came once more")
    fetched: int = Field(description="Tries to fetch something: a recording, an answer of Twilio's API")
    fetched_again: int = Field(description="Of these tries those that followed one that failed")
    hours: list[int] = Field(description="Counts of the last 24 hours, the newest last")
    refusals: list[SourceRefusal]


class SourcesHealth(Schema):
    sources: list[SourceHealth]
    as_of: datetime


def as_told(sources: list[Source]) -> dict[str, Any]:
    """The sources as `SourcesHealth`, ready for JSON."""
    return {"sources": [_source(each) for each in sources], "as_of": iso(datetime.now(UTC).timestamp())}


def _source(of: Source) -> dict[str, Any]:
    named = SourceHealth.model_fields
    return {name: _value(getattr(of.how if name in How._fields else of, name)) for name in named}


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
