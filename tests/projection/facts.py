"""Facts of made-up calls, appended as ingest would, each call with ids of its own."""

from collections.abc import Iterable
from uuid import UUID, uuid4

from django.db import connection

from callstore.domain.facts.clock import Clock, Instant
from callstore.domain.facts.events import Event, LegStatus, RecordingStatus, SessionOffered, TurnTranscribed
from callstore.domain.facts.record import Draft, Ref, Source
from callstore.eventlog.reading import read
from callstore.eventlog.writing.append import append

ASTRAY = "SELECT FROM log.head WHERE (since IS NOT NULL) <> (version > done)"  # there may be none
BEGAN = 1_770_000_000.0  # 2026-02-02
ACCOUNT = "AC" + "0" * 32


def sid(kind: str = "CA") -> str:
    return kind + uuid4().hex


def rtc() -> str:
    return "rtc_" + uuid4().hex


def fact(
    subject: str, event: Event, *refs: Ref, at: float = 0.0, source: Source = "twilio", key: str | None = None
) -> Draft:
    """A fact `at` seconds after the call began."""
    return Draft(
        source=source,
        subject=subject,
        key=key or uuid4().hex,
        event=event,
        occurred=Instant(BEGAN + at, Clock.PROVIDER, 1000 if source == "twilio" else 1),
        received_at=BEGAN + at + 1,
        raw=b"as it came",
        refs=refs,
    )


def status(
    leg: str, value: str, *, parent: str | None = None, at: float = 0.0, caller: str | None = None
) -> Draft:
    refs = (Ref("ParentCallSid", f"twilio:{parent}"),) if parent else ()
    code = 200 if value == "completed" else None
    return fact(
        f"twilio:{leg}", LegStatus(status=value, parent=parent, sip_code=code, caller=caller), *refs, at=at
    )


def offered(session: str, child: str, at: float = 1.0) -> Draft:
    event = SessionOffered(api="realtime", child=child)
    return fact(
        f"openai:{session}", event, Ref("X-Twilio-CallSid", f"twilio:{child}"), at=at, source="openai"
    )


def said(session: str, text: str, at: float = 2.0) -> Draft:
    event = TurnTranscribed(
        connection="c", kind="transcription.completed", item=uuid4().hex, final=True, text=text
    )
    return fact(f"openai:{session}", event, at=at, source="app")


def recorded(leg: str, recording: str, at: float = 20.0) -> Draft:
    url = f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Recordings/{recording}"
    event = RecordingStatus(
        recording=recording, status="completed", url=url, started_at=BEGAN + at, duration_s=5
    )
    return fact(f"twilio:{leg}", event, at=at)


def keep(*drafts: Draft) -> set[UUID]:
    """Append, and the traces that the facts went to."""
    append(drafts)
    return traces_of(draft.subject for draft in drafts)


def traces_of(subjects: Iterable[str]) -> set[UUID]:
    return {trace for subject in subjects if (trace := read.trace_of(subject))}


def call_ids(traces: Iterable[UUID]) -> list[UUID]:
    """Which of these traces have a row."""
    return [
        row[0] for row in sql("SELECT call_id FROM call WHERE call_id = ANY(%s) ORDER BY 1", list(traces))
    ]


def sql(statement: str, *parameters: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall() if cursor.description else []
