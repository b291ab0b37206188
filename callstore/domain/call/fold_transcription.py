"""How words from other ears than the AI's fold: Twilio's transcription by its SID, readings of gaps."""

from callstore.domain.call.call import Call
from callstore.domain.call.media import GapReading, Phrase, Transcription
from callstore.domain.call.observation import Observation
from callstore.domain.facts.events import GapTranscribed, WordsHeard, WordsWatched


def transcription_state(call: Call, leg: str, event: WordsWatched, seen: Observation) -> None:
    transcription = _transcription(call, leg, event.transcription)
    transcription.engine = event.engine or transcription.engine
    match event.state:
        case "started":
            transcription.started = transcription.started or seen
        case "stopped":
            transcription.stopped = seen
        case "failed":
            transcription.failed = seen
            transcription.failure = event.message or event.error_code or transcription.failure


def transcribed(call: Call, leg: str, event: WordsHeard, seen: Observation, sequence: int | None) -> None:
    _transcription(call, leg, event.transcription).written.append(
        Phrase(
            seen,
            -1 if sequence is None else sequence,
            event.track,
            event.final,
            event.text,
            event.confidence,
            event.language,
        )
    )


def gap_transcribed(call: Call, event: GapTranscribed, seen: Observation) -> None:
    call.reread.append(
        GapReading(seen, event.recording, event.start_s, event.end_s, event.provider, event.model, event.text)
    )


def _transcription(call: Call, leg: str, sid: str) -> Transcription:
    return call.transcriptions.setdefault(sid, Transcription(sid, leg))
