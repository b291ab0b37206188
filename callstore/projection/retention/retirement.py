"""Calls of old months in the read models: which of them are not over and stay, and forgetting the others."""

from collections.abc import Collection
from datetime import UTC, date, datetime
from uuid import UUID

from django.db import connection

from callstore.eventlog.db.locks import TransactionLock, hold_in_transaction
from callstore.eventlog.heads.relations import ARRIVALS, HEADS
from callstore.eventlog.retention import retire
from callstore.projection import linker
from callstore.projection.changes import journal
from callstore.settlement.models import Settlement

# Traces of old months that share an id with one of a later month, and those for which something came lately.
NOT_OVER = f"""
SELECT mine.trace_id FROM {HEADS} later
JOIN trace_ref theirs ON theirs.trace_id = later.trace_id
JOIN trace_ref mine ON mine.ref = theirs.ref
JOIN {HEADS} h ON h.trace_id = mine.trace_id
WHERE later.bucket > %(until)s AND h.bucket <= %(until)s
UNION
SELECT trace_id FROM {ARRIVALS} e WHERE bucket <= %(until)s AND received_at >= %(since)s
"""
# The live set and the one that a rebuild may have left unfinished.
CALLS = "public.call"
ROWS = {
    CALLS: "call_id",
    "public.call_words": "call_id",
    "public.trace_ref": "trace_id",
    "public.neighbour": "call_id",
    "rebuild.call": "call_id",
    "rebuild.call_words": "call_id",
    "rebuild.trace_ref": "trace_id",
    "rebuild.seen": "trace_id",
}


def staying(until: date, since: datetime) -> list[UUID]:
    """The traces of calls born in a month up to `until` that are not over: a part of them is of a later
    month, or something came for one of their traces `since`. Calls go whole or stay whole."""
    with connection.cursor() as cursor:
        cursor.execute(NOT_OVER, {"until": until, "since": since})
        seeds = [trace for (trace,) in cursor]
    return sorted(set().union(*linker.components(seeds)))


def forget(traces: Collection[UUID]) -> None:
    """Remove what is stored of these traces; in the transaction that removes their heads.

    No save is under way meanwhile, and one that folded before looks again and finds no heads.
    """
    hold_in_transaction(TransactionLock.SAVE)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE rebuild.swaps SET count = count + 1")
        for table, column in ROWS.items():
            cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [table])
            if cursor.fetchone()[0]:
                remove = f"DELETE FROM {table} WHERE {column} = ANY(%s)"
                cursor.execute(journal.noting(remove) if table == CALLS else remove, [list(traces)])
    Settlement.objects.filter(call_id__in=list(traces)).delete()


def expired(id: str) -> str | None:
    """The month, as 2026-04, in which this id of ours was given, where its calls were retired since.

    None for every other id: of a provider's nothing says when it was given.
    """
    try:
        trace = UUID(id)
    except ValueError:
        return None
    if trace.version != 7:
        return None
    try:
        given = datetime.fromtimestamp((trace.int >> 80) / 1000, UTC).date()
    except ValueError:  # in the year 10889: nobody's
        return None
    return f"{given:%Y-%m}" if retire.is_retired(given) else None
