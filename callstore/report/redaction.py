"""What an erased call no longer has: its audio, and the words that were written down. Its times stay."""

from callstore.domain.facts.vocabulary import SourceName, SourceState
from callstore.report.document import Report
from callstore.report.document_judgement import SourcePart
from callstore.report.document_sound import RecordingPart

GONE: tuple[SourceName, ...] = ("recording", "transcript", "twilio_transcript")
WHY: SourcePart = {"state": "expired", "why": "The call was erased.", "expected_until": None}


def redacted(document: Report) -> Report:
    """The document of an erased call without a hope for what was erased."""
    before = document["sources"]
    sources = {name: _gone(state) if name in GONE else state for name, state in before.items()}
    details = document["source_details"]
    return {
        **document,
        "recording_state": sources["recording"],
        "transcript_state": sources["transcript"],
        "sources": sources,
        "source_details": {
            name: WHY if sources[name] != before[name] else part for name, part in details.items()
        },
        "recordings": [_without_audio(recording) for recording in document["recordings"]],
    }


def _gone(state: SourceState) -> SourceState:
    return "expired" if state in ("present", "pending") else state


def _without_audio(recording: RecordingPart) -> RecordingPart:
    return {**recording, "state": _gone(recording["state"]), "media": None, "peaks": None}
