"""A piece of the log into the second set of read models. Runs in several processes at once."""

import gc
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from django.db import connection, transaction

from callstore.domain.facts.record import Record
from callstore.eventlog.heads import versions
from callstore.eventlog.heads.relations import HEADS, IDS
from callstore.eventlog.reading import bulk
from callstore.projection import linker
from callstore.projection.projector import CallVersions, fold
from callstore.projection.requests import backfill
from callstore.projection.requests.recordings import SHORTEST_WAIT_S, wanted
from callstore.projection.review.decisions import with_decisions
from callstore.projection.row import Row
from callstore.projection.saving import FACTS
from callstore.projection.words import store as words

log = logging.getLogger(__name__)

COPY = f"COPY call ({', '.join((*FACTS, 'saved_at', 'fetch_at', 'ask_at'))}) FROM STDIN"
SEEN = f"""
INSERT INTO rebuild.seen (trace_id, version)
SELECT trace_id, version FROM {HEADS} h WHERE bucket = %s AND trace_id BETWEEN %s AND %s
"""
# As linker.pairs says it of each trace: every subject that lives there, and every id that its events mention.
NOTE = f"""
INSERT INTO trace_ref (trace_id, ref)
SELECT DISTINCT trace_id, CASE WHEN length(id) <= {linker.LONGEST} THEN id
  ELSE 'sha256:' || encode(sha256(convert_to(id, 'UTF8')), 'hex') END
FROM {IDS} AS mentioned WHERE bucket = %(bucket)s AND trace_id BETWEEN %(first)s AND %(last)s
  AND EXISTS (SELECT FROM rebuild.seen WHERE seen.trace_id = mentioned.trace_id)
"""


class Chunk(NamedTuple):
    """The traces from `first` to `last` of those born in a month, and how many events they had."""

    bucket: date
    first: UUID
    last: UUID
    events: int


def note(chunk: Chunk) -> int:
    """Enter the versions of the traces, and the ids they mention; the number of events.

    What is appended from now on is found by comparing versions, so these are read first and once.
    """
    with _one_moment() as cursor:
        cursor.execute(SEEN, chunk[:3])
        cursor.execute(NOTE, dict(zip(("bucket", "first", "last"), chunk, strict=False)))
        _done("noted", chunk)
    return chunk.events


def fill(chunk: Chunk) -> int:
    """Fold and write the calls whose first trace lies in the chunk; the number of events."""
    gc.disable()  # what a fold makes is freed by counting; looking for rings as well costs a tenth
    try:
        with _one_moment() as cursor:
            rows, failed = _rows(chunk)
            # Catching up tries these once more, and says so if they fail again.
            cursor.execute("DELETE FROM rebuild.seen WHERE trace_id = ANY(%s)", [failed])
            with cursor.copy(COPY) as copy:
                for row in rows:
                    copy.write_row(_values(row))
            with cursor.copy(words.COPY) as copy:
                for row in rows:
                    copy.write_row(words.values(row))
            _done("folded", chunk)
    finally:
        gc.enable()
    return chunk.events


@contextmanager
def second_set() -> Iterator[None]:
    """Within it the read models' names are those of the second set's tables, on this thread's connection."""
    with connection.cursor() as cursor:
        cursor.execute("SET search_path = rebuild, public")
        try:
            yield
        finally:
            if connection.connection and not connection.connection.closed:
                cursor.execute("RESET search_path")


@contextmanager
def _one_moment() -> Iterator[Any]:
    """A transaction that sees the log as it was when it began, with the second set in place."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SET LOCAL search_path = rebuild, public")
        yield cursor


def _done(what: str, chunk: Chunk) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE rebuild.chunk SET {what} = true WHERE bucket = %s AND first = %s", chunk[:2])


def _rows(chunk: Chunk) -> tuple[list[Row], list[UUID]]:
    """The rows of the chunk's calls, and the traces of those that could not be folded."""
    folded = []
    failed: list[UUID] = []
    for call, records in _whole(chunk):
        try:
            folded.append((call.versions, fold(call, records)))
        except Exception as error:
            log.warning("Not folded: %s, call %s", type(error).__name__, call.call_id)
            failed += call.versions
    return list(with_decisions(folded)), failed


def _whole(chunk: Chunk) -> Iterator[tuple[CallVersions, list[Record]]]:
    """Each call of the chunk with all its facts."""
    calls = _calls(chunk)
    parts: dict[UUID, dict[UUID, list[Record]]] = {}
    for trace, records in bulk.ranged(*chunk[:3]):
        call = calls.get(trace)
        if call is None:  # of no call, or of one that began in an earlier chunk, which writes it
            continue
        if len(call.versions) == 1:
            yield call, records
        else:
            parts.setdefault(call.call_id, {})[trace] = records
    for call_id, here in parts.items():
        call = calls[call_id]
        found = here | bulk.by_trace(call.versions.keys() - here.keys())
        yield call, [record for trace in call.versions for record in found[trace]]


def _calls(chunk: Chunk) -> dict[UUID, CallVersions]:
    """The call of each trace of the chunk, where it is this chunk that writes it."""
    traces = set(versions.between(*chunk[:3]))
    groups = [group for group in linker.components(traces) if min(group) in traces]
    found = versions.read(set().union(*groups))
    calls = [CallVersions({trace: found[trace].version for trace in sorted(group)}) for group in groups]
    return {trace: call for call in calls for trace in call.versions}


def _values(row: Row) -> list[Any]:
    now = datetime.now(UTC)
    waits = now + timedelta(seconds=SHORTEST_WAIT_S) if wanted(row["document"]) else None
    stored = orjson.dumps(row["document"]).decode()
    return [*(row[name] for name in FACTS[:-1]), stored, now, waits, backfill.ask_at(row["document"])]
