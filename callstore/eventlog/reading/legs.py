"""How far legs have come, by what Twilio said of them so far: asked while a call goes on, and not folded."""

from collections.abc import Iterable
from typing import NamedTuple

from callstore.domain.facts import ids
from callstore.eventlog.crypto import canonical
from callstore.eventlog.db.statement import run

# One index range a leg, as in read.py. What the parent's dial came to ends its child.
STATUSES = """
SELECT s.subject, e.facts ->> 'status', e.facts ->> 'child', e.facts ->> 'dial_status'
FROM log.stream s CROSS JOIN LATERAL (
  SELECT * FROM log.event e
  WHERE e.bucket = s.bucket AND e.trace_id = s.trace_id AND e.subject = s.subject OFFSET 0) AS e
WHERE s.subject = ANY(%b::text[]) AND e.type IN ('leg.status', 'dial.finished')
"""


class LegStatusSeen(NamedTuple):
    """A status that a leg (`twilio:CA…`) is known to have had."""

    leg: str
    status: str


def statuses(legs: Iterable[str]) -> set[LegStatusSeen]:
    """Every status that these legs are known to have had; legs of which nothing was said are left out."""
    found: set[LegStatusSeen] = set()
    for leg, status, child, dial_status in run(STATUSES, [[canonical.name(leg) for leg in legs]]):
        if status:
            found.add(LegStatusSeen(leg, status))
        if dial_status and (subject := ids.leg_subject(child)):
            found.add(LegStatusSeen(subject, dial_status))
    return found
