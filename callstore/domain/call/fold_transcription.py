"""How words from other ears than the AI's fold: Twilio's transcription by its SID, readings of gaps."""

from callstore.domain.call.call import Call, Reread, Transcription, Written
from callstore.domain.call.observation import Seen
from callstore.domain.facts.events import GapTranscribed, WordsHeard, WordsWatched


def watched(call: Call, leg: str, event: WordsWatched, seen: Seen) -> None:
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


def heard(call: Call, leg: str, event: WordsHeard, seen: Seen, sequence: int | None) -> None:
    _transcription(call, leg, event.transcription).written.append(
        Written(
            seen,
            -1 if sequence is None else sequence,
            event.track,
            event.final,
            event.text,
            event.confidence,
            event.language,
        )
    )


def reread(call: Call, event: GapTranscribed, seen: Seen) -> None:
    call.reread.append(
        Reread(seen, event.recording, event.start_s, event.end_s, event.provider, event.model, event.text)
    )


def _transcription(call: Call, leg: str, sid: str) -> Transcription:
    return call.transcriptions.setdefault(sid, Transcription(sid, leg))
