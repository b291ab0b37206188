"""Follows how calls are judged: noted in the transaction that saves them, told once that is settled.

A verdict is settled SETTLED_AFTER its last change, and later, up to AWAITED, while something of the call is
awaited: a recording, a transcript. It is told then, and from then on each change at once.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from callstore.eventlog.db.statement import run
from callstore.projection.models import CallRow
from callstore.projection.row import Row
from callstore.settlement import events
from callstore.settlement.events import OPEN, SETTLED_AFTER, judged
from callstore.settlement.models import Settlement, VerdictEvent

LOOKED_AGAIN_AFTER = timedelta(minutes=10)  # at what is awaited
AWAITED = timedelta(hours=1)  # from the last change of the verdict on: what comes later is a change
AT_ONCE = 500
SAVED = ("judged", "judged_at", "settle_at", "settled_at", "told_at", "sequence")
READ = ("call_id", *events.JUDGED[:-1], "flags", *events.NAMED, "recording_state", "transcript_state")
# Of a set of read models that took the place of another one: calls that are judged otherwise than was noted,
# and those of late that nobody noted. What was over long before anybody noted anything is not told.
OTHERWISE = """
SELECT call_id FROM call LEFT JOIN settlement s USING (call_id)
WHERE call_id > %s AND CASE
  WHEN s.call_id IS NULL THEN verdict <> 'live' AND saved_at > now() - interval '2 days'
  ELSE (s.judged ->> 'verdict', s.judged ->> 'cause', s.judged ->> 'verdict_confidence',
    s.judged ->> 'ended_first_by', (s.judged ->> 'truncated')::bool) IS DISTINCT FROM
    (verdict, cause, verdict_confidence, ended_first_by, 'truncated' = ANY(flags)) END
ORDER BY call_id LIMIT %s
"""


def is_noted() -> bool:
    """Whether what is saved now is shown: of a set of read models that is being filled nothing is told."""
    [(schema,)] = run("SELECT current_schema()::text", [])
    return str(schema) != "rebuild"


def note(rows: Iterable[Row], joined: Mapping[UUID, UUID]) -> None:
    """Note how these calls are judged now, in the caller's transaction; one after another for each call.

    `joined` are calls that are no more, each with the one that it is a part of now.
    """
    now, made = datetime.now(UTC), list[VerdictEvent]()
    wanted = {row["call_id"]: row for row in rows}
    known = _locked([*wanted, *joined])
    changed = []
    for call_id, row in sorted(wanted.items()):
        found = known.get(call_id)
        if found is None and row["verdict"] in OPEN:
            continue
        of = found or Settlement(call_id=call_id, judged=None)
        if of.judged != judged(row):
            made += _judge(of, row, now)
            changed.append(of)
    for call_id, whole in sorted(joined.items()):
        if (part := known.get(call_id)) and part.settled_at:
            previous, part.judged = part.judged, dict.fromkeys(part.judged)
            made.append(events.event(part, "verdict.changed", None, now, previous=previous, joined=whole))
    Settlement.objects.filter(call_id__in=[call_id for call_id in joined if call_id in known]).delete()
    _save(changed, made)


def note_all() -> int:
    """Note every call that is judged otherwise than was noted, as after a rebuild; how many they were."""
    last, times = UUID(int=0), 0
    while found := [call_id for (call_id,) in run(OTHERWISE, [last, AT_ONCE])]:
        with transaction.atomic():
            note(CallRow.objects.filter(call_id__in=found).values(*READ), {})
        last, times = found[-1], times + len(found)
    return times


def settle(now: datetime) -> list[UUID]:
    """Tell of up to AT_ONCE verdicts that are settled by now; the calls."""
    with transaction.atomic():
        due = Settlement.objects.select_for_update(skip_locked=True).filter(settle_at__lte=now)
        waiting = list(due.order_by("settle_at")[:AT_ONCE])
        found = CallRow.objects.filter(pk__in=[of.pk for of in waiting]).values(*READ)
        rows = {row["call_id"]: row for row in found}
        made = [event for of in waiting for event in _settle(of, rows.get(of.call_id), now)]
        _save(waiting, made)
    return [event.call_id for event in made]


def _judge(of: Settlement, row: Mapping[str, Any], now: datetime) -> list[VerdictEvent]:
    previous, of.judged, of.judged_at = of.judged, judged(row), now
    if of.settled_at:
        return [events.event(of, "verdict.changed", row, now, previous=previous)]
    of.settle_at = None if row["verdict"] in OPEN else now + SETTLED_AFTER
    return []


def _settle(of: Settlement, row: Mapping[str, Any] | None, now: datetime) -> list[VerdictEvent]:
    if row is None or row["verdict"] in OPEN:
        of.settle_at = None
        return []
    if of.judged != judged(row):
        return _judge(of, row, now)
    is_awaited = "pending" in (row["recording_state"], row["transcript_state"])
    if is_awaited and now < of.judged_at + AWAITED:
        of.settle_at = min(now + LOOKED_AGAIN_AFTER, of.judged_at + AWAITED)
        return []
    of.settle_at, of.settled_at = None, now
    return [events.event(of, "verdict.settled", row, now)]


def _locked(calls: Iterable[UUID]) -> dict[UUID, Settlement]:
    found = Settlement.objects.select_for_update().filter(call_id__in=list(calls)).order_by("call_id")
    return {of.call_id: of for of in found}


def _save(changed: list[Settlement], made: list[VerdictEvent]) -> None:
    if changed:
        Settlement.objects.bulk_create(
            changed, update_conflicts=True, unique_fields=["call_id"], update_fields=SAVED
        )
    VerdictEvent.objects.bulk_create(made)
