"""The numbers of a source: its last hour, that hour of past days, how late, and a day by hours. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from callstore.eventlog.reading.tally import LATE_S, SLOT_S, Arrived
from callstore.health.refusals import Refusal
from callstore.health.sources import How, Source
from ingest.arrivals.repeats import Repeated
from ingest.sources.judging import Judgement, Traffic
from ingest.sources.known import Known

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PAST_DAYS = 7


def laid_out(
    known: Known, traffic: Traffic, judgement: Judgement, rows: Sequence[Arrived],
    repeats: Sequence[Repeated], refused: Sequence[Refusal],
) -> Source:  # fmt: skip
    """A source with the numbers of its rows."""
    today = [each for each in rows if each.slot > traffic.now - DAY]
    return Source(
        source=known.source,
        name=known.name,
        door=known.door,
        state=judgement.state,
        why=judgement.why,
        remedy=judgement.remedy,
        last_at=traffic.last_at,
        hour_from=hour_from(traffic.now),
        count=traffic.count,
        expected=traffic.expected,
        arrival_p50_s=late(today, 0.5),
        arrival_p95_s=late(today, 0.95),
        arrival_p99_s=late(today, 0.99),
        how=how(rows, repeats, traffic.now - DAY),
        how_lately=how(rows, repeats, hour_from(traffic.now)),
        hours=_hours(rows, traffic.now),
        refusals=tuple(refused),
    )


def how(rows: Iterable[Arrived], repeats: Iterable[Repeated], since: datetime) -> How:
    """How what came since a slot began came."""
    came = [each for each in rows if each.slot >= since]
    again: dict[str, int] = defaultdict(int)
    for each in repeats:
        if each.slot >= since:
            again[each.what] += each.times
    return How(
        came=sum(each.facts for each in came),
        unknown=sum(each.unknown for each in came),
        ahead=sum(each.facts for each in came if each.late < 0),
        disordered=sum(each.disordered for each in came),
        **again,
    )


def hour_from(now: datetime) -> datetime:
    """When the first of the six slots began of which the last hour is made."""
    slot = datetime.fromtimestamp(now.timestamp() // SLOT_S * SLOT_S, UTC)
    return slot + timedelta(seconds=SLOT_S) - HOUR


def past(rows: Iterable[Arrived], hour: datetime, first: datetime) -> list[int]:
    """What came in the same hour of each of the past days that are known at all, yesterday first."""
    found = [0] * PAST_DAYS
    for each in rows:
        days, into = divmod(hour + HOUR - each.slot - timedelta(seconds=SLOT_S), DAY)
        if 1 <= days <= PAST_DAYS and into < HOUR:
            found[days - 1] += each.facts
    return [count for day, count in enumerate(found, 1) if hour - day * DAY >= first]


def late(rows: Iterable[Arrived], part: float) -> float | None:
    """Within how many seconds that part of the facts came.

    What is older than the last edge was not late: somebody brought old facts, of a recorded call or a backup.
    """
    classes: dict[int, int] = defaultdict(int)
    for each in rows:
        if each.late < len(LATE_S):
            classes[max(0, each.late)] += each.facts
    whole, sum_ = sum(classes.values()), 0
    for at in sorted(classes):
        sum_ += classes[at]
        if sum_ >= part * whole:
            return float(LATE_S[at])
    return None


def _hours(rows: Iterable[Arrived], now: datetime) -> tuple[int, ...]:
    found = [0] * 24
    for each in rows:
        ago = int((hour_from(now) + HOUR - each.slot - timedelta(seconds=SLOT_S)) / HOUR)
        if 0 <= ago < 24:
            found[23 - ago] += each.facts
    return tuple(found)
