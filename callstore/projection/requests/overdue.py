"""Calls that still look live though no news of them came for longer than a call mostly lasts."""

from collections.abc import Sequence

from callstore.domain.facts.record import Record
from callstore.domain.facts.silence import LONGEST_SESSION_S, USUAL_LEG_S, last_news, longest_s
from callstore.eventlog.db.statement import run
from callstore.eventlog.reading import read
from callstore.projection import linker
from callstore.requests.overdue import CloseOverdue

# The shorter of the limits: whether the longer one holds for a call is seen when its facts are read.
QUIET_S = min(USUAL_LEG_S, LONGEST_SESSION_S)
AT_ONCE = 200


def overdue(now: float) -> list[CloseOverdue]:
    """The calls to close at this moment (Unix seconds), those that have been quiet for longest first."""
    rows = run(
        "SELECT call_id::text FROM call WHERE flags @> ARRAY['live']"
        " AND saved_at < to_timestamp(%s) ORDER BY saved_at LIMIT %s",
        [now - QUIET_S, AT_ONCE],
    )
    found = (_request(read.records(linker.component_of_id(call_id)), now) for (call_id,) in rows)
    return [request for request in found if request]


def _request(records: Sequence[Record], now: float) -> CloseOverdue | None:
    news = last_news(records)
    if news is None or now - news.received_at <= longest_s(records):
        return None
    return CloseOverdue(news.subject, news.received_at)
