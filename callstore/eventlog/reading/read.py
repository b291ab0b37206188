"""What the log holds, decrypted and decoded. Nothing here is ordered by position: order is the fold's."""

from collections.abc import Iterable
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from callstore.domain.facts import clear, codec
from callstore.domain.facts.clock import Clock, Instant
from callstore.domain.facts.record import Record, Ref, Source
from callstore.eventlog.crypto import body, canonical, digest, keys
from callstore.eventlog.crypto import refs as spelling
from callstore.eventlog.crypto.binding import place
from callstore.eventlog.db.statement import run
from callstore.eventlog.reading import bulk

# The month comes from the stream, so that each trace is one index range in one partition. OFFSET 0 keeps the
# planner from turning that into a scan of every partition.
EVENTS = """
WITH home AS MATERIALIZED (
  SELECT DISTINCT s.bucket, s.trace_id, s.key_id, k.wrapped
  FROM log.stream s JOIN log.call_key k USING (key_id) WHERE s.trace_id = ANY(%b::uuid[])
)
SELECT {columns} FROM home h CROSS JOIN LATERAL (
  SELECT * FROM log.event e WHERE e.bucket = h.bucket AND e.trace_id = h.trace_id OFFSET 0) AS e
"""
ENVELOPE = """h.key_id, h.wrapped, e.trace_id, e.position, e.source, e.subject, e.dedup_key, e.type,
  e.facts::text, e.personal, extract(epoch FROM e.occurred_at)::float8, e.clock, e.precision_ms,
  extract(epoch FROM e.received_at)::float8, e.source_sequence, e.refs"""
PASSING = """(e.type IN ('frame.seen', 'frame.sent') OR
  e.type IN ('reply.spoken', 'turn.transcribed') AND e.facts ->> 'final' IS DISTINCT FROM 'true')"""
LAST = f"row_number() OVER (PARTITION BY e.subject, {PASSING} ORDER BY e.occurred_at DESC) AS nth"
GIST = (
    EVENTS.replace("SELECT * FROM", f"SELECT *, {LAST} FROM").format(
        columns=ENVELOPE.replace("e.personal", "NULL::bytea")
    )
    + f" WHERE e.nth = 1 OR NOT {PASSING}"
)
OF_TYPE = EVENTS.format(columns=ENVELOPE) + " WHERE e.type = %s"
RAW = """
SELECT s.key_id, k.wrapped, e.trace_id, e.subject, e.source, e.dedup_key, e.body
FROM log.event e JOIN log.stream s USING (subject) JOIN log.call_key k USING (key_id) WHERE e.position = %s
"""


class StoredRow(NamedTuple):
    """A row as ENVELOPE selects it."""

    key_id: UUID
    wrapped: bytes | None
    trace: UUID
    position: int
    source: Source
    subject: str
    dedup_key: str
    type: str
    facts: str
    personal: bytes | None
    occurred: float
    clock: int
    precision_ms: int
    received: float
    sequence: int | None
    refs: list[str]
    body: bytes = b""  # only where it was asked for

    @property
    def key(self) -> bytes | None:
        """The call's key; None once it is destroyed."""
        return _key(self.key_id, self.wrapped)

    @property
    def told(self) -> dict[str, Any]:
        """Its facts that stand in the clear; of an erased call what once was written there stands no more.

        Rows that are older than that rule have it, for a log is not rewritten.
        """
        facts: dict[str, Any] = orjson.loads(self.facts)
        if self.wrapped is None:
            facts |= clear.hidden(self.source, facts, digest.instance_stand_in)
        return facts

    @property
    def shown_key(self) -> str:
        """By what it is known, likewise."""
        return clear.key(self.dedup_key, digest.instance_stand_in) if self.wrapped is None else self.dedup_key

    @property
    def place(self) -> bytes:
        """Where its ciphertexts belong."""
        return place(self.trace, self.subject, self.source, self.dedup_key)


def records(traces: Iterable[UUID]) -> list[Record]:
    """All events of the traces, in no order. Personal fields of an erased call are None."""
    return [record for of_trace in bulk.by_trace(traces).values() for record in of_trace]


def of_type(traces: Iterable[UUID], type_: str) -> list[Record]:
    """Those events of the traces that are of one type, in no order."""
    return [_recorded(StoredRow(*row)) for row in run(OF_TYPE, [list(traces), type_])]


def gist(traces: Iterable[UUID]) -> list[Record]:
    """What happened in the traces, at a third of the cost for a long call: nothing that is personal, and of
    the events that only pass by (pieces of words, frames without a meaning of their own) each subject's last.
    """
    return [_recorded(StoredRow(*row)) for row in run(GIST, [list(traces)])]


def raw(position: int) -> bytes | None:
    """The delivery of one event as it came; None for an erased call or an unknown position."""
    for key_id, wrapped, trace, subject, source, dedup_key, sealed in run(RAW, [position]):
        return opened_body(_key(key_id, wrapped), sealed, place(trace, subject, source, dedup_key))
    return None


def subjects(traces: Iterable[UUID]) -> dict[UUID, set[str]]:
    """The subjects that live in each trace, those only mentioned so far included."""
    found: dict[UUID, set[str]] = {}
    for trace, subject in run(
        "SELECT trace_id, subject FROM log.stream WHERE trace_id = ANY(%b)", [list(traces)]
    ):
        found.setdefault(trace, set()).add(subject)
    return found


def refs(traces: Iterable[UUID]) -> list[tuple[UUID, str, Ref]]:
    """Every mention in the traces, once: the trace, the subject that mentions, the ref."""
    columns = "DISTINCT e.trace_id, e.subject, unnest(e.refs)"
    rows = run(EVENTS.format(columns=columns), [list(traces)])
    return [(trace, subject, spelling.read(text)) for trace, subject, text in rows]


def trace_of(subject: str) -> UUID | None:
    """The trace where the subject lives, or None for one that nobody mentioned."""
    rows = run("SELECT trace_id FROM log.stream WHERE subject = %s", [canonical.name(subject)])
    return rows[0][0] if rows else None


def homes(subjects: Iterable[str]) -> list[UUID]:
    """The traces where these subjects live; those that nobody mentioned are left out."""
    names = [canonical.name(subject) for subject in subjects]
    return [t for (t,) in run("SELECT DISTINCT trace_id FROM log.stream WHERE subject = ANY(%b)", [names])]


def traces_of_kind(prefix: str, since: float) -> list[UUID]:
    """The traces of subjects that begin so, first met since then (Unix seconds)."""
    after = prefix[:-1] + chr(ord(prefix[-1]) + 1)  # subjects are compared byte by byte
    rows = run(
        "SELECT trace_id FROM log.stream WHERE subject >= %s AND subject < %s"
        " AND created_at >= to_timestamp(%s) ORDER BY trace_id",
        [prefix, after, since],
    )
    return [trace for (trace,) in rows]


def _recorded(row: StoredRow) -> Record:
    facts = row.told
    backfilled = facts.pop(codec.BACKFILLED, False)
    return Record(
        position=row.position,
        source=row.source,
        subject=row.subject,
        key=row.shown_key,
        event=codec.decode(row.type, facts, opened_personal(row)),
        occurred=Instant(row.occurred, Clock(row.clock), row.precision_ms),
        received_at=row.received,
        refs=tuple(spelling.read(text) for text in row.refs),
        sequence=row.sequence,
        backfilled=backfilled,
    )


def _key(key_id: UUID, wrapped: bytes | None) -> bytes | None:
    return None if wrapped is None else keys.unwrap(key_id, wrapped)


def opened_personal(row: StoredRow) -> dict[str, Any] | None:
    """Its personal fields; None for a row that has none, or whose key is destroyed."""
    if row.personal is None or (key := row.key) is None:
        return None
    fields: dict[str, Any] = orjson.loads(keys.decrypt(key, row.personal, row.place + b"personal"))
    return fields


def opened_body(key: bytes | None, sealed: bytes, at: bytes) -> bytes | None:
    """The delivery that lies sealed at its place; None without the key."""
    return None if key is None else body.unseal(key, sealed, at)
