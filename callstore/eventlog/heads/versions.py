"""How many events every trace of a call has, and how many of them its reader has done."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple
from uuid import UUID

from callstore.eventlog.db.statement import run, run_each


class Head(NamedTuple):
    """How many events a trace has (`version`), and how many of them its reader has `done`."""

    version: int
    done: int


def read(traces: Iterable[UUID]) -> dict[UUID, Head]:
    """The heads of these traces, all at one moment. Traces without calls have none.

    Read before the events, they say what the events cover at least.
    """
    rows = run("SELECT trace_id, version, done FROM log.head WHERE trace_id = ANY(%b)", [list(traces)])
    return {trace: Head(version, done) for trace, version, done in rows}


def count(first: UUID) -> int:
    """How many traces have a head, from `first` on."""
    [(traces,)] = run("SELECT count(*) FROM log.head WHERE trace_id >= %s", [first])
    return int(traces)


def page(first: UUID, most: int) -> list[UUID]:
    """Up to `most` traces in order, from `first` on."""
    rows = run("SELECT trace_id FROM log.head WHERE trace_id >= %s ORDER BY trace_id LIMIT %s", [first, most])
    return [trace for (trace,) in rows]


def between(bucket: date, first: UUID, last: UUID) -> list[UUID]:
    """The traces from `first` to `last` of those born in a month, in no order."""
    rows = run(
        "SELECT trace_id FROM log.head WHERE bucket = %s AND trace_id BETWEEN %s AND %s",
        [bucket, first, last],
    )
    return [trace for (trace,) in rows]


def restart(done: Mapping[UUID, int]) -> None:
    """Say anew how many events of these traces are done; nobody works on them, and they have not failed."""
    run_each(
        "UPDATE log.head SET done = %s, lease = '-infinity', attempts = 0, error = NULL,"
        " since = CASE WHEN version > %s THEN coalesce(since, now()) END WHERE trace_id = %s",
        [(events, events, trace) for trace, events in sorted(done.items())],
    )
