"""Every source of a call and what became of it: absence always has a reason.

Nothing here knows the time: a source is late when the latest receipt in the call's own log says so.
"""

from collections.abc import Callable
from typing import NamedTuple

from callstore.domain.call.call import Leg, Recording
from callstore.domain.facts.clock import iso
from callstore.domain.facts.vocabulary import TERMINAL, SourceName, SourceState
from callstore.findings.rule import Case
from callstore.report.document_judgement import SourcePart
from callstore.verdict.gaps import twilio_transcript_state

# How long after the end each may still come. Twilio's callbacks end their retries after 15 s; what our own
# application forwards comes within seconds; Insights completes within 30 min (docs/voice/voice-insights).
CALLBACK_S = 60.0
WEBHOOK_S = 60.0
FORWARD_S = 60.0
CLOSE_S = 10.0
RECORDING_S = 3600.0
INSIGHTS_S = 2700.0


class State(NamedTuple):
    """`until`: Unix seconds up to which a pending source is expected."""

    word: SourceState
    why: str
    until: float | None = None


def sources(of: Case) -> dict[SourceName, State]:
    """Every source by name."""
    return {name: ask(of) for name, ask in SOURCES.items()}


def details(states: dict[SourceName, State]) -> dict[SourceName, SourcePart]:
    """The same as JSON."""
    return {
        name: {"state": s.word, "why": s.why, "expected_until": iso(s.until)} for name, s in states.items()
    }


def recording_state(recording: Recording) -> SourceState:
    """One recording's state in the contract's words."""
    if recording.analysis:
        return "present"
    if recording.failed_for_good or recording.status in ("absent", "failed"):
        return "failed"
    return "expired" if recording.status == "deleted" else "pending"


def _awaited(
    of: Case, since: float | None, wait_s: float, pending: str, gone: SourceState, why: str
) -> State:
    """Pending while the log has heard of nothing later than the wait; then what it turned out to be."""
    if since is None or (of.call.last_received_at or 0.0) <= since + wait_s:
        return State("pending", pending, None if since is None else since + wait_s)
    return State(gone, why)


def _end(of: Case) -> float | None:
    return of.ending.end.at.latest if of.ending.end else None


def _callbacks(of: Case, leg: Leg | None, name: str) -> State:
    if leg is None:
        return State("never_expected", f"This call has no {name} leg.")
    ended = leg.status in TERMINAL and not leg.end_inferred
    if ended:
        return State("present", f"The {name} leg's end was reported.")
    since = _end(of)
    if since is None:
        return State(
            "present" if leg.history else "pending", f"The {name} leg has not ended, as far as is known."
        )
    why = f"The {name} leg's end was never reported: callbacks are off, or were lost."
    return _awaited(
        of, since, CALLBACK_S, "Its end is known from elsewhere; the callback may come.", "expired", why
    )


def _child(of: Case) -> State:
    return _callbacks(of, of.call.child, "child")


def _parent(of: Case) -> State:
    return _callbacks(of, of.call.parent, "parent")


def _dial_action(of: Case) -> State:
    child = of.call.child
    if child is None:
        return State("never_expected", "No leg was dialled.")
    if of.ending.dial and of.ending.dial.asked:
        return State("present", "The <Dial action> request was seen.")
    if child.ended is None:
        return State("pending", "The dialled leg has not ended.")
    if of.ending.took:
        return State(
            "never_expected", "Our flow took the leg away, and a <Dial> that is left asks no action."
        )
    why = "No <Dial action> request was seen: the <Dial> has none, or it is not copied to us."
    return _awaited(of, _end(of), CALLBACK_S, "Asked when the dialled leg ends.", "off", why)


def _webhook(of: Case) -> State:
    child, session = of.call.child, of.call.session
    if session and session.offered:
        return State("present", "OpenAI's webhook for the incoming call was received.")
    if session:
        return State("off", "The session is known from its frames; OpenAI's webhooks are not sent to us.")
    first = child.first.at.at if child and child.first else None
    if first is None:
        return State("never_expected", "No leg to the AI is known.")
    why = f"No webhook came within {WEBHOOK_S:.0f} s of the dialling."
    return _awaited(of, first, WEBHOOK_S, "It comes while the leg is ringing.", "expired", why)


def _expects_ai(of: Case) -> bool:
    """Whether there was a leg on which a session could have spoken."""
    child, session = of.call.child, of.call.session
    if session and session.accepted:
        return True
    return child is not None and (child.was_answered or child.ended is None)


def _ai_events(of: Case) -> State:
    session = of.call.session
    if session and session.frames:
        return State("present", f"{session.frames} events of the session were seen.")
    if not _expects_ai(of):
        return State("never_expected", "The AI leg was not answered.")
    why = "Nobody observed the session, or its frames are not forwarded."
    return _awaited(of, _end(of), FORWARD_S, "None came yet.", "off", why)


def _ai_close(of: Case) -> State:
    session, close, end = of.call.session, of.ending.close, _end(of)
    if close:
        return State("present", "A close was seen" + (f" ({close.code})." if close.code else "."))
    if not _expects_ai(of):
        return State("never_expected", "The AI leg was not answered.")
    if session is None or not session.frames:
        return _awaited(of, end, CLOSE_S, "None came yet.", "off", "Nobody observed the session.")
    if of.ending.dropped:
        return State("failed", "The observer lost its socket while the session went on.")
    why = "No close of the session was observed: the socket stayed half-open, or its observer was gone."
    return _awaited(of, end, CLOSE_S, "A socket closes within seconds of its leg.", "expired", why)


def _transcript(of: Case) -> State:
    session = of.call.session
    if session is None or not session.accepted:
        return State("never_expected", "There was no session to write anything down.")
    turns = session.turns.values()
    if any(t.transcribed for t in turns):
        return State("present", "The session wrote down what it heard.")
    if any(t.failed for t in turns):
        return State("failed", "Every transcription failed.")
    if session.config and session.config.transcription is None:
        return State("off", "Transcription is off in this session.")
    if of.ending.end is None:
        return State("pending", "No text yet.")
    return State("never_expected", "No turn of the caller was heard.")


def _recording(of: Case) -> State:
    known = list(of.call.recordings.values())
    states = {recording_state(r): r for r in sorted(known, key=lambda r: r.sid)}
    if "present" in states:
        return State("present", "A recording was fetched and heard.")
    if "pending" in states:
        return State(
            "pending", "Twilio is preparing it, or it is being fetched and heard.", _until(of, RECORDING_S)
        )
    if "failed" in states:
        return State("failed", states["failed"].failure or "Twilio reported that there is none.")
    if "expired" in states:
        return State("expired", "It was deleted at Twilio.")
    dials = [a.answer for a in of.call.asks if a.answer and "Dial" in a.answer.verbs]
    if dials and not any(d.record and d.record != "do-not-record" for d in dials):
        return State("off", "<Dial> was answered without record.")
    leg = of.call.ai_leg
    if not dials or leg is None or not leg.was_answered:
        return State("never_expected", "The AI leg was not answered, or nothing says that it is recorded.")
    why = f"<Dial> asked for it, and nothing of it came within {RECORDING_S / 60:.0f} min."
    return _awaited(of, _end(of), RECORDING_S, "Twilio delivers it after the call.", "expired", why)


def _until(of: Case, wait_s: float) -> float | None:
    end = _end(of)
    return None if end is None else end + wait_s


def _insights(of: Case) -> State:
    summaries = [leg for leg in of.call.legs.values() if leg.summary]
    if any(leg.disconnected_by in ("caller", "callee") for leg in summaries):
        return State("present", "Voice Insights named the side that hung up.")
    if of.call.parent is None and of.call.child is None:
        return State("never_expected", "No leg of this call is known.")
    why = "No summary came: Voice Insights Advanced Features are off, or its events are not streamed to us."
    if summaries:
        why = "The summary does not say who hung up."
    gone: SourceState = "present" if summaries else "off"
    return _awaited(
        of, _end(of), INSIGHTS_S, "If it is on, its summary is complete within 30 min.", gone, why
    )


def _twilio_transcript(of: Case) -> State:
    word = twilio_transcript_state(of)
    failure = next((t.failure for t in of.call.transcriptions.values() if t.failure), None)
    why = {
        "present": "Twilio wrote words down.",
        "failed": failure or "Twilio's transcription failed.",
        "pending": "Started; no words yet.",
        "off": "No <Transcription> was started.",
    }.get(word, "Twilio heard no words.")
    return State(word, why)


SOURCES: dict[SourceName, Callable[[Case], State]] = {
    "child_callbacks": _child,
    "parent_callbacks": _parent,
    "dial_action": _dial_action,
    "ai_webhook": _webhook,
    "ai_events": _ai_events,
    "ai_close": _ai_close,
    "transcript": _transcript,
    "recording": _recording,
    "insights": _insights,
    "twilio_transcript": _twilio_transcript,
}
