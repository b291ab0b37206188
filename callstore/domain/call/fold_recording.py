"""Recordings of a call: announced, heard, failed, moved by hand; and those that OpenAI keeps of a session."""

from typing import TypeAlias

from callstore.domain.call.call import Call
from callstore.domain.call.media import Recording
from callstore.domain.call.observation import Observation
from callstore.domain.facts.events import (
    RecordingAnalysed,
    RecordingFailed,
    RecordingNudged,
    RecordingRemoved,
    RecordingStatus,
)

Event: TypeAlias = RecordingStatus | RecordingAnalysed | RecordingFailed | RecordingRemoved | RecordingNudged

_RANK = {"in-progress": 0, "paused": 0, "stopped": 1, "processing": 1}


def recording(call: Call, leg: str, event: Event, seen: Observation) -> None:
    """Take what is told of a recording into it; `leg` is whose it is, a leg's or a session's id."""
    recording = call.recordings.setdefault(event.recording, Recording(event.recording, leg))
    match event:
        case RecordingStatus():
            rank = _RANK.get(event.status, 2)
            if recording.status is None or rank >= _RANK.get(recording.status, 2):
                recording.status, recording.seen = event.status, seen
            recording.started_at = event.started_at or recording.started_at
            recording.duration_s = event.duration_s or recording.duration_s
            recording.channels = event.channels or recording.channels
            recording.track = event.track or recording.track
            if event.url:
                recording.url, recording.account = event.url, event.proved_by or event.account
        case RecordingAnalysed():
            # The order is by time of analysis, so the newest analyser speaks last.
            recording.analysis, recording.analysed = event, seen
        case RecordingNudged():
            recording.nudge_s, recording.nudged = event.seconds, seen
        case RecordingRemoved():
            recording.removed = seen
        case RecordingFailed():
            recording.failed, recording.failure = seen, event.reason
            recording.failed_for_good = recording.failed_for_good or event.permanent
            recording.gone = recording.gone or (event.gone and event.permanent)


def finish(call: Call) -> None:
    """What OpenAI keeps of a session that was stored is complete once the session, or its leg, is over."""
    for session in call.sessions.values():
        if not session.id.startswith("live_") or not (session.config and session.config.stored):
            continue
        kept = call.recordings.setdefault(session.id, Recording(session.id, session.id))
        over = session.parting is not None or (call.ai_leg is not None and call.ai_leg.ended is not None)
        kept.status, kept.seen = "completed" if over else "in-progress", kept.seen or session.configured
