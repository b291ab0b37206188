"""One call as a row of the incident export: which columns, in which order, and what stands in each.

`incident_csv/2` begins with the columns of `incident_csv/1`, so that who reads by position reads both.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any, Literal, TypeAlias, get_args
from uuid import UUID, uuid4

from django.conf import settings

from callstore.domain.facts.clock import iso
from callstore.report.document import Document, stable_fields
from dashboard.export.redaction import redacted as redacted

Schema: TypeAlias = Literal["incident_csv/1", "incident_csv/2", "columns"]
Read: TypeAlias = Callable[[Document], object]

SCHEMAS: tuple[Schema, ...] = get_args(Schema)
CURRENT: Schema = "incident_csv/2"


@dataclass(frozen=True, slots=True)
class About:
    """What stands in every row of an export: which query made it, when, under which id and schema.

    `chosen` are the columns of the schema `columns`, which has none of its own.
    """

    query: str
    at: datetime
    schema: Schema = CURRENT
    id: UUID = field(default_factory=uuid4)
    chosen: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns in their order."""
        return self.chosen or COLUMNS[self.schema]


def reader(about: About) -> Callable[[Document], list[Any]]:
    """What reads the values of a call, in the order of the columns; made once, since calls are many."""
    fixed = {
        "schema": about.schema,
        "export_id": str(about.id),
        "exported_at_utc": iso(about.at.astimezone(UTC).timestamp()),
        "query": about.query,
        "redaction_profile": "numbers",
    }
    made: dict[str, Read] = {
        **SPECIAL,
        "permalink": partial(_permalink, at_the_gap=about.schema != "incident_csv/1"),
    }
    if about.schema == "incident_csv/1":
        made = {name: read_of for name, read_of in made.items() if name not in SECOND}
    names = [STABLE.get(name, "") for name in about.columns]
    others = [(at, made[name]) for at, name in enumerate(about.columns) if name in made]
    alike = [(at, fixed[name]) for at, name in enumerate(about.columns) if name in fixed]

    def read(document: Document) -> list[Any]:
        values: list[Any] = [*map(document.get, names)]
        for at, value in alike:
            values[at] = value
        for at, read_of in others:
            values[at] = read_of(document)
        return values

    return read


def _permalink(document: Document, *, at_the_gap: bool) -> str | None:
    """The call's page, opened where its longest gap begins."""
    if not settings.PUBLIC_BASE_URL:
        return None
    start = document.get("longest_gap_start_s") if at_the_gap else None
    at = "" if start is None else f"?t={start:.1f}"
    return f"{settings.PUBLIC_BASE_URL}/calls/{document['call_id']}{at}"


def pressed(document: Document) -> str | None:
    """The keys a caller pressed, masked: a single one is a choice in a menu; more may be a card or a PIN."""
    keys = document.get("dtmf")
    return keys if not keys or len(keys) == 1 else "*" * len(keys)


def _action_result(document: Document) -> str | None:
    """What the dial action reported of the child."""
    said = [ask.get("dial_status") for ask in document.get("flow") or () if ask.get("kind") == "dial"]
    return said[-1] if said else None


def _incidents(document: Document) -> list[str]:
    return [f"{each['provider']}: {each['title']}" for each in document.get("incidents") or ()]


def _recording(document: Document) -> str | None:
    return next((each["recording"] for each in document.get("recordings") or ()), None)


def _note(document: Document) -> str | None:
    """What was written last, as far as the projection has come."""
    return next((note["text"] for note in reversed(document.get("notes") or ()) if note["text"]), None)


def _finding(document: Document) -> str | None:
    """What the finding says that decided."""
    decided = (
        each["says"] for each in document.get("findings") or () if each["slug"] == document.get("cause")
    )
    return next(decided, None)


# What is read here beside stable fields must stand in `projection.models.outline`, or an export has it not.
SPECIAL: dict[str, Read] = {
    "from_redacted": lambda call: redacted(call.get("from")),
    "to_redacted": lambda call: redacted(call.get("to")),
    "dtmf_redacted": pressed,
    "action_result": _action_result,
    "provider_incidents": _incidents,
    "recording_sid": _recording,
    "note": _note,
    "finding": _finding,
    "language": lambda call: call.get("languages") or None,
    "ingest_lag_p95_ms": lambda call: call.get("ingest_lag_p95_ms"),
}
RENAMED = {
    "finish_tool_seen": "app_finish_tool_seen",
    "first_position": "first_seq",
    "last_position": "last_seq",
}
# Column → the stable field that stands in it.
STABLE = {
    RENAMED.get(name, f"{name}_utc" if field.unit == "UTC" else name): name
    for name, field in stable_fields().items()
}
# Columns that the first schema leaves empty, as it always did.
SECOND = ("language", "ingest_lag_p95_ms")
# The order is the schema's.
FIRST = (
    "schema", "export_id", "exported_at_utc", "query", "redaction_profile",
    "call_id", "permalink", "parent_call_sid", "child_call_sid", "ai_api", "ai_call_id", "ai_session_id",
    "direction", "from_redacted", "to_redacted", "region", "edge", "agent_name", "agent_version",
    "ai_model", "language",
    "started_at_utc", "answered_at_utc", "ended_at_utc", "parent_duration_s",
    "child_started_at_utc", "child_answered_at_utc", "child_ended_at_utc", "child_duration_s",
    "parent_status", "child_status", "sip_response_code", "dtmf_redacted", "action_result",
    "ai_first_event_at_utc", "ai_last_event_at_utc", "ai_last_event_type", "ai_close_observed",
    "ai_close_reason",
    "ai_silence_before_end_s", "caller_speech_s", "untranscribed_caller_speech_s", "gap_kind",
    "longest_gap_start_s",
    "longest_gap_end_s", "caller_speech_end_to_child_end_s", "last_caller_transcript",
    "last_agent_transcript",
    "verdict", "verdict_confidence", "ended_first_by", "evidence_for", "evidence_missing",
    "time_uncertainty_ms", "rules_version",
    "app_finish_tool_seen", "app_hangup_seen", "app_error_seen", "warning_codes", "error_codes",
    "provider_incidents",
    "recording_sid", "recording_state", "transcript_state", "review_state", "reviewer", "tags", "note",
    "event_count", "first_seq", "last_seq", "detection_lag_s", "ingest_lag_p95_ms",
)  # fmt: skip
ADDED = (
    "flags", "cause", "truncation_basis", "ai_close_code", "topology", "conference_sid", "stream_sid",
    "response_time_p50_s", "response_time_p95_s", "longest_dead_air_s", "talk_over_s", "interruptions",
    "caller_talk_share", "numbers_basis", "assignee", "agreed", "disagreed", "finding",
)  # fmt: skip
COLUMNS: dict[str, tuple[str, ...]] = {"incident_csv/1": FIRST, "incident_csv/2": (*FIRST, *ADDED)}
