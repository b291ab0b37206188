"""The recordings of a call with what was heard in them, in seconds from the call's start."""

from callstore.domain.call.media import Recording
from callstore.domain.call.observation import Observation
from callstore.domain.facts.clock import iso
from callstore.domain.facts.spans import Spans, merge, shift, subtract
from callstore.findings.rule import Case, positions
from callstore.report.document_sound import RecordingPart
from callstore.report.parts import seconds
from callstore.report.sources.telephony import recording_state
from callstore.report.stable.moments import zero


def recordings(of: Case) -> list[RecordingPart]:
    """Recordings with what was heard in them, laid on the call's axis."""
    return [_recording(of, r) for r in sorted(of.call.recordings.values(), key=lambda r: r.sid)]


def _recording(of: Case, recording: Recording) -> RecordingPart:
    hearing, analysis = of.hearing, recording.analysis
    start = hearing.recording_start if recording is hearing.recording else _stamped(of, recording)
    lay, swapped = start or 0.0, recording is hearing.recording and hearing.swapped
    caller, agent, echo = _sides(recording, swapped)
    return {
        "recording": recording.sid,
        "leg": recording.leg,
        "status": recording.status,
        "state": recording_state(recording),
        "failure": recording.failure,
        "removed_at": iso(recording.removed.at.at) if recording.removed else None,
        "url": recording.url,
        "account": recording.account,
        "channels": analysis.channels if analysis else recording.channels,
        "duration_s": analysis.duration_s if analysis else recording.duration_s,
        "start_s": seconds(of, start),
        "spread_s": hearing.spread_s if recording is hearing.recording else 1.0,
        "aligned": recording is hearing.recording and hearing.aligned,
        "clock_offset_s": hearing.offset_s if recording is hearing.recording else None,
        "nudged_s": recording.nudge_s,
        "channels_swapped": swapped,
        "media": analysis.media if analysis and not recording.removed else None,
        "peaks": analysis.peaks if analysis else None,
        "analyser": analysis.analyser if analysis else None,
        "caller": _spans(of, shift(caller, lay)) if start else [],
        "agent": _spans(of, shift(agent, lay)) if start else [],
        "bleed": _spans(of, hearing.bleed) if recording is hearing.recording else [],
        "echo": _spans(of, shift(echo, lay)) if start else [],
        "positions": list(positions(*_told(recording))),
    }


def _told(of: Recording) -> tuple[Observation | None, ...]:
    return of.seen, of.analysed, of.failed, of.removed, of.nudged


def _stamped(of: Case, recording: Recording) -> float | None:
    """Where its stamp puts a recording that is not heard on the AI's clock, and a hand moved it.

    What OpenAI keeps of a session is laid at the 0 of the session's own clock, where that is known.
    """
    ours = recording.is_of_session and of.call.session and of.call.session.id == recording.sid
    start = of.hearing.ai_zero if ours else recording.started_at
    return None if start is None else start + recording.nudge_s


def _sides(recording: Recording, swapped: bool) -> tuple[Spans, Spans, Spans]:
    """What the caller says, what the agent says, and the agent's echo on the caller's channel."""
    heard = recording.analysis
    if heard is None:
        return [], [], []
    second = subtract(list(heard.agent), list(heard.agent_echo))
    if swapped:
        return second, merge([*heard.caller, *heard.echo]), list(heard.agent_echo)
    return list(heard.caller), second, list(heard.echo)


def _spans(of: Case, spans: Spans) -> list[list[float]]:
    start = zero(of) or 0.0
    return [[round(s - start, 3), round(e - start, 3)] for s, e in spans]
