"""Calls beside a call: of the same caller, of the same cause in the same minutes, and the last good one."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple
from urllib.parse import urlencode

from django.urls import reverse

from callstore.report.document import Document
from callstore.search import related
from callstore.search.related import Related
from callstore.search.tree import And, Filter, Literal, Range, Term, write
from dashboard.export.incident import redacted

# Numbers that stand for a caller who shows none: letters on a telephone's keys, as Twilio delivers them
# (https://www.twilio.com/docs/voice/twiml#twilios-request-to-your-application, From).
NOBODY = {"+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253"}
SECONDS_A_MINUTE, SECONDS_AN_HOUR, SECONDS_A_DAY = 60, 3600, 86_400


class RelatedCall(NamedTuple):
    """A call beside another: how it lies to it in words, and where the two are compared."""

    call: Related
    says: str
    compare_url: str


class Group(NamedTuple):
    """Calls that have one thing in common, and the list of all that do; `loud` is worth a look."""

    title: str
    calls: list[RelatedCall]
    list_url: str
    loud: bool


def related_calls(document: Document) -> list[Group]:
    """The groups that have a call, from three look-ups at most; none where no beginning is known."""
    if not (started := document.get("started_at")):
        return []
    at = datetime.fromisoformat(started)
    return [group for group in _groups(document, at) if group.calls]


def comparable_calls(document: Document) -> list[Group]:
    """The groups of calls to compare one with, for whom no good one of its version came before."""
    if not (started := document.get("started_at")):
        return []
    at = datetime.fromisoformat(started)
    agent, version = document.get("agent_name"), document.get("agent_version")
    found = related.comparable(document["call_id"], agent, version, at)
    titles = {
        f"Natural ends of {f'the agent {agent}' if agent else 'agents without a name'}": found.of_agent,
        f"Other calls of {_of_version(agent, version)}": found.of_version,
        "Natural ends of any agent": found.of_any,
    }
    return [
        Group(title, [_beside(document, call, _apart(at, call)) for call in calls], "", False)
        for title, calls in titles.items()
        if calls
    ]


def _groups(document: Document, at: datetime) -> Iterator[Group]:
    call_id, caller, cause = document["call_id"], document.get("from"), document.get("cause")
    if caller and caller not in NOBODY and any(letter.isdigit() for letter in caller):
        found = related.of_caller(call_id, caller, at)
        beside = [_beside(document, call, _by_caller(document, at, call)) for call in found]
        called_back = any("called back" in each.says for each in beside)
        yield Group(
            "Same caller, within a day", beside, _list("from", masked(caller), at, related.A_DAY), called_back
        )
    if cause:
        found = related.of_cause(call_id, cause, at)
        beside = [_beside(document, call, _apart(at, call)) for call in found]
        yield Group(
            f"Same cause ({cause}), within ten minutes", beside,
            _list("cause", cause, at, related.SAME_MINUTES), False,
        )  # fmt: skip
    agent, version = document.get("agent_name"), document.get("agent_version")
    good = related.last_natural_end(agent, version, at)
    beside = [_beside(document, good, _apart(at, good))] if good else []
    terms = [
        Filter(key, Literal(value, True)) for key, value in (("agent", agent), ("version", version)) if value
    ]
    yield Group(
        f"Last natural end of {_of_version(agent, version)}", beside, _list_of(terms) if terms else "", False
    )


def _beside(document: Document, call: Related, says: str) -> RelatedCall:
    both = urlencode({"a": document["call_id"], "b": str(call.call_id)})
    return RelatedCall(call, says, f"{reverse('compare')}?{both}")


def _by_caller(document: Document, at: datetime, call: Related) -> str:
    """How a caller's other call lies to this one: who was cut off calls back."""
    ended = document.get("ended_at")
    end = datetime.fromisoformat(ended) if ended else at
    if call.started_at >= end:
        return f"called back after {lasting(call.started_at - end)}"
    if call.started_at >= at or (call.ended_at and call.ended_at > at):
        return "at the same time"
    return f"had called {lasting(at - (call.ended_at or call.started_at))} before"


def _apart(at: datetime, call: Related) -> str:
    apart = call.started_at - at
    return f"{lasting(abs(apart))} {'later' if apart >= timedelta() else 'before'}"


def lasting(span: timedelta) -> str:
    """A span as people say it, in its largest unit."""
    seconds = round(span.total_seconds())
    for unit, length in (("d", SECONDS_A_DAY), ("h", SECONDS_AN_HOUR), ("min", SECONDS_A_MINUTE)):
        if seconds >= length:
            return f"{seconds // length} {unit}"
    return f"{seconds} s"


def _of_version(agent: str | None, version: str | None) -> str:
    if not version:
        return f"the agent {agent}" if agent else "an agent of no known version"
    return f"{agent or 'agent'} {version}"


def _list(key: str, value: str, at: datetime, within: timedelta) -> str:
    begin, end = (Literal(f"{at + by:%Y-%m-%dT%H:%M:%SZ}") for by in (-within, within))
    return _list_of([Filter(key, Literal(value)), Filter("started", Range(begin, end))])


def masked(number: str) -> str:
    """A number as a filter that leaves out what the list masks: an address is kept in histories and logs."""
    return re.sub(r"\*+", "*", redacted(number) or "")


def _list_of(terms: Iterable[Term]) -> str:
    return f"{reverse('calls')}?{urlencode({'q': write(And(tuple(terms)))})}"
