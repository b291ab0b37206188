"""A stretch of time, of a list's address or an overview's: a call that ran into it belongs to it.

`started:` is another thing: when a call began.
"""

from datetime import datetime, timedelta

from callstore.domain.facts.silence import LONGEST_LEG_S
from callstore.search.conditions import Where, joined

# A leg is over then; what is known of a call's end is later by no more than its wrap-up.
LONGEST = timedelta(seconds=2 * LONGEST_LEG_S)


def overlapping(since: datetime | None = None, until: datetime | None = None) -> Where:
    """The calls that ran at any moment from `since` up to `until` (aware), a running one until now.

    One index leads to them: none of these began so long before.
    """
    parts = []
    if since is not None:
        parts.append(Where("started_at >= %s", [since - LONGEST]))
        ran = "started_at >= %s OR ended_at > %s OR (ended_at IS NULL AND flags @> '{live}')"
        parts.append(Where(ran, [since, since]))
    if until is not None:
        parts.append(Where("started_at < %s", [until]))
    return joined("AND", parts) if parts else Where("TRUE", [])
