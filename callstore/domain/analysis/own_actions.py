"""What our own side said or did that can end a call: finish tools, hang-ups, transfers."""

import re
from collections.abc import Iterator

from callstore.domain.analysis.finish_tools import FinishTools
from callstore.domain.call.call import Call
from callstore.domain.call.observation import Observation
from callstore.domain.call.session import ApiCall, Session
from callstore.domain.facts.vocabulary import StatementKind

# Names of the tools with which the model asks for a person.
_TRANSFER = re.compile(
    r"transfer|hand_?-?(off|over)|escalat|forward_?-?call|human|person|operator|representative|live_?-?agent",
    re.I,
)
WENT_ON = 2


def finishes(call: Call, tools: FinishTools) -> list[Observation]:
    """Each call of the agent's finish tool, by the session's frame or the application's word."""
    told = list(_said(call, "session_finished"))
    return told + ([seen for seen, name in call.session.tools if tools.named(name)] if call.session else [])


def last_finishes(call: Call, tools: FinishTools) -> Iterator[Observation]:
    """Those that the conversation did not outlive: after one answered goodbye the call ends."""
    session = call.session
    for seen in finishes(call, tools):
        if _answered_after(session, seen) < WENT_ON:
            yield seen


def _answered_after(session: Session | None, seen: Observation) -> int:
    """How many turns of the caller the agent answered after this."""
    if session is None:
        return 0
    last = max((r.started.at.at for r in session.replies.values() if r.started), default=0.0)
    begun = [t.began.at.at for t in session.turns.values() if t.began]
    return sum(seen.at.at < at < last for at in begun)


def hangups(call: Call) -> Iterator[Observation]:
    """Our application hung up: by its word, by an accepted API call, by asking for the session's close."""
    yield from _said(call, "hangup_requested")
    if call.session:
        yield from (a.seen for a in call.session.api_calls if a.action == "hangup" and _accepted(a))
        if call.session.parting and call.session.parting.reason == "close_requested":
            yield call.session.parting.seen
    if call.child is None:
        yield from _hung_up_by_flow(call)


def _said(call: Call, what: StatementKind) -> Iterator[Observation]:
    """When the application said this, of the conversation that is looked at."""
    since = call.since or 0.0
    yield from (s.seen for s in call.said if s.what == what and s.seen.at.at >= since)


def _accepted(call: ApiCall) -> bool:
    return call.status is None or call.status < 300


def _hung_up_by_flow(call: Call) -> Iterator[Observation]:
    """With no child leg, our TwiML's <Hangup/> or <Reject/> is the act that ends a call."""
    for ask in call.asks:
        if ask.answer and ask.answered and {"Hangup", "Reject"} & set(ask.answer.verbs):
            yield ask.answered


def refers(call: Call) -> Iterator[ApiCall]:
    """Transfers that OpenAI did not refuse as a mistake of ours; a 5xx may still have been handed over."""
    for api_call in call.session.api_calls if call.session else ():
        if api_call.action == "refer" and not (api_call.status and 400 <= api_call.status < 500):
            yield api_call


def transfers(call: Call) -> Iterator[Observation]:
    """Tools by which the agent asked for a person, where the conversation did not go on after them."""
    session = call.session
    for seen, name in session.tools if session else ():
        if _TRANSFER.search(name) and not _answered_after(session, seen):
            yield seen
