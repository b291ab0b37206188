"""How many facts came to us from which source, how late and how oddly: counted along the feed, each once.

What the operator did and what a test sent is no source's. `SLOT_S` is how finely time is told apart.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal, NamedTuple, TypeAlias

from callstore.domain.facts.clock import Clock
from callstore.domain.facts.codec import BACKFILLED
from callstore.eventlog.db.statement import run
from callstore.eventlog.reading.feed import Cursor, OtherCluster, fault, parameters

SLOT_S = 600
# Upper edges of the classes of lateness, in seconds from when it happened to when it came; the last has none.
LATE_S = (1, 5, 15, 60, 300, 1800, 7200)
AHEAD_S = -2.0  # a sender's clock that is ahead of ours by more is told as class -1
SHOWN = 20  # of what came oddly in a slot the places of so many
Oddity: TypeAlias = Literal["unknown", "ahead", "disordered"]
OBSERVER_KEYS = "ce:/callstore/watch:"  # how keys of what our own observer tells begin

# Of a row with the columns source, type, clock, facts and dedup_key. What the application copied of an
# exchange with Twilio came from the application, by its clock.
SOURCE = f"""CASE
    WHEN type IN ('smoke.tested', 'call.noted') OR source = 'operator' THEN NULL
    WHEN facts ? '{BACKFILLED}' THEN 'backfill'
    WHEN source = 'twilio' AND clock = {Clock.APP:d} THEN 'app_events'
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
# What came after another fact of its stream and clock that surely happened later. Within the page the window
# tells; what of a leg came before it is looked up, for it is little. Of one delivery nothing is out of order.
_DISORDERED = "greatest(before.latest, page.latest) > occurred_at + precision_ms * interval '1 ms'"
_PLACE = "ARRAY[epoch, xid::text::bigint, position]"
_PLACES = f"(array_agg({_PLACE} ORDER BY position DESC) FILTER (WHERE {{}}))[:%s]"
# One statement, so that the place is that of the last fact which is counted.
TALLY = f"""
WITH page AS MATERIALIZED (
  SELECT epoch, xid, position, bucket, trace_id, subject, source, type, clock, precision_ms, occurred_at,
    received_at, {SOURCE} AS name, extract(epoch FROM received_at - occurred_at)::float8 AS lag
  FROM log.feed(%s::smallint, %s::text::xid8, %s::bigint, %s::bigint, %s)
), ends AS (
  SELECT page.epoch, page.xid::text::bigint AS xid, page.position FROM page
  ORDER BY page.epoch DESC, page.xid DESC, page.position DESC LIMIT 1
), before AS (
  SELECT leg.subject, e.name, e.clock, max(e.occurred_at) AS latest
  FROM (SELECT bucket, trace_id, subject, min(received_at) AS first FROM page WHERE source = 'twilio'
    GROUP BY bucket, trace_id, subject) AS leg
  CROSS JOIN LATERAL (SELECT clock, occurred_at, {SOURCE} AS name FROM log.event e WHERE e.bucket = leg.bucket
    AND e.trace_id = leg.trace_id AND e.subject = leg.subject AND e.source = 'twilio'
    AND e.received_at < leg.first OFFSET 0) AS e
  GROUP BY leg.subject, e.name, e.clock
), came AS (
  SELECT page.*, {_LATE}::int4 AS late, coalesce({_DISORDERED}, false) AS disordered
  FROM (SELECT *, max(occurred_at) OVER (PARTITION BY subject, name, clock ORDER BY received_at
    RANGE BETWEEN UNBOUNDED PRECEDING AND '1 us'::interval PRECEDING) AS latest FROM page) AS page
  LEFT JOIN before USING (subject, name, clock)
), told AS (
  SELECT name, date_bin('{SLOT_S} s', received_at, '2000-01-01Z') AS slot, late, count(*),
    count(*) FILTER (WHERE type = 'unrecognised') AS unknown,
    count(*) FILTER (WHERE disordered) AS disordered, max(received_at) AS last_at,
    {_PLACES.format("type = 'unrecognised'")} AS unknown_at, {_PLACES.format("late < 0")} AS ahead_at,
    {_PLACES.format("disordered")} AS disordered_at
  FROM came WHERE received_at > now() - %s * interval '1 s' GROUP BY name, slot, late)
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
    disordered: int  # that came after one of their stream which happened later
    last_at: datetime
    odd: Mapping[Oddity, list[Cursor]] = {}  # where the last of those are that came oddly


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
    rows = run(TALLY, [*parameters(after), most, fed, SHOWN, SHOWN, SHOWN, within_s])
    last = Cursor(*rows[0][:3]) if rows else None
    return [_arrived(*told) for _, _, _, *told in rows if told[0] is not None], last


def _arrived(
    source: str, slot: datetime, late: int, facts: int, unknown: int, disordered: int, last_at: datetime,
    *places: Iterable[Iterable[int]] | None,
) -> Arrived:  # fmt: skip
    kinds: tuple[Oddity, ...] = ("unknown", "ahead", "disordered")
    odd = {kind: [Cursor(*at) for at in found] for kind, found in zip(kinds, places, strict=True) if found}
    return Arrived(source, slot, late, facts, unknown, disordered, last_at, odd)
