"""The facts of live calls, remembered: a call is folded again with each new fact, and reads only that one.

Exact, and droppable at any time: what a snapshot showed can only be followed by events of transactions
that were then running or had not begun.
"""

from collections import OrderedDict
from collections.abc import Iterable
from threading import Lock
from time import monotonic
from typing import NamedTuple
from uuid import UUID

from callstore.domain.facts.record import Record
from callstore.eventlog.db.statement import run
from callstore.eventlog.reading.bulk import HOMES, SELECT, decode, open_keys

KEPT_S = 600.0  # unused: words of callers stay in memory no longer than somebody may need them
FENCED = f"SELECT h.*, pg_snapshot_xmin(pg_current_snapshot())::text::bigint FROM ({HOMES}) AS h"
SINCE = f"""
{SELECT} FROM unnest(%b::uuid[], %b::date[], %t::text[]) AS h (trace_id, bucket, fence) CROSS JOIN LATERAL (
  SELECT * FROM log.event e
  WHERE e.bucket = h.bucket AND e.trace_id = h.trace_id AND e.xid >= h.fence::xid8 OFFSET 0) AS e
"""


class _CachedTrace(NamedTuple):
    """Every event that transactions before `fence` appended to a trace, and some of later ones."""

    erased: bool
    fence: int
    records: dict[int, Record]  # by position
    used: float


class FactCache:
    """What was read of the last traces, so many events of them. For all threads of a process."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._kept: OrderedDict[UUID, _CachedTrace] = OrderedDict()
        self._events = 0
        self._lock = Lock()

    def by_trace(self, traces: Iterable[UUID]) -> dict[UUID, list[Record]]:
        """As bulk.by_trace: the facts of each of these traces, in no order."""
        found: dict[UUID, list[Record]] = {trace: [] for trace in traces}
        homes = run(FENCED, [list(found)])
        if not homes:
            return found
        fence = homes[0][-1]  # from before the events are looked at, so nothing behind it is missed
        known = {trace: self._cached(trace, wrapped is None, fence) for trace, _, _, wrapped, _ in homes}
        since = [str(known[trace].fence) for trace, *_ in homes]
        rows = run(SINCE, [[trace for trace, *_ in homes], [bucket for _, bucket, *_ in homes], since])
        new = dict(decode(rows, open_keys(home[:-1] for home in homes)))
        for trace, had in known.items():
            records = {**had.records, **{record.position: record for record in new.get(trace, ())}}
            self._keep(trace, _CachedTrace(had.erased, fence, records, monotonic()))
            found[trace] = list(records.values())
        return found

    def _cached(self, trace: UUID, erased: bool, now: int) -> _CachedTrace:
        with self._lock:
            kept = self._kept.get(trace)
        # Not what was read before the call was erased, nor what another cluster's transactions brought.
        if kept and kept.erased == erased and kept.fence <= now:
            return kept
        return _CachedTrace(erased, 0, {}, 0.0)

    def _keep(self, trace: UUID, kept: _CachedTrace) -> None:
        with self._lock:
            if before := self._kept.pop(trace, None):
                self._events -= len(before.records)
            self._kept[trace] = kept
            self._events += len(kept.records)
            while self._events > self.most or next(iter(self._kept.values())).used < kept.used - KEPT_S:
                _, oldest = self._kept.popitem(last=False)
                self._events -= len(oldest.records)
                if not self._kept:
                    break
