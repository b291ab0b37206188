"""When Twilio's API is to be asked for what its callbacks did not tell of a call.

Callbacks are best effort and nobody repeats a lost one (twilio.com/docs/usage/webhooks). Nothing here knows
the time: a step has the moment at which it is due, and whoever has a clock compares.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from callstore.domain.call.call import Asking, Call, Leg
from callstore.domain.facts.vocabulary import TERMINAL

# Of the legs themselves: the resource lags its callbacks by seconds.
AFTER_THE_PARENT_S = 30.0
AFTER_THE_DIAL_S = 60.0
# Of the whole call, after its end: requests are listed after 15 minutes (voice/api/call-event-resource), a
# summary is partial after 10 and complete after 30 (docs/voice/voice-insights).
EVENTS_S = 15 * 60.0
INSIGHTS_S = (10 * 60.0, 35 * 60.0)
# Of legs that nobody finished: rarer and rarer since the last news, for a day.
UNFINISHED_S = (5 * 60.0, 20 * 60.0, 3600.0, 3 * 3600.0, 6 * 3600.0, 12 * 3600.0, 20 * 3600.0)
A_DAY_S = 24 * 3600.0
# After a failure the same step is tried again so much later, then given up.
AGAIN_S = (60.0, 300.0, 900.0)


class Step(NamedTuple):
    """A time to ask, as which attempt; `at` in Unix seconds."""

    at: float
    name: str
    attempt: int


def asked_about(call: Call) -> list[str]:
    """The legs of a call, those too of which nothing but a session or a conference tells (call SIDs)."""
    named = {sid for session in call.sessions.values() for sid in (session.child, session.parent) if sid}
    there = {sid for conference in call.conferences.values() for sid in conference.participants}
    return sorted({*call.legs, *named, *there})


def next_step(call: Call) -> Step | None:
    """The step that is due first; None where there is nothing to ask for."""
    return min(_steps(call), default=None) if asked_about(call) else None


def _steps(call: Call) -> Iterator[Step]:
    wanted = [*_of_lost_ends(call), *_of_the_end(call)]
    steps = [
        step
        for name, at in wanted
        for step in _attempt(name, at, [a for a in call.asked_of_twilio if a.step == name])
    ]
    yield from steps
    if not steps and _ended(call) is None:
        yield from _of_unfinished(call)


def _of_lost_ends(call: Call) -> Iterator[tuple[str, float]]:
    """A leg whose own end was not told though another fact says that it is over."""
    parent = call.parent
    children = [leg for leg in call.legs.values() if leg is not parent]
    if parent and _told_its_end(parent) and parent.ended:
        dialled = any(ask.answer and "Dial" in ask.answer.verbs for ask in call.asks)
        if any(not _told_its_end(leg) for leg in children) or (dialled and not children):
            yield "parent_ended", parent.ended.at.latest + AFTER_THE_PARENT_S
    for ask in call.asks:
        child = call.legs.get(ask.child or "")
        if ask.kind == "dial" and ask.asked and child and not _told_its_end(child):
            yield "dial_ended", ask.asked.at.latest + AFTER_THE_DIAL_S
            break


def _of_the_end(call: Call) -> Iterator[tuple[str, float]]:
    """What Twilio knows some time after a call."""
    ended = _ended(call)
    if ended is None:
        return
    yield "events", ended + EVENTS_S
    if not all(leg.disconnected_by for leg in call.legs.values()):
        yield "insights_partial", ended + INSIGHTS_S[0]
        yield "insights", ended + INSIGHTS_S[1]


def _of_unfinished(call: Call) -> Iterator[Step]:
    """A leg that ended nowhere: its end may be lost like any callback."""
    legs = [leg.first for leg in call.legs.values()]
    sessions = [session.offered or session.first for session in call.sessions.values()]
    began = min((seen.at.at for seen in (*legs, *sessions) if seen), default=None)
    news = call.last_news_at
    if began is None or news is None:
        return
    asked = [a for a in call.asked_of_twilio if a.step == "unfinished"]
    since = sum(a.seen.at.at > news for a in asked)
    if since < len(UNFINISHED_S) and news + UNFINISHED_S[since] <= began + A_DAY_S:
        yield Step(news + UNFINISHED_S[since], "unfinished", _after(asked))


def _attempt(name: str, at: float, asked: list[Asking]) -> Iterator[Step]:
    """The next attempt at a step that is asked once, or a little more often where it fails."""
    last = max(asked, key=lambda a: a.attempt, default=None)
    if last is None:
        yield Step(at, name, 1)
    elif last.failure and last.attempt <= len(AGAIN_S):
        yield Step(last.seen.at.at + AGAIN_S[last.attempt - 1], name, last.attempt + 1)


def _after(asked: Iterable[Asking]) -> int:
    return max((a.attempt for a in asked), default=0) + 1


def _told_its_end(leg: Leg) -> bool:
    return leg.status in TERMINAL and not leg.end_inferred


def _ended(call: Call) -> float | None:
    """When the last leg ended at the latest; None while one has not, by whatever fact."""
    ends = [leg.ended.at.latest if leg.ended else None for leg in call.legs.values()]
    return None if not ends or None in ends else max(end for end in ends if end is not None)
