"""The shapes of the API's answers, for its documentation. The documents are made by the projection."""

from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Field, Schema
from pydantic import create_model

from callstore.doctor.examination import Severity
from callstore.domain.facts.vocabulary import AdviceWord, Confidence
from callstore.report.document import StableField, stable_fields
from dashboard.api.shapes.document import parts

# From when positions count is told once, at the first of them.
DESCRIBED = {"longest_gap_start_s": "Seconds from started_at, as all `*_s` positions"}


def _documented(field: StableField) -> tuple[str, Any]:
    """A stable field as the documentation has it: any but our id may be null, and words are not listed."""
    kind: Any = UUID if field.name == "call_id" else datetime if field.unit == "UTC" else field.plain
    if kind is list:
        kind = list[str] if field.type == list[str] or field.words else list[Any]
    wanted = kind if kind is UUID else kind | None
    if field.name == "from":
        return "from_", (wanted, Field(alias="from"))
    return field.name, (wanted, Field(description=DESCRIBED.get(field.name)))


_Stable: Any = create_model(
    "_Stable", __base__=Schema, **dict(_documented(field) for field in stable_fields().values())
)


class CallSummary(_Stable):  # type: ignore[misc]  # a class made of the document's fields has no static type
    """The stable fields of a call. Null means not known; false is a fact."""


_Parts: Any = create_model("_Parts", __base__=CallSummary, **parts())


class CallDetail(_Parts):  # type: ignore[misc]  # as above
    """A call with its parts. Seconds named `*_s` count from started_at, `positions` are places in the log."""


class AdviceGiven(Schema):
    """`because` are places in the log; `confidence` is of the advice, and an unknown is always low."""

    advice: AdviceWord
    reason: str
    confidence: Confidence
    because: list[int]
    as_of: datetime


class Snippet(Schema):
    """Where the words of the query are said first: `marks` are [first, end) in characters of `text`."""

    speaker: str
    at_s: float | None
    text: str
    marks: list[list[int]]


class FoundCall(CallSummary):
    snippet: Snippet | None = Field(None, description="Only where the query asks for words that were said")


class CallPage(Schema):
    items: list[FoundCall]
    next_cursor: str | None = Field(description="Pass it as `cursor` for the next page; null on the last")


class Events(Schema):
    """Some of the log of a call by time. `body` is the delivery as it came, for those who may see it."""

    items: list[dict[str, Any]]
    next_cursor: str | None = Field(description="Pass it as `cursor` for the next page; null on the last")


class Step(Schema):
    """What was told from `at` on, when the fact at `position` had arrived; `arrived` are types of events."""

    position: int
    at: datetime
    arrived: list[str]
    verdict: str
    cause: str | None
    confidence: str
    ended_first_by: str
    truncation_basis: str | None
    flags: list[str]
    says: str


class Past(Schema):
    """A verdict's changes, oldest first. Facts that came within `pause_s` count as one piece of news.

    Where it would have taken too long, what came from `cut_off_at` on was not followed, and only what is told
    now stands behind it.
    """

    items: list[Step]
    pause_s: float
    cut_off_at: datetime | None


class Lanes(Schema):
    """Lanes from top to bottom; a mark without an end is a moment. Seconds count from started_at."""

    call_id: str | None
    started_at: datetime | None
    start_s: float
    end_s: float
    call_end_s: float
    ai_last_event_s: float | None
    lanes: list[dict[str, Any]]
    marks: list[dict[str, Any]]
    hops: list[dict[str, Any]]
    recording: dict[str, Any] | None


class DoctorEvent(Schema):
    """A place in the log, and the call that it belongs to."""

    position: int
    call: UUID


class DoctorFinding(Schema):
    """What this set-up does wrongly (`fault`) or does not tell (`missing`), and the text that mends it."""

    key: str
    severity: Severity
    title: str
    why: str
    events: list[DoctorEvent]
    paste: str


class DoctorLook(Schema):
    """What was looked at. `complete`: nothing that came since then was left out but `too_long` calls."""

    since: datetime
    as_of: datetime
    calls: int
    facts: int
    complete: bool
    too_long: int
    examinations: int


class DoctorReport(Schema):
    """What the doctor found, faults first, and where it looked."""

    findings: list[DoctorFinding]
    looked_at: DoctorLook


class Figure(Schema):
    data: list[dict[str, Any]]
    layout: dict[str, Any]


class Peaks(Schema):
    """Column i covers [x0 + i·dx, x0 + (i + 1)·dx) seconds from started_at; full scale is ±127."""

    x0: float
    dx: float
    least: list[int]
    greatest: list[int]


class Wrong(Schema):
    """Problem details (RFC 9457). The last four stand only where a query is wrong."""

    type: str
    title: str
    status: int
    detail: str
    position: int | None = None
    length: int | None = None
    message: str | None = None
    suggestion: str | None = None


STABLE = tuple(stable_fields())
