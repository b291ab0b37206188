"""How many facts came to us from which source, and how late: counted along the feed, each fact once.

What the operator did and what a test sent is no source's. `SLOT_S` is how finely time is told apart.
"""

from datetime import datetime
from typing import NamedTuple

from callstore.domain.facts.codec import BACKFILLED
from callstore.eventlog.db.statement import run
from callstore.eventlog.reading.feed import Cursor, OtherCluster, fault, parameters

SLOT_S = 600
# Upper edges of the classes of lateness, in seconds from when it happened to when it came; the last has none.
LATE_S = (1, 5, 15, 60, 300, 1800, 7200)
AHEAD_S = -2.0  # a sender's clock that is ahead of ours by more is told as class -1
OBSERVER_KEYS = "ce:/callstore/watch:"  # how keys of what our own observer tells begin

_SOURCE = f"""CASE
    WHEN type IN ('smoke.tested', 'call.noted') OR source = 'operator' THEN NULL
    WHEN facts ? '{BACKFILLED}' THEN 'backfill'
    WHEN source = 'twilio' AND type IN ('leg.summarised', 'leg.changed', 'provider.warned')
      THEN 'twilio_event_streams'
    WHEN source = 'twilio' AND type = 'recording.status' THEN 'twilio_recordings'
    WHEN source = 'twilio' AND type IN ('words.watched', 'words.heard') THEN 'twilio_transcription'
    WHEN source = 'twilio' THEN 'twilio_callbacks'
    WHEN source = 'openai' THEN 'openai_webhook'
    WHEN source = 'app' AND dedup_key ^@ '{OBSERVER_KEYS}' THEN 'observer'
    WHEN source = 'app' THEN 'app_events'
    WHEN source = 'audio' THEN 'recording_audio'
    WHEN source = 'status_page' THEN 'status_feeds'
    ELSE source END"""
_LATE = f"""CASE WHEN lag < {AHEAD_S} THEN -1
    ELSE width_bucket(lag, ARRAY[{", ".join(map(str, LATE_S))}]::float8[]) END"""
# One statement, so that the place is that of the last fact which is counted.
TALLY = f"""
WITH page AS MATERIALIZED (
  SELECT epoch, xid, position, source, type, dedup_key, facts, received_at,
    extract(epoch FROM received_at - occurred_at)::float8 AS lag
  FROM log.feed(%s::smallint, %s::text::xid8, %s::bigint, %s::bigint, %s)
), ends AS (
  SELECT page.epoch, page.xid::text::bigint AS xid, page.position FROM page
  ORDER BY page.epoch DESC, page.xid DESC, page.position DESC LIMIT 1
), told AS (
  SELECT {_SOURCE} AS name, date_bin('{SLOT_S} s', received_at, '2000-01-01Z') AS slot, {_LATE}::int4 AS late,
    count(*), count(*) FILTER (WHERE type = 'unrecognised') AS unknown, max(received_at) AS last_at
  FROM page WHERE received_at > now() - %s * interval '1 s' GROUP BY 1, 2, 3)
SELECT ends.epoch, ends.xid, ends.position, told.* FROM ends LEFT JOIN told ON true"""


class Arrived(NamedTuple):
    """So many facts of a source that came in a slot of time, of one class of lateness; the last at `last_at`.

    `late` is the place in LATE_S of the first edge above it, len(LATE_S) beyond all; -1 for a clock ahead.
    """

    source: str
    slot: datetime
    late: int
    facts: int
    unknown: int  # of which we did not know the kind
    last_at: datetime


def in_the_feed(after: Cursor, most: int, within_s: float) -> tuple[list[Arrived], Cursor | None]:
    """What `most` facts behind a place add up to, and the place of the last; None where there is none.

    Only what no running transaction can precede; what came longer ago than `within_s` is passed over.
    Raises OtherCluster, and django.db.DatabaseError.
    """
    if why := fault():
        raise OtherCluster(why)
    return _counted(after, most, within_s, fed=True)


def behind(after: Cursor, most: int, within_s: float) -> list[Arrived]:
    """The same of up to `most` facts behind a place, in the feed or not yet."""
    return _counted(after, most, within_s, fed=False)[0]


def _counted(after: Cursor, most: int, within_s: float, *, fed: bool) -> tuple[list[Arrived], Cursor | None]:
    rows = run(TALLY, [*parameters(after), most, fed, within_s])
    last = Cursor(*rows[0][:3]) if rows else None
    return [Arrived(*told) for _, _, _, *told in rows if told[0] is not None], last
