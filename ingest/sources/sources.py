"""Every source with its state: counts of the log, refusals, heartbeats, settings and status pages."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime

from django.conf import settings
from django.db.models import Max

from callstore.base.heartbeat import alive, silent_after
from callstore.eventlog.reading import listing
from callstore.eventlog.reading.listing import EventRow
from callstore.eventlog.reading.tally import Arrived, Oddity
from callstore.health.refusals import NO_PROOF, Refusal
from callstore.health.sources import Source
from ingest.arrivals import counts, repeats
from ingest.arrivals.repeats import Repeated
from ingest.doors import rejections
from ingest.models import Rejection
from ingest.sources import status_pages
from ingest.sources.judging import Judgement, Traffic, judged
from ingest.sources.known import KNOWN, Known
from ingest.sources.numbers import hour_from, laid_out, late, past


def sources() -> list[Source]:
    """The sources by importance, then those of providers that were added. Raises django.db.DatabaseError."""
    now = datetime.now(UTC)
    came: dict[str, list[Arrived]] = defaultdict(list)
    for each in counts.read():
        came[each.source].append(each)
    again: dict[str, list[Repeated]] = defaultdict(list)
    for repeat in repeats.read():
        again[repeat.source].append(repeat)
    first = min((each.slot for rows in came.values() for each in rows), default=now)
    refused = rejections.recent()
    beating = alive({known.heartbeat for known in KNOWN if known.heartbeat})
    told = []
    met: set[str] = set()
    for known in (*KNOWN, *_others(came)):
        mine = [each for each in refused if each.door == known.door] if known.door not in met else []
        met |= {known.door} - {""}
        told.append(_source(known, came[known.source], again[known.source], mine, first, now, beating))
    return [*told, status_pages.source(came["status_feeds"], now)]


def odd(source: str, kind: Oddity) -> list[EventRow]:
    """The last events of a source that came so oddly within the day. Raises django.db.DatabaseError."""
    return listing.at(counts.odd(source, kind, listing.MOST))


def _source(
    known: Known, rows: Sequence[Arrived], again: Sequence[Repeated], refused: Sequence[Refusal],
    first: datetime, now: datetime, beating: set[str] | None,
) -> Source:  # fmt: skip
    hour = hour_from(now)
    wrong = [each for each in refused if not each.by_stranger]
    lately = [each for each in rows if each.slot >= hour]
    traffic = Traffic(
        now=now,
        last_at=max((each.last_at for each in rows), default=None),
        count=sum(each.facts for each in lately),
        past=past(rows, hour, first),
        late_s=late(lately, 0.95),
        refused_at=_refused_last(known.door) if wrong else None,
        refusals=wrong,
    )
    return laid_out(known, traffic, _judged(known, traffic, beating), rows, again, refused)


def _judged(known: Known, traffic: Traffic, beating: set[str] | None) -> Judgement:
    """Switched off, not running, or as its traffic is."""
    if known.setting and not getattr(settings, known.setting, None):
        return Judgement(
            "off", f"{known.setting} is not set: its door refuses everything.", f"{known.setting}=…"
        )
    if not known.is_on():
        return Judgement("off", known.switch)
    found = judged(traffic, known.late_after_s, known.remedy)
    stopped = known.heartbeat and beating is not None and known.heartbeat not in beating
    if stopped and found.state in ("ok", "late", "silent"):
        why = f"The process {known.heartbeat} has been silent for {silent_after(known.heartbeat)} s."
        return Judgement("silent", why, f"Start {known.heartbeat}: docs/operations.md has its command.")
    return found


def _refused_last(door: str) -> datetime | None:
    """When the door last refused a delivery with a wrong proof."""
    wrong = Rejection.objects.filter(door=door).exclude(reason__startswith=NO_PROOF)
    found: datetime | None = wrong.aggregate(at=Max("last_at"))["at"]
    return found


def _others(came: dict[str, list[Arrived]]) -> list[Known]:
    """Sources of providers that lie beside ours."""
    ours = {known.source for known in KNOWN} | {"status_feeds"}
    return [
        Known(source, source.replace("_", " ").capitalize(), source) for source in sorted(set(came) - ours)
    ]
