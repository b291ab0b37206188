"""How what a source told within a day came, in parts of it, each leading to the events that it counts."""

from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlencode

from django.urls import reverse

from callstore.domain.facts import ids
from callstore.health.sources import EventRow, Oddity, Source
from dashboard.call.log.inspected import EventLine, delivery, line

FETCHING = frozenset({"recording_audio", "backfill"})
# What a kind of them is called, and what it says of the source.
KINDS: dict[Oddity, tuple[str, str]] = {
    "disordered": (
        "Out of order",
        "They came after an event of the same subject which, by the same clock, happened later.",
    ),
    "unknown": (
        "Unknown kinds",
        "They were proved and kept, and nobody here knows what they say. They may be new at the sender.",
    ),
    "ahead": (
        "Clock ahead of ours",
        "They are stamped more than 2 s after they came: the sender's clock is ahead, or ours behind.",
    ),
}


class Part(NamedTuple):
    """So many of so many; `url` leads to them, "" where nothing of them is kept."""

    name: str
    part: int
    whole: int
    url: str = ""

    @property
    def share(self) -> str:
        """In words, so that few of very many are not none."""
        if not self.part:
            return "none"
        share = 100 * self.part / self.whole
        return f"{share:.1f} %" if share >= 0.1 else "< 0.1 %"


class OddEvent(NamedTuple):
    """An event as a row of the log, with where it leads: "" where it is of no call."""

    line: EventLine
    arrived_at: str
    subject: str
    url: str
    delivery: str

    @property
    def ahead_s(self) -> float:
        """By how much its stamp is ahead of when it came."""
        return -self.line.late_s

    @classmethod
    def of(cls, event: EventRow) -> "OddEvent":
        """The event with its numbers masked."""
        of_a_call = ids.is_of_a_call(event["subject"])
        url = reverse("call-event", args=[event["trace"], event["position"]]) if of_a_call else ""
        return cls(line(event), event["received_at"], event["subject"], url, delivery(event))


def parts_of(source: Source) -> Iterator[Part]:
    """Those that say something of this source. What is fetched has no order, and nobody tells it again."""
    how = source.how
    if source.source in FETCHING and how.fetched:
        yield Part("Fetched again", how.fetched_again, how.fetched)
    elif how.told and (source.door or source.source == "observer"):
        yield Part("Told again", how.told_again, how.told)
        yield _odd(source, "disordered", how.disordered)
    if how.unknown:
        yield _odd(source, "unknown", how.unknown)
    if how.ahead:
        yield _odd(source, "ahead", how.ahead)


def _odd(source: Source, kind: Oddity, count: int) -> Part:
    asked = urlencode({"source": source.source, "kind": kind})
    url = f"{reverse('ingest-events')}?{asked}" if count else ""
    return Part(KINDS[kind][0], count, source.how.came, url)
