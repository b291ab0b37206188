"""Takes a month's calls out of the log: its partition is exchanged for what stays of it, and dropped.

For the owner of the tables. Writers wait for the moment that the exchange takes, readers too. It may be
broken off anywhere and begun again: until the exchange nothing has changed, and from then on the month's
old table lies beside the log and says what is still to be done, until it is dropped as the last thing.
"""

import re
from collections.abc import Callable, Collection, Iterator
from datetime import date, datetime
from functools import partial
from typing import NamedTuple
from uuid import UUID

from django.db import OperationalError, connection, transaction

from callstore.eventlog.db import locks
from callstore.eventlog.db.statement import run
from callstore.eventlog.proof import retired_leaves, scan, seals
from callstore.eventlog.proof.retired_leaves import Leaf, Retirement
from callstore.eventlog.retention.months import last_older_than

TABLE = re.compile(r"event_(\d{4})_(\d\d)(_gone)?")
TABLES = "SELECT relname::text FROM pg_class WHERE relnamespace = 'log'::regnamespace AND relkind = 'r'"
BATCH = 1_000  # traces
GRACE_DAYS = 2  # whoever retires does so once a day
OWNED = "SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = 'log.event'::regclass"
# What stays is worded as in log.set_apart.
COUNTED = """
SELECT count(*) FILTER (WHERE NOT stays), count(*) FILTER (WHERE stays),
  count(DISTINCT trace_id) FILTER (WHERE NOT stays AND is_call)
FROM (SELECT e.trace_id, h.trace_id IS NOT NULL AS is_call, (e.trace_id = ANY(%b) OR e.type = 'month.retired'
    OR e.received_at >= (%s + interval '1 month') AT TIME ZONE 'UTC' AND h.trace_id IS NULL) AS stays
  FROM log.{} e LEFT JOIN log.head h USING (trace_id)) AS counted
"""
# Traces of the old table that the log holds nothing more of, in the order of its key, so that nothing behind
# the limit is read. OFFSET 0: each is looked for once.
GONE = """
SELECT trace_id FROM (
  SELECT DISTINCT trace_id FROM log.{} WHERE bucket = %s AND trace_id > %s ORDER BY trace_id OFFSET 0) AS g
WHERE log.is_vacant(%s, trace_id) ORDER BY trace_id LIMIT %s
"""
RECORDINGS = """
SELECT DISTINCT facts ->> 'recording' FROM log.{}
WHERE trace_id = ANY(%b) AND bucket = %s AND facts ->> 'recording' IS NOT NULL
"""


class Month(NamedTuple):
    """A month's table: a partition of the log, or (`gone`) what is left beside it of one that was retired."""

    first: date
    gone: bool

    @property
    def table(self) -> str:
        return f"event_{self.first:%Y_%m}" + ("_gone" if self.gone else "")


class RetirementCount(NamedTuple):
    """How many events of a month go and how many stay; and of how many traces of calls those are that go."""

    events: int
    stay: int
    traces: int


class NotRetired(Exception):
    """A month has to wait, and why."""


def is_owner() -> bool:
    """Whether we may change the shape of the log."""
    return bool(run(OWNED, [])[0][0])


def months(until: date) -> list[Month]:
    """The tables of the months up to `until`, those first that were left beside the log, then by age."""
    found = [TABLE.fullmatch(name) for (name,) in run(TABLES, [])]
    months = [Month(date(int(m[1]), int(m[2]), 1), m[3] is not None) for m in found if m]
    return sorted((m for m in months if m.first <= until), key=lambda m: (not m.gone, m.first))


def overdue(days: int, now: datetime) -> list[Month]:
    """The tables older than so many days that no retirement has come to yet, or that one left unfinished."""
    done = max((entry.month for entry in retired_leaves.entered()), default="")
    old = months(last_older_than(days + GRACE_DAYS, now))
    return [month for month in old if month.gone or f"{month.first:%Y-%m}" > done]


def is_retired(day: date) -> bool:
    """Whether the month of this day was retired."""
    return any(entry.month == f"{day:%Y-%m}" for entry in retired_leaves.entered())


def counted(month: Month, until: date, staying: Collection[UUID]) -> RetirementCount:
    """What would go of a month if all up to `until` were retired and these traces stayed."""
    return RetirementCount(*run(COUNTED.format(month.table), [list(staying), until])[0])


def is_worth(month: Month, going: RetirementCount) -> bool:
    """Whether retiring it would change anything: it is not yet retired, or something more of it goes."""
    return bool(going.events) or all(
        entry.month < f"{month.first:%Y-%m}" for entry in retired_leaves.entered()
    )


def fence() -> str:
    """A transaction before which all are over. Take it, then look who stays: what comes behind it is seen."""
    return str(run("SELECT pg_snapshot_xmin(pg_current_snapshot())::text", [])[0][0])


def exchange(
    month: Month, until: date, staying: Collection[UUID], fence: str, tell: Callable[[Retirement], None]
) -> Retirement:
    """Exchange a month's partition for what stays of it; the old one lies beside the log from then on.

    `tell` appends what was done, in the same transaction. Raises NotRetired, with nothing changed, also
    where something came for the month behind the fence.
    """
    retired_leaves.clear()
    seals.seal()
    run("SELECT log.set_apart(%s, %s, %b)", [month.first, until, list(staying)])
    no = max((entry.no for entry in retired_leaves.entered()), default=0) + 1
    kept = retired_leaves.keep(no, _going(month))
    if kept.to > seals.last().to:
        raise NotRetired(f"{month.first:%Y-%m} holds events that are not sealed yet; an open transaction?")
    entry = Retirement(no, f"{month.first:%Y-%m}", kept.events, kept.digest.hex())
    try:
        locks.again_while_locked(partial(_enter, month, fence, entry, tell))
    except OperationalError as error:
        if not locks.met_lock(error):
            raise
        raise NotRetired(
            f"somebody has read {entry.month} or the whole log for a minute; run it again"
        ) from error
    return entry


def _going(month: Month) -> Iterator[Leaf]:
    """The leaves of all that is not set apart. Raises NotRetired at a row that is not what it was."""
    apart = scan.rows(lambda rows: None, month.table + "_kept")
    stays = next(apart, None)
    for row in scan.rows(lambda rows: None, month.table):
        if stays and row.at == stays.at:
            stays = next(apart, None)
        elif row.holds:
            yield row.at, row.row_sha
        else:
            raise NotRetired(f"position {row.at.position}: the row is not what its digest says")


def _enter(month: Month, fence: str, entry: Retirement, tell: Callable[[Retirement], None]) -> None:
    with transaction.atomic():
        # It waits 0.2 s for its lock, so that nobody waits long behind it.
        if run("SELECT log.detach_month(%s, %s::text::xid8)", [month.first, fence]) != [(True,)]:
            raise NotRetired(f"something came for {entry.month} meanwhile; run it again")
        run(
            "INSERT INTO log.retirement (no, month, events, digest) VALUES (%s, %s, %s, %b) RETURNING 1",
            [entry.no, month.first, entry.events, bytes.fromhex(entry.digest)],
        )
        tell(entry)


def leftovers(month: Month) -> Iterator[list[UUID]]:
    """The traces that went with a month and are not forgotten yet, some at a time."""
    last = UUID(int=0)
    while rows := run(GONE.format(month.table), [month.first, last, month.first, BATCH]):
        traces = [trace for (trace,) in rows]
        last = traces[-1]
        yield traces


def recordings(month: Month, traces: Collection[UUID]) -> list[str]:
    """The recordings that these traces told of."""
    return [sid for (sid,) in run(RECORDINGS.format(month.table), [list(traces), month.first])]


def forget(month: Month, traces: Collection[UUID]) -> None:
    """Remove for ever homes, keys, contradictions and counts of traces whose events have gone."""
    run("SELECT log.forget(%s, %b)", [month.first, list(traces)])


def drop(month: Month) -> None:
    """Drop the old table; the last thing to be done."""
    assert month.gone
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE log.{month.table}")
