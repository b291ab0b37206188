"""What the log holds, decrypted and decoded. Nothing here is ordered by position: order is the fold's."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import orjson

from callstore.domain import codec
from callstore.domain.clock import Clock, Instant, iso
from callstore.domain.record import Recorded, Ref
from callstore.eventlog import body, canonical, keys
from callstore.eventlog.row import place
from callstore.eventlog.statement import run

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
RAW = """
SELECT s.key_id, k.wrapped, e.trace_id, e.subject, e.source, e.dedup_key, e.body
FROM log.event e JOIN log.stream s USING (subject) JOIN log.call_key k USING (key_id) WHERE e.position = %s
"""


def records(traces: Iterable[UUID]) -> list[Recorded]:
    """All events of the traces, in no order. Personal fields of an erased call are None."""
    return [_recorded(row) for row in run(EVENTS.format(columns=ENVELOPE), [list(traces)])]


def listing(traces: Iterable[UUID], *, bodies: bool = False) -> list[dict[str, Any]]:
    """All events of the traces as JSON-ready rows by time, with the raw delivery as text when asked for."""
    rows = run(EVENTS.format(columns=ENVELOPE + (", e.body" if bodies else "")), [list(traces)])
    listed = []
    for row in sorted(rows, key=lambda row: (row[10], row[3])):
        key_id, wrapped, trace, position, source, subject, dedup_key, type_, facts, personal = row[:10]
        occurred, clock, precision, received, sequence, refs = row[10:16]
        key, at = _key(key_id, wrapped), place(trace, subject, source, dedup_key)
        entry = {
            "position": position,
            "source": source,
            "subject": subject,
            "type": type_,
            "occurred_at": iso(occurred),
            "clock": Clock(clock).name.lower(),
            "precision_ms": precision,
            "received_at": iso(received),
            "sequence": sequence,
            "dedup_key": dedup_key,
            "refs": refs,
            "facts": orjson.loads(facts),
            "personal": _personal(key, personal, at),
        }
        if bodies:
            raw = _body(key, row[16], at)
            entry["body"] = None if raw is None else raw.decode(errors="replace")
        listed.append(entry)
    return listed


def raw(position: int) -> bytes | None:
    """The delivery of one event as it came; None for an erased call or an unknown position."""
    for key_id, wrapped, trace, subject, source, dedup_key, sealed in run(RAW, [position]):
        return _body(_key(key_id, wrapped), sealed, place(trace, subject, source, dedup_key))
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
    return [(trace, subject, _ref(text)) for trace, subject, text in rows]


def trace_of(subject: str) -> UUID | None:
    """The trace where the subject lives, or None for one that nobody mentioned."""
    rows = run("SELECT trace_id FROM log.stream WHERE subject = %s", [canonical.name(subject)])
    return rows[0][0] if rows else None


def heads(traces: Iterable[UUID]) -> dict[UUID, int]:
    """How many events each trace had at this moment; read it before the events to know what they cover."""
    return dict(run("SELECT trace_id, version FROM log.head WHERE trace_id = ANY(%b)", [list(traces)]))


def _recorded(row: tuple[Any, ...]) -> Recorded:
    key_id, wrapped, trace, position, source, subject, dedup_key, type_, facts, personal = row[:10]
    occurred, clock, precision, received, sequence, mentioned = row[10:]
    secret = _personal(_key(key_id, wrapped), personal, place(trace, subject, source, dedup_key))
    return Recorded(
        position=position,
        source=source,
        subject=subject,
        key=dedup_key,
        event=codec.decode(type_, orjson.loads(facts), secret),
        occurred=Instant(occurred, Clock(clock), precision),
        received_at=received,
        refs=tuple(_ref(text) for text in mentioned),
        sequence=sequence,
    )


def _ref(text: str) -> Ref:
    rule, _, id_ = text.partition("=")
    return Ref(rule, id_)


def _key(key_id: UUID, wrapped: bytes | None) -> bytes | None:
    return None if wrapped is None else keys.unwrap(key_id, wrapped)


def _personal(key: bytes | None, sealed: bytes | None, at: bytes) -> dict[str, Any] | None:
    if key is None or sealed is None:
        return None
    fields: dict[str, Any] = orjson.loads(keys.decrypt(key, sealed, at + b"personal"))
    return fields


def _body(key: bytes | None, sealed: bytes, at: bytes) -> bytes | None:
    return None if key is None else body.unseal(key, sealed, at)
