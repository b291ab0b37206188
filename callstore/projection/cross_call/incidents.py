"""What the status pages said of a stretch of time: `incident.published` facts, one incident from each id."""

from collections.abc import Sequence
from typing import Any

from callstore.domain.facts.events import IncidentPublished
from callstore.domain.facts.order import in_order
from callstore.domain.facts.record import Record
from callstore.eventlog.reading import bulk, read
from callstore.findings.cross_call.summary import Incident

DAY_S = 86_400.0
# An entry is first met before it is over; none goes on for longer than this.
LONGEST_S = 30 * DAY_S
# Of an incident that nobody said the end of, so long after its last word.
UNHEARD_S = DAY_S
OVER = frozenset({"resolved", "postmortem", "completed", "closed"})


def published(start: float) -> list[Incident]:
    """The incidents that may have been on since then (Unix seconds), by their start."""
    return [i for i in met_since(start - LONGEST_S) if i.end is None or i.end >= start]


def met_since(at: float) -> list[Incident]:
    """The incidents that were first told of since then, whenever they were on, by their start."""
    facts = bulk.by_trace(read.traces_of_kind("incident:", since=at))
    incidents = [found for records in facts.values() if (found := _incident(in_order(records)))]
    return sorted(incidents, key=lambda i: i.start)


def _incident(told: Sequence[Record]) -> Incident | None:
    """What an entry came to say in the end: later words replace earlier ones, silence replaces nothing."""
    entries = [r.event for r in told if isinstance(r.event, IncidentPublished)]
    if not entries:
        return None
    said = {name: _last(entries, name) for name in ("title", "status", "impact", "url")}
    start = _last(entries, "started_at") or told[0].occurred.at
    end, last = _last(_since_reopened(entries), "ended_at"), told[-1].occurred.at
    is_over = end is not None or said["status"] in OVER
    if end is None:
        end = last if is_over else last + UNHEARD_S
    first = entries[0]
    return Incident(
        provider=first.provider,
        title=said["title"] or first.external_id,
        start=start,
        end=end,
        external_id=first.external_id,
        status=said["status"],
        impact=said["impact"],
        url=said["url"],
        is_over=is_over,
    )


def _since_reopened(entries: Sequence[IncidentPublished]) -> Sequence[IncidentPublished]:
    """What was said from the last word on that it goes on: an end from before it was none."""
    going_on = [n for n, entry in enumerate(entries) if entry.status and entry.status not in OVER]
    return entries[going_on[-1] :] if going_on else entries


def _last(entries: Sequence[IncidentPublished], name: str) -> Any:
    return next((value for e in reversed(entries) if (value := getattr(e, name)) is not None), None)
