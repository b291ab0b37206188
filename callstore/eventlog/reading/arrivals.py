"""Which calls' traces the newest facts belong to: by when they came to us, not by when they happened."""

from typing import NamedTuple
from uuid import UUID

from callstore.eventlog.db.statement import run

# Backwards along the index of the feed, whose order is nearly that of arrival. Only calls' traces have heads.
NEWEST = """
SELECT trace_id, extract(epoch FROM min(received_at))::float8, extract(epoch FROM max(received_at))::float8,
  count(*), bool_or(h.trace_id IS NOT NULL)
FROM (SELECT trace_id, received_at FROM log.event ORDER BY epoch DESC, xid DESC, position DESC LIMIT %s) AS e
LEFT JOIN log.head h USING (trace_id) GROUP BY trace_id
"""


class Arrivals(NamedTuple):
    """Traces of calls with when their last fact came (Unix seconds), and whether these are all since then."""

    last: dict[UUID, float]
    complete: bool


def arrivals(since: float, most: int) -> Arrivals:
    """The traces to which the newest `most` facts belong, of those that came since then (Unix seconds)."""
    rows = run(NEWEST, [most])
    seen = sum(count for *_, count, _ in rows)
    oldest = min((first for _, first, *_ in rows), default=since)
    last = {trace: at for trace, _, at, _, of_a_call in rows if of_a_call and at >= since}
    return Arrivals(last, seen < most or oldest < since)
