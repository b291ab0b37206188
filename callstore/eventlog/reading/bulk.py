"""All facts of many calls, decrypted and decoded, quickly: what folds are fed with.

A projector asks for some traces, a rebuild for a range of them; between Postgres and the fold an event
costs some 8 µs, most of it objects being made.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any, TypeAlias
from uuid import UUID

import orjson
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import connection

from callstore.domain.facts import clear, codec
from callstore.domain.facts.clock import Clock, Instant
from callstore.domain.facts.record import Record
from callstore.eventlog.crypto import digest, keys
from callstore.eventlog.crypto import refs as spelling
from callstore.eventlog.crypto.binding import place_in
from callstore.eventlog.db.statement import run

Row: TypeAlias = tuple[Any, ...]

# The month comes from the stream, so that each trace is one index range in one partition. OFFSET 0 keeps the
# planner from turning that into a scan of every partition.
HOMES = """
SELECT DISTINCT s.trace_id, s.bucket, s.key_id, k.wrapped
FROM log.stream s JOIN log.call_key k USING (key_id) WHERE s.trace_id = ANY(%b::uuid[])
"""
COLUMNS = {
    "uuid_send(e.trace_id)": "bytea",
    "e.position": "int8",
    "e.source": "text",
    "e.subject": "text",
    "e.dedup_key": "text",
    "e.type": "text",
    "e.facts::text": "bytea",
    "e.personal": "bytea",
    "extract(epoch FROM e.occurred_at)::float8": "float8",
    "e.clock": "int2",
    "e.precision_ms": "int4",
    "extract(epoch FROM e.received_at)::float8": "float8",
    "e.source_sequence": "int8",
    f"array_to_string(e.refs, chr({ord(spelling.SEPARATOR)}))": "text",
}
SELECT = f"SELECT {', '.join(COLUMNS)}"
EVENTS = f"""
{SELECT} FROM unnest(%b::uuid[], %b::date[]) AS h (trace_id, bucket) CROSS JOIN LATERAL (
  SELECT * FROM log.event e WHERE e.bucket = h.bucket AND e.trace_id = h.trace_id OFFSET 0) AS e
"""
RANGE = f"""
COPY ({SELECT} FROM log.event e
      WHERE e.bucket = %s AND e.trace_id BETWEEN %s AND %s ORDER BY e.trace_id) TO STDOUT (FORMAT BINARY)
"""
CLOCKS = {int(clock): clock for clock in Clock}


def by_trace(traces: Iterable[UUID]) -> dict[UUID, list[Record]]:
    """The facts of each of these traces, in no order. Personal fields of an erased call are None."""
    found: dict[UUID, list[Record]] = {trace: [] for trace in traces}
    homes = run(HOMES, [list(found)])
    rows = run(EVENTS, [[trace for trace, *_ in homes], [bucket for _, bucket, *_ in homes]])
    for trace, records in decode(rows, open_keys(homes)):
        found[trace] += records
    return found


def ranged(bucket: date, first: UUID, last: UUID) -> Iterator[tuple[UUID, list[Record]]]:
    """Trace after trace from `first` to `last` of those born in a month, each with its facts in no order.

    Read as it is asked for: memory holds one trace and what the network has buffered.
    """
    homes = run(
        "SELECT DISTINCT s.trace_id, s.bucket, s.key_id, k.wrapped FROM log.stream s"
        " JOIN log.call_key k USING (key_id) WHERE s.trace_id BETWEEN %s AND %s AND s.bucket = %s",
        [first, last, bucket],
    )
    with connection.cursor() as cursor, cursor.copy(RANGE, [bucket, first, last]) as copy:
        copy.set_types(list(COLUMNS.values()))
        yield from decode(copy.rows(), open_keys(homes))


def open_keys(homes: Iterable[Row]) -> dict[bytes, tuple[UUID, AESGCM | None]]:
    """Each trace by its bytes, with what opens its personal fields; nothing does for an erased call."""
    return {
        trace.bytes: (trace, None if wrapped is None else AESGCM(keys.unwrap(key_id, wrapped)))
        for trace, _, key_id, wrapped in homes
    }


def decode(
    rows: Iterable[Row], homes: Mapping[bytes, tuple[UUID, AESGCM | None]]
) -> Iterator[tuple[UUID, list[Record]]]:
    """Neighbouring rows of one trace together."""
    for written, of_trace in groupby(rows, itemgetter(0)):
        trace, key = homes[written]
        yield trace, [_recorded(row, key) for row in of_trace]


def _recorded(row: Row, key: AESGCM | None) -> Record:
    (
        trace, position, source, subject, dedup_key, type_, facts, sealed,
        occurred, clock, precision_ms, received, sequence, refs,
    ) = row  # fmt: skip
    personal = None
    if sealed is not None and key is not None:
        place = place_in(trace, subject, source, dedup_key) + b"personal"
        personal = orjson.loads(key.decrypt(sealed[: keys.NONCE], sealed[keys.NONCE :], place))
    told = orjson.loads(facts)
    backfilled = told.pop(codec.BACKFILLED, False)
    if key is None:
        told |= clear.hidden(source, told, digest.instance_stand_in)
        dedup_key = clear.key(dedup_key, digest.instance_stand_in)
    return Record(
        position=position,
        source=source,
        subject=subject,
        key=dedup_key,
        event=codec.decode(type_, told, personal),
        occurred=Instant(occurred, CLOCKS[clock], precision_ms),
        received_at=received,
        refs=tuple(map(spelling.read, refs.split(spelling.SEPARATOR))) if refs else (),
        sequence=sequence,
        backfilled=backfilled,
    )
