"""The work list: heads of the log whose version has moved past what was projected."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple
from uuid import UUID

from django.db import connection

LEASE_S = 15  # far longer than a batch takes; as long as a lost batch is waited for
DEBOUNCE_S = 0.1  # a live call's burst of events becomes one fold
MOST_ATTEMPTS = 5

# Heads are always locked in the order of traces, as append does, so that nobody deadlocks with it.
IN_ORDER = "SELECT trace_id FROM log.head WHERE trace_id = ANY(%s) {} ORDER BY trace_id FOR UPDATE"
CLAIMABLE = "version > done AND lease < now()"


class Head(NamedTuple):
    """How far the log is with a trace, and how far its projection."""

    version: int
    done: int


def read(traces: Iterable[UUID]) -> dict[UUID, Head]:
    """The heads of these traces, all at one moment. Traces without calls have none."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT trace_id, version, done FROM log.head WHERE trace_id = ANY(%s)", [list(traces)]
        )
        return {trace: Head(version, done) for trace, version, done in cursor}


def claim(most: int, most_leased: int) -> list[UUID]:
    """Lease up to `most` dirty heads, the longest dirty first, while fewer than `most_leased` are out.

    Without that bound a slow worker's queue would fill with calls whose lease has run out meanwhile.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT trace_id FROM log.head WHERE {CLAIMABLE} AND since < now() - %s * interval '1 s'"
            " ORDER BY since LIMIT least(%s, greatest(0, %s - (SELECT count(*) FROM log.head"
            " WHERE version > done AND lease > now() AND lease < 'infinity')))",
            [DEBOUNCE_S, most, most_leased],
        )
        wanted = [trace for (trace,) in cursor]
        if not wanted:
            return []
        cursor.execute(
            "UPDATE log.head SET lease = now() + %s * interval '1 s' WHERE trace_id IN"
            f" ({IN_ORDER.format(f'AND {CLAIMABLE}')}) RETURNING trace_id",
            [LEASE_S, wanted],
        )
        return [trace for (trace,) in cursor]


def release(traces: Iterable[UUID]) -> None:
    """Give leases back unused."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE log.head SET lease = '-infinity' WHERE trace_id IN"
            f" ({IN_ORDER.format('')}) AND lease < 'infinity'",
            [list(traces)],
        )


def finish(versions: Mapping[UUID, int]) -> None:
    """Mark what a fold has seen as done, in the caller's transaction. What came since stays dirty."""
    with connection.cursor() as cursor:
        cursor.execute(IN_ORDER.format(""), [list(versions)])
        cursor.execute(
            "UPDATE log.head SET done = greatest(done, seen), lease = '-infinity', attempts = 0,"
            " error = NULL, since = CASE WHEN version > seen THEN now() ELSE since END"
            " FROM unnest(%s::uuid[], %s::bigint[]) AS folded (id, seen) WHERE trace_id = id",
            [list(versions), list(versions.values())],
        )


def fail(trace: UUID, error: str) -> None:
    """Count a failure and wait before the next try; after MOST_ATTEMPTS park the trace until a replay."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE log.head SET attempts = attempts + 1, error = %s, lease = CASE WHEN attempts + 1 >= %s"
            " THEN 'infinity' ELSE now() + (2 ^ attempts) * interval '1 s' END WHERE trace_id = %s",
            [error, MOST_ATTEMPTS, trace],
        )


def failures(traces: Iterable[UUID]) -> list[str]:
    """A line for each of these traces whose last projection failed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT trace_id, error FROM log.head WHERE trace_id = ANY(%s) AND error IS NOT NULL ORDER BY 1",
            [list(traces)],
        )
        return [f"{trace}: {error}" for trace, error in cursor]
