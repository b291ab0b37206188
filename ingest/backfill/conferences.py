"""The conferences that legs of a call were in: Twilio lists conferences by day and status, and not by leg."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime

from callstore.domain.facts.record import Draft
from ingest.backfill.fetch import Api
from ingest.dialects import parse
from ingest.dialects.twilio import rest
from ingest.dialects.twilio.rest import Resource

# Both, said outright: without a status only those that go on are listed (reference: Twilio, changes, §3).
STATUSES = ("completed", "in-progress")
AROUND_S = 60.0  # a conference begins with its first leg, and its stamp is another host's
MOST = 20  # whose participants are asked for; more begin in these seconds only where thousands call


def drafts(asked: Api, legs: Mapping[str, Resource], now: float) -> Iterator[Draft]:
    """What Twilio knows of the conferences of these legs."""
    begins = [at for leg in legs.values() if (at := parse.mail_time(leg.get("date_created"))) is not None]
    ends = [parse.mail_time(leg.get("end_time")) or now for leg in legs.values()]
    if not begins:
        return
    first, last = min(begins) - AROUND_S, max(ends) + AROUND_S
    for status in STATUSES:
        listed = [c for day in _days(first, last) for c in asked.conferences(day, status)]
        near = [c for c in listed if first <= (parse.mail_time(c.get("date_created")) or 0.0) <= last]
        for conference in near[:MOST]:
            members = asked.participants(str(conference.get("sid")))
            if _is_of(conference, members, legs):
                yield from rest.conference(conference, now)
                for member in members:
                    if member.get("call_sid") in legs:
                        yield from rest.participant(member, now)


def _is_of(conference: Resource, members: list[Resource], legs: Mapping[str, Resource]) -> bool:
    """Whether a leg was in it: it is there, it ended it, or, as in Twilio's sample, it gave it its name."""
    named = str(conference.get("friendly_name") or "")
    there = {conference.get("call_sid_ending_conference"), *(member.get("call_sid") for member in members)}
    return bool(there & legs.keys()) or any(leg in named for leg in legs)


def _days(first: float, last: float) -> list[date]:
    days = (datetime.fromtimestamp(at, UTC).date() for at in (first, last))
    return list(dict.fromkeys(days))
