"""The sheets that are kept: made of what is old enough, read while they hold, made anew when they do not.

A save of a call that began twelve hours ago or earlier notes that its sheet holds no longer; a sheet holds
where no note is younger than ten minutes before it was made: whatever noted earlier was committed by then.
"""

from datetime import datetime
from hashlib import sha256
from time import monotonic

import orjson
from django.db import transaction

from callstore.eventlog.db.statement import run, run_each
from callstore.projection.sheets.counted import COUNTED, Sheet, counted
from callstore.projection.sheets.periods import LENGTH, OVER_FOR, PERIOD, PERIOD_OF

REACH = "interval '730 days'"  # what began earlier is read call by call
ROUND_S = 5.0  # of a minute; a million calls of three months have theirs after a few
FORM = sha256(COUNTED.encode()).hexdigest()[:12]  # what others counted otherwise is not ours

_ENDS_IT = "late.period = sheet.period AND late.noted_at > sheet.made_at - interval '10 minutes'"
HOLDS = f"""sheet.form = '{FORM}' AND NOT EXISTS (
  SELECT FROM call_sheet_late AS late WHERE {_ENDS_IT})"""
# Newest first. One whose calls are being changed now would not hold. Each is made anew once a day: while an
# upgrade goes on, workers of a version that knows no sheets save calls and note nothing.
LACKING = f"""
SELECT period FROM generate_series(
  {PERIOD_OF.format("greatest((SELECT min(started_at) FROM call), now() - " + REACH + ")")},
  now() - interval '{(OVER_FOR + PERIOD).total_seconds()} s', {LENGTH}) AS lacking (period)
WHERE NOT EXISTS (SELECT FROM call_sheet AS sheet
    WHERE sheet.period = lacking.period AND sheet.made_at > now() - interval '1 day' AND {HOLDS})
  AND NOT EXISTS (SELECT FROM call_sheet_late AS late
    WHERE late.period = lacking.period AND late.noted_at > now() - interval '10 minutes')
ORDER BY period DESC"""
KEEP = f"""
INSERT INTO call_sheet (period, form, calls, body) VALUES (%b, '{FORM}', %b, %b::json)
ON CONFLICT (period) DO UPDATE SET form = excluded.form, calls = excluded.calls, body = excluded.body,
  made_at = excluded.made_at"""
FORGET_SHEETS = f"DELETE FROM call_sheet WHERE period < now() - {REACH}"
FORGET_NOTES = f"""
DELETE FROM call_sheet_late AS late WHERE noted_at < now() - interval '1 hour' AND NOT EXISTS (
  SELECT FROM call_sheet AS sheet WHERE {_ENDS_IT})"""
_OF = f"period >= %b::timestamptz AND period <= %b::timestamptz - {LENGTH} AND {HOLDS}"
CALLS = f"SELECT coalesce(sum(calls), 0)::bigint FROM call_sheet AS sheet WHERE {_OF}"
READ = f"SELECT period, body::text FROM call_sheet AS sheet WHERE {_OF} ORDER BY period"


def calls(since: datetime, until: datetime) -> int:
    """How many calls the sheets know that lie whole in a time."""
    return int(run(CALLS, [since, until])[0][0])


def read(since: datetime, until: datetime) -> dict[datetime, Sheet]:
    """The sheets that lie whole in a time, by when their six hours begin; one where no call began, too."""
    return {period: orjson.loads(body) for period, body in run(READ, [since, until])}


def make_lacking(seconds: float = ROUND_S) -> int:
    """Make sheets that are lacking or hold no longer, for so long; how many. Then forget what none needs."""
    ends, made = monotonic() + seconds, 0
    for (period,) in run(LACKING, []):
        if monotonic() > ends:
            break
        _make(period)
        made += 1
    run_each(FORGET_SHEETS, [[]])
    run_each(FORGET_NOTES, [[]])
    return made


def forget_all() -> None:
    """All of them: other calls stand in their place."""
    run_each("DELETE FROM call_sheet", [[]])


def _make(period: datetime) -> None:
    # In one transaction: made_at is when it began, and no rebuild puts other calls there meanwhile.
    with transaction.atomic():
        sheet = counted("started_at >= %s AND started_at < %s", [period, period + PERIOD]).get(period, {})
        calls = sum(n for bins in sheet.get("verdict", {}).values() for n in bins.values())
        run_each(KEEP, [[period, calls, orjson.dumps(sheet).decode()]])
