"""Brings into the log what Twilio's API knows of a call and the log does not."""

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from callstore.domain.facts import ids
from callstore.domain.facts.events import FlowAnswered, LegStatus, LegSummarised
from callstore.domain.facts.record import Draft, Record
from callstore.eventlog.crypto import keyring
from callstore.eventlog.reading import read
from callstore.eventlog.writing.append import append
from callstore.requests.backfill import MOST_LEGS
from ingest.backfill import conferences, transcripts
from ingest.backfill.fetch import Api, api
from ingest.backfill.rest_http import NotThere, Unanswered
from ingest.dialects.twilio import call_events, rest
from ingest.dialects.twilio.rest import Resource
from ingest.providers.twilio.accounts import accounts

# What a step of the schedule asks for, beside the legs themselves (callstore/report/sources/asking.py).
EVERYTHING = frozenset({"events", "notifications", "recordings", "transcripts", "conferences", "insights"})
ASKED_FOR: Mapping[str, frozenset[str]] = {
    "events": EVERYTHING - {"insights"},
    "insights_partial": frozenset({"insights"}),
    "insights": frozenset({"insights"}),
    "command": EVERYTHING,
}


class Erased(Exception):
    """The call was erased: of it nothing is asked for any more."""


@dataclass(slots=True)
class Taken:
    """How many facts the log had not, and what Twilio could not tell, each as a sentence."""

    found: int = 0
    legs: dict[str, Resource] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)


def take(account_sid: str, legs: Collection[str], kinds: Collection[str]) -> Taken:
    """Asks about the call of these legs (call SIDs), and appends what is new. Raises Erased.

    What one kind of question cannot be answered hinders no other. Nothing is doubled by asking again.
    """
    taken = Taken()
    _refuse_erased(legs)
    known = _records(legs)
    account = account_sid or next((a for r in known if (a := getattr(r.event, "account", None))), "")
    drafts: list[Draft] = []
    for candidate in [account] if account else accounts() or [""]:
        taken.failures = []
        try:
            with api(candidate) as asked:
                drafts = asked_about(asked, legs, known, kinds, taken)
        except Unanswered as error:
            taken.failures.append(str(error))
        if taken.legs:
            break
    _refuse_erased([*legs, *taken.legs])
    new = unknown(drafts, [*known, *_records(set(taken.legs) - set(legs))])
    taken.found = sum(position is not None for position in append(new))
    return taken


def asked_about(
    asked: Api, legs: Collection[str], known: Collection[Record], kinds: Collection[str], taken: Taken
) -> list[Draft]:
    """What the API tells of the call of these legs, of which `known` is known; `taken` has its legs then."""
    taken.legs = _legs(asked, legs, taken.failures)
    questions = _questions(asked, taken, known, kinds)
    return [draft for each in questions for draft in _answered(each, taken.failures)]


def _refuse_erased(legs: Iterable[str]) -> None:
    if any(keyring.is_destroyed(f"twilio:{leg}") for leg in legs):
        raise Erased


def _records(legs: Iterable[str]) -> list[Record]:
    return read.records(read.homes(f"twilio:{leg}" for leg in legs))


def _legs(asked: Api, legs: Iterable[str], failures: list[str]) -> dict[str, Resource]:
    """The legs of the call by their SIDs: these, who dialled them, and whom they dialled."""
    found: dict[str, Resource] = {}
    waiting = list(dict.fromkeys(legs))
    while waiting and len(found) < MOST_LEGS:
        sid = waiting.pop(0)
        if sid in found:
            continue
        try:
            found[sid] = asked.call(sid)
            near = [found[sid].get("parent_call_sid"), *(child.get("sid") for child in asked.children(sid))]
        except Unanswered as error:
            failures.append(str(error))
            continue
        waiting += [leg for leg in near if isinstance(leg, str) and ids.CALL_SID.fullmatch(leg)]
    return found


Question = Callable[[], Iterable[Draft]]


def _questions(
    asked: Api, taken: Taken, known: Collection[Record], kinds: Collection[str]
) -> Iterator[Question]:
    """What to ask about the legs, each so that its failure is its own."""
    now = time.time()
    for sid, leg in taken.legs.items():
        of_a_leg: dict[str, Question] = {
            "events": partial(_exchanges, asked, leg, now),
            "notifications": partial(_warnings, asked, sid, now),
            "recordings": partial(_recordings, asked, sid, now),
            "transcripts": partial(transcripts.drafts, asked, sid, now),
            "insights": partial(_insights, asked, sid, now),
        }
        yield partial(rest.leg, leg, now)
        yield from (question for kind, question in of_a_leg.items() if kind in kinds)
    if "conferences" in kinds and _met_in_a_conference(taken, known):
        yield partial(conferences.drafts, asked, taken.legs, now)


def _exchanges(asked: Api, leg: Resource, now: float) -> list[Draft]:
    return call_events.exchanges(asked.events(str(leg["sid"])), leg, now)


def _warnings(asked: Api, sid: str, now: float) -> list[Draft]:
    return [draft for found in asked.notifications(sid) for draft in rest.warning(found, now)]


def _recordings(asked: Api, sid: str, now: float) -> list[Draft]:
    return [draft for found in asked.recordings(sid) for draft in rest.recording(found, now)]


def _insights(asked: Api, sid: str, now: float) -> list[Draft]:
    """Of a leg without Advanced Features, and too early, Twilio has none: that is no failure."""
    try:
        noted = [draft for found in asked.insights(sid) for draft in rest.insight(found, now)]
        return [*rest.summary(asked.summary(sid), now), *noted]
    except NotThere:
        return []


def _met_in_a_conference(taken: Taken, known: Iterable[Record]) -> bool:
    """Whether a conference may have been where they met: our TwiML said so, or nobody dialled anybody."""
    verbs = {verb for r in known if isinstance(r.event, FlowAnswered) for verb in r.event.verbs}
    dialled = any(leg.get("parent_call_sid") for leg in taken.legs.values())
    return "Conference" in verbs or not (dialled or verbs)


def _answered(question: Question, failures: list[str]) -> list[Draft]:
    try:
        return list(question())
    except Unanswered as error:
        failures.append(str(error))
        return []


def unknown(drafts: Iterable[Draft], records: Iterable[Record]) -> list[Draft]:
    """The drafts that may tell something new: what the log has of a fact, the API's copy does not contradict.

    A copy with less in it would be set aside as a contradiction. Of several tellings by the API itself the
    fullest is kept: that with the sequence number, which is the callback's own.
    """
    records = list(records)
    keys = {(record.subject, record.source, record.key) for record in records}
    told = {_what(record.subject, record.event) for record in records} - {None}
    kept: list[Draft] = []
    for draft in sorted(drafts, key=lambda d: d.sequence is None):
        what = _what(draft.subject, draft.event)
        is_poorer = draft.sequence is None and what in told
        if is_poorer or (draft.subject, draft.source, draft.key) in keys:
            continue
        told |= {what} - {None}
        kept.append(draft)
    return kept


def _what(subject: str, event: object) -> tuple[str, ...] | None:
    """What is said once of a leg, whoever says it; None for anything else."""
    match event:
        case LegStatus(status=status):
            return ("status", subject, status)
        case LegSummarised(processing=processing):
            return ("summary", subject, processing)
    return None
