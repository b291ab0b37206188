"""The shapes of the API's answers, for its documentation. The documents are made by the projection."""

from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Field, Schema

from callstore.domain.facts.vocabulary import AdviceWord, Confidence


class CallSummary(Schema):
    """The stable fields of a call. Null means not known; false is a fact."""

    call_id: UUID
    parent_call_sid: str | None
    child_call_sid: str | None
    ai_api: str | None
    ai_call_id: str | None
    ai_session_id: str | None
    direction: str | None
    from_: str | None = Field(alias="from")
    to: str | None
    parent_status: str | None
    child_status: str | None
    sip_response_code: int | None
    started_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None
    parent_duration_s: float | None
    child_started_at: datetime | None
    child_answered_at: datetime | None
    child_ended_at: datetime | None
    child_duration_s: float | None
    dtmf: str | None
    ai_first_event_at: datetime | None
    ai_last_event_at: datetime | None
    ai_last_event_type: str | None
    ai_close_observed: bool | None
    ai_close_code: int | None
    ai_close_reason: str | None
    ai_silence_before_end_s: float | None
    caller_speech_s: float | None
    untranscribed_caller_speech_s: float | None
    gap_kind: str | None
    longest_gap_start_s: float | None = Field(description="Seconds from started_at, as all `*_s` positions")
    longest_gap_end_s: float | None
    caller_speech_end_to_child_end_s: float | None
    last_caller_transcript: str | None
    last_agent_transcript: str | None
    truncation_basis: str | None
    verdict: str | None
    verdict_confidence: str | None
    cause: str | None
    ended_first_by: str | None
    flags: list[str] | None
    evidence_for: list[str] | None
    evidence_missing: list[str] | None
    time_uncertainty_ms: int | None
    finish_tool_seen: bool | None
    app_hangup_seen: bool | None
    app_error_seen: bool | None
    warning_codes: list[str] | None
    error_codes: list[str] | None
    incidents: list[Any] | None
    recording_state: str | None
    transcript_state: str | None
    review_state: str | None
    tags: list[str] | None
    event_count: int | None
    first_position: int | None
    last_position: int | None
    detection_lag_s: float | None
    rules_version: int | None


class CallDetail(CallSummary):
    """A call with its parts."""

    legs: list[dict[str, Any]]
    session: dict[str, Any] | None
    turns: list[dict[str, Any]]
    recordings: list[dict[str, Any]]
    findings: list[dict[str, Any]]
    sources: dict[str, Any]
    links: list[Any]
    anomalies: list[dict[str, Any]]


class AdviceGiven(Schema):
    """`because` are places in the log; `confidence` is of the advice, and an unknown is always low."""

    advice: AdviceWord
    reason: str
    confidence: Confidence
    because: list[int]
    as_of: datetime


class CallPage(Schema):
    items: list[CallSummary]
    next_cursor: str | None = Field(description="Pass it as `cursor` for the next page; null on the last")


class Events(Schema):
    """The log of a call by time. `body` is the delivery as it came, for those who may see it."""

    items: list[dict[str, Any]]


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
    """A verdict's changes, oldest first. Facts that came within `pause_s` count as one piece of news."""

    items: list[Step]
    pause_s: float


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


STABLE = tuple(field.alias or name for name, field in CallSummary.model_fields.items())
