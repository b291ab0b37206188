"""Moves a recording on the call's axis because somebody said so: a fact like any other."""

from callstore.domain.facts.events import RecordingNudged
from callstore.eventlog.writing.append import append
from callstore.requests.nudges import NudgeRecording
from ingest.dialects import own_facts


def keep(asked: NudgeRecording) -> None:
    """The nudge is a fact of the log now, and with it who asked for it."""
    event = RecordingNudged(recording=asked.recording, seconds=asked.seconds, by=asked.by)
    append([own_facts.recording_nudged(asked.leg, event)])
