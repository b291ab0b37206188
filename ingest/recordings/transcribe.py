"""Has the words in a gap read by a speech-to-text provider: the gap's sound leaves, and nothing else."""

import io
import tempfile

from callstore.audio.unreadable import Unreadable
from callstore.domain.facts.events import GapTranscribed, RecordingAnalysed, Span
from callstore.eventlog.reading import read
from callstore.eventlog.writing.append import append
from callstore.media.storage import storage
from callstore.media.store import NotKept
from ingest.dialects import own_facts
from ingest.recordings.transcriber import NotRead, Transcriber

# The edges of a gap are known to about this much (hearing.py): a word cut in two is misread.
MARGIN_S = 0.3
# Of a longer gap its last part: at 8 kHz this is 10 MB, and the provider takes 25.
LONGEST_S = 600.0


def take(leg: str, recording: str, gap: Span, channel: int, by: Transcriber) -> None:
    """Appends what `by` reads in a gap (seconds of the recording) on one channel, once. Raises NotRead.

    The same again costs nothing: what has been read is not sent twice, and the fact has one key.
    """
    start, end = gap
    trace = read.trace_of(f"twilio:{leg}")
    known = [record.event for record in read.records([trace])] if trace else []
    if any(_same(fact, recording, start, end, by) for fact in known if isinstance(fact, GapTranscribed)):
        return
    heard = [fact for fact in known if isinstance(fact, RecordingAnalysed) and fact.recording == recording]
    if not heard:
        raise NotRead(f"the log has no sound of {recording}", permanent=False)
    start = max(start, end - LONGEST_S)
    text = by.read(cut(heard[-1].media, start, end, channel))
    append([own_facts.gap_transcribed(leg, GapTranscribed(
        recording=recording, start_s=start, end_s=end, provider=by.provider, model=by.model, text=text,
    ))])  # fmt: skip


def cut(media: str, start: float, end: float, channel: int) -> bytes:
    """One channel (from 1) between two seconds of a kept recording, and a margin, as WAV. Raises NotRead."""
    import soundfile  # with numpy 20 MB, for who has gaps read

    from callstore.audio.wave import Sound

    try:
        with tempfile.TemporaryFile() as file:
            for chunk in storage().chunks(media):
                file.write(chunk)
            file.seek(0)
            sound = Sound(file)
            samples = sound.between(max(0.0, start - MARGIN_S), end + MARGIN_S)[
                :, min(channel, sound.channels) - 1
            ]
            rate = sound.rate
    except (NotKept, Unreadable) as error:
        raise NotRead(f"the sound cannot be read here: {type(error).__name__}", permanent=True) from None
    if not len(samples):
        raise NotRead("the recording ends before the gap", permanent=True)
    wav = io.BytesIO()
    soundfile.write(wav, samples, rate, format="WAV", subtype="PCM_16")
    return wav.getvalue()


def _same(fact: GapTranscribed, recording: str, start: float, end: float, by: Transcriber) -> bool:
    """Whether this gap was read before, its edges moved a little by facts that came since."""
    shared = min(fact.end_s, end) - max(fact.start_s, start)
    of_us = (fact.recording, fact.provider, fact.model) == (recording, by.provider, by.model)
    return of_us and shared >= (min(end - start, LONGEST_S)) - 2 * MARGIN_S
