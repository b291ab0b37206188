"""What to do with a caller whose AI leg has just ended: decided in that second, from what is known by then.

It fails safe: without a reason to do something the advice is `unknown`, and the application does what it
would have done without asking.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from callstore.advice.dial_action import NOWHERE, DialEnd, DialReport, dial_end
from callstore.domain.analysis.ending import FINISH_WITHIN_S
from callstore.domain.analysis.finish_tools import USUAL_TOOLS, FinishTools
from callstore.domain.analysis.other_transcripts import of_caller
from callstore.domain.call.observation import Observation
from callstore.domain.facts.clock import Clock, Instant
from callstore.domain.facts.record import Record
from callstore.domain.facts.vocabulary import TERMINAL, AdviceWord, Confidence, FinalStatus
from callstore.findings.rule import positions
from callstore.findings.rules import (
    accept_refused,
    accepted_unusable,
    account_refused,
    beta_shape,
    flow_redirect,
    never_accepted,
    never_reached_app,
    region_mismatch,
    twilio_limit,
)
from callstore.findings.rules.silent_session_loss import SILENT_S

NEVER_ANSWERED: frozenset[FinalStatus] = frozenset({"busy", "failed", "no-answer"})
# Why an AI leg was never answered, the surest first (verdict.ORDER).
_WHY_NEVER = (
    never_reached_app.find,
    region_mismatch.find,
    accept_refused.find,
    never_accepted.find,
    accepted_unusable.find,
)
# Events that come one by one are this fresh; batches are wider.
FRESH_S = 1.0


class Advice(NamedTuple):
    """What to do, why, how sure, and the log positions that say so."""

    advice: AdviceWord
    reason: str
    confidence: Confidence
    because: tuple[int, ...] = ()


def advise(
    records: Sequence[Record],
    asked: str,
    told: DialReport,
    now: float,
    tools: FinishTools = USUAL_TOOLS,
) -> Advice:
    """The advice on a leg (a child's SID, or its parent's: then on its last child). `now` in Unix seconds."""
    end = dial_end(records, asked, told, now, tools)
    for rule in _RULES:
        if advice := rule(end):
            return advice._replace(because=tuple(p for p in advice.because if p != NOWHERE))
    return Advice("unknown", "The agent had the last word just before the leg ended.", "low")


def _caller_left(end: DialEnd) -> Advice | None:
    if end.caller not in TERMINAL:
        return None
    dial, parent = end.of.ending.dial, end.of.call.parent
    seen = positions(dial.asked if dial else None, parent.ended if parent else None)
    return Advice("hang_up", f"The caller's leg is {end.caller}: nobody is left to talk to.", "high", seen)


def _finished(end: DialEnd) -> Advice | None:
    session, finish, hangup = end.of.call.session, end.of.ending.finish, end.of.ending.hangup
    acts = [seen for seen in (finish, hangup) if seen and end.at - seen.at.at <= FINISH_WITHIN_S]
    if not (acts or end.told.finished):
        return None
    turns = session.turns.values() if session else ()
    after = [t.started for t in turns if t.started and finish and t.started.at.at > finish.at.at]
    if after and not end.told.finished:
        why = "The caller spoke again after the agent's finish tool was called."
        return Advice("unknown", why, "low", positions(*acts, *after))
    who = "The application hung up" if acts and not finish else "The agent finished the call"
    return Advice("hang_up", f"{who}: it ended as it was meant to.", "high", positions(*acts))


def _never_answered(end: DialEnd) -> Advice | None:
    child = end.of.call.child
    status = end.told.dial_call_status or (child.status if child else None)
    if status not in NEVER_ANSWERED or (child and child.answered):
        return None
    code = f" (SIP {child.sip_code})" if child and child.sip_code else ""
    found = next((found for rule in _WHY_NEVER for found in rule(end.of)), None)
    why = "The AI's leg was never answered" + (f". {found.says}" if found else f": {status}{code}.")
    return Advice("apologise_and_transfer", why, "high", positions(child.ended if child else None))


def _too_little(end: DialEnd) -> Advice | None:
    child, session = end.of.call.child, end.of.call.session
    if child is None or child.ended is None:
        return Advice("unknown", "No AI leg of this call is known to have ended.", "low")
    if (session is None or session.last is None) and end.told.finished is not False:
        why = "No event of the AI session was seen, so whether it had finished is not known."
        return Advice("unknown", why, "low", positions(child.ended))
    return None


def _flow_ended(end: DialEnd) -> Advice | None:
    """Our own flow took the leg away, and knows better what comes next."""
    for rule in (flow_redirect.find, twilio_limit.find):
        for found in rule(end.of):
            return Advice("unknown", found.says, "low", found.evidence)
    if refer := end.of.ending.refer:
        return Advice("unknown", "The application referred the call elsewhere.", "low", positions(refer.seen))
    return None


def _held_back(end: DialEnd) -> Advice | None:
    """Where the application sends its events in batches, the end of the story may not have come yet."""
    session = end.of.call.session
    if end.of.ending.close or end.told.finished is False or end.silence_s >= end.held_s or not session:
        return None
    why = (
        f"The application holds its events back for up to {end.held_s:.0f} s and the last is"
        f" {end.silence_s:.0f} s old: a finish may be on its way."
    )
    return Advice("unknown", why, "low", positions(session.last))


def _lost(end: DialEnd) -> Advice | None:
    """The AI is gone and the caller is not: once more with a fresh leg; after that, a person."""
    dial = end.of.ending.dial
    signs = list(_signs(end))
    if not signs:
        return None
    seen = positions(*(seen for _, seen in signs), end.of.ending.end, dial.asked if dial else None)
    told, sure = "; ".join(what for what, _ in signs), _confidence(end, signs)
    for rule in (account_refused.find, beta_shape.find):
        for found in rule(end.of):
            why = f"{found.says} A new session would fare no better."
            return Advice("apologise_and_transfer", why, sure, found.evidence)
    if earlier := end.earlier:
        why = f"{told}, and this was not the first AI leg of this caller."
        return Advice("apologise_and_transfer", why, sure, seen + positions(earlier.answered))
    return Advice("reconnect", f"{told}; neither agent nor application ended the call.", sure, seen)


def _signs(end: DialEnd) -> Iterator[tuple[str, Observation | None]]:
    """What shows that the AI was lost, the strongest first, and where that was seen."""
    session, close, turns = end.of.call.session, end.of.ending.close, end.of.ending.open_turns
    if close:
        yield "The AI session closed" + (f" with {close.code}" if close.code else ""), close.seen
    elif end.of.ending.gone:
        yield "OpenAI said that the session is gone", end.of.ending.gone
    if turns:
        yield "The caller's turn was open", turns[-1].started
    elif unanswered := _unanswered(end):
        yield "The caller's last words had no answer", unanswered
    if session and end.silence_s >= SILENT_S:
        yield f"The AI was silent for the last {end.silence_s:.1f} s", session.last
    if end.told.finished is False and end.told.call_status == "in-progress":
        yield "The application did not end it", None


def _unanswered(end: DialEnd) -> Observation | None:
    """The caller's last turn, or words that Twilio heard, after which no reply began."""
    session = end.of.call.session
    if session is None:
        return None
    replies = session.replies.values()
    began = [seen.at.at for r in replies if (seen := r.started or r.playing or r.spoken)]
    ended = [seen.at.at for r in replies if (seen := r.played or r.finished or r.spoken)]
    turns = [seen for t in session.turns.values() if (seen := t.committed or t.stopped)]
    heard = [seen for seen in turns if seen.at.at > max(began, default=0.0)]
    # What Twilio heard while the agent spoke may be a mere "yes": what came after it waits for an answer.
    heard += [
        Observation(Instant(words.start, Clock.PROVIDER), words.positions[-1])
        for words in of_caller(end.of.words)
        if max(ended, default=0.0) < words.start <= end.at
    ]
    return max(heard, key=lambda seen: (seen.at.at, seen.position), default=None)


def _confidence(end: DialEnd, signs: list[tuple[str, Observation | None]]) -> Confidence:
    """Silence alone is half a proof, and so are events that may lag; an unknown caller is none."""
    if end.caller is None:
        return "low"
    fresh = end.held_s < FRESH_S or end.told.finished is False or end.of.ending.close is not None
    return "high" if fresh and len(signs) > 1 else "medium"


_RULES: tuple[Callable[[DialEnd], Advice | None], ...] = (
    _caller_left, _finished, _never_answered, _too_little, _flow_ended, _held_back, _lost,
)  # fmt: skip
