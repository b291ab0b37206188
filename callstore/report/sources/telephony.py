"""What Twilio was to tell of a call, and what became of it."""

from callstore.domain.call.call import Leg
from callstore.domain.call.media import Recording
from callstore.domain.facts.vocabulary import TERMINAL, SourceState
from callstore.findings.rule import Case
from callstore.report.sources.state import State, awaited, ended
from callstore.verdict.gaps import twilio_transcript_state

# How long after the end each may still come. Twilio's callbacks end their retries after 15 s, and Insights
# completes within 30 min (docs/voice/voice-insights).
CALLBACK_S = 60.0
RECORDING_S = 3600.0
INSIGHTS_S = 2700.0


def recording_state(recording: Recording) -> SourceState:
    """One recording's state in the words of docs/fields.md."""
    if recording.analysis:
        return "present"
    if recording.gone or recording.status == "deleted":
        return "expired"
    if recording.failed_for_good or recording.status in ("absent", "failed"):
        return "failed"
    return "pending"


def _callbacks(of: Case, leg: Leg | None, name: str) -> State:
    if leg is None:
        return State("never_expected", f"This call has no {name} leg.")
    reported = leg.status in TERMINAL and not leg.end_inferred
    if reported:
        return State("present", f"The {name} leg's end was reported.")
    since = ended(of)
    if since is None:
        return State(
            "present" if leg.history else "pending", f"The {name} leg has not ended, as far as is known."
        )
    why = f"The {name} leg's end was never reported: callbacks are off, or were lost.{_asked(of)}"
    return awaited(
        of, since, CALLBACK_S, "Its end is known from elsewhere; the callback may come.", "expired", why
    )


def child_callbacks(of: Case) -> State:
    """Callbacks of the child leg."""
    return _callbacks(of, of.call.child, "child")


def parent_callbacks(of: Case) -> State:
    """Callbacks of the parent leg."""
    return _callbacks(of, of.call.parent, "parent")


def _asked(of: Case) -> str:
    """How often Twilio's API was asked in vain, in words."""
    asked = of.call.asked_of_twilio
    if not asked:
        return ""
    times = "once" if len(asked) == 1 else f"{len(asked)} times"
    failure = f", the last time in vain: {asked[-1].failure}" if asked[-1].failure else ""
    return f" Twilio's API was asked {times}{failure}."


def dial_action(of: Case) -> State:
    """The <Dial action> request."""
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
    return awaited(of, ended(of), CALLBACK_S, "Asked when the dialled leg ends.", "off", why)


def recording(of: Case) -> State:
    """The recordings, the best of them."""
    known = [r for r in of.call.recordings.values() if not r.is_of_session]
    states = {recording_state(r): r for r in sorted(known, key=lambda r: r.sid)}
    if "present" in states:
        return State("present", "A recording was fetched and heard.")
    if "pending" in states:
        failure = states["pending"].failure
        why = "Twilio is preparing it, or it is being fetched and heard."
        if failure:
            why = f"It could not be had so far: {failure}. It is tried again."
        return State("pending", why, _until(of, RECORDING_S))
    if "failed" in states:
        return State("failed", states["failed"].failure or "Twilio reported that there is none.")
    if "expired" in states:
        return State("expired", states["expired"].failure or "It was deleted at Twilio.")
    dials = [a.answer for a in of.call.asks if a.answer and "Dial" in a.answer.verbs]
    if dials and not any(d.record and d.record != "do-not-record" for d in dials):
        return State("off", "<Dial> was answered without record.")
    leg = of.call.ai_leg
    if leg is None or not leg.was_answered:
        return State("never_expected", "The AI leg was not answered." if leg else "No leg is known.")
    if not dials:
        return State("never_expected", "Nothing says that the call is recorded.")
    why = f"<Dial> asked for it, and nothing of it came within {RECORDING_S / 60:.0f} min."
    return awaited(of, ended(of), RECORDING_S, "Twilio delivers it after the call.", "expired", why)


def _until(of: Case, wait_s: float) -> float | None:
    end = ended(of)
    return None if end is None else end + wait_s


def insights(of: Case) -> State:
    """Voice Insights' summary."""
    summaries = [leg for leg in of.call.legs.values() if leg.summary]
    if any(leg.disconnected_by in ("caller", "callee") for leg in summaries):
        return State("present", "Voice Insights named the side that hung up.")
    if of.call.parent is None and of.call.child is None:
        return State("never_expected", "No leg of this call is known.")
    why = "No summary came: Voice Insights Advanced Features are off, or its events are not streamed to us."
    why += _asked(of)
    if summaries:
        why = "The summary does not say who hung up."
    gone: SourceState = "present" if summaries else "off"
    return awaited(
        of, ended(of), INSIGHTS_S, "If it is on, its summary is complete within 30 min.", gone, why
    )


def twilio_transcript(of: Case) -> State:
    """Twilio's own transcription."""
    word = twilio_transcript_state(of)
    failure = next((t.failure for t in of.call.transcriptions.values() if t.failure), None)
    why = {
        "present": "Twilio wrote words down.",
        "failed": failure or "Twilio's transcription failed.",
        "pending": "Started; no words yet.",
        "off": "No <Transcription> was started.",
    }.get(word, "Twilio heard no words.")
    return State(word, why)
