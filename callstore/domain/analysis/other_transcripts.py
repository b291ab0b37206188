"""Words that other ears than the AI's heard, laid on the wall clock: when, by whom, on whose word.

Twilio's transcription says when it knew some words, not when they were spoken; where the recording was
analysed, words are laid on the speech that is heard in it. All moments here are Unix seconds.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from callstore.domain.analysis.half_seen import SHORTEST_S, spoken_s
from callstore.domain.analysis.hearing import Hearing
from callstore.domain.call.call import Call
from callstore.domain.call.media import Phrase, Transcription
from callstore.domain.facts.events import Span
from callstore.domain.facts.spans import Spans, clamp, merge
from callstore.domain.facts.vocabulary import Speaker

# A streaming recogniser ends an utterance after about this much silence, and gives a first guess about
# this long after the first sound. Twilio publishes neither; both are only how far `spread_s` reaches.
LAG_S = 0.7
# How well a recording's speech is laid on the clock once it is aligned (hearing.py).
HEARD_SPREAD_S = 0.3
# One utterance may pause for this long before a recogniser cuts it in two.
PAUSE_S = 1.0


class Utterance(NamedTuple):
    """Some words: `spread_s` says how far their edges may lie, `source` who wrote them down."""

    start: float
    end: float
    text: str | None
    speaker: Speaker
    track: str
    source: str
    final: bool
    spread_s: float
    positions: tuple[int, ...]


def other_transcripts(call: Call, hearing: Hearing) -> list[Utterance]:
    """All words of other ears, by time."""
    found = [
        words
        for transcription in call.transcriptions.values()
        for words in _of_twilio(call, hearing, transcription)
    ]
    return sorted([*found, *_gap_readings(call, hearing)], key=lambda w: (w.start, w.end, w.positions))


def of_caller(words: Iterable[Utterance]) -> list[Utterance]:
    """What Twilio heard of the caller."""
    return [w for w in words if w.speaker == "caller" and w.source == "twilio"]


def speaker(call: Call, leg: str, track: str) -> Speaker:
    """Inbound is what Twilio receives from that leg: the person on the parent, the AI on a child."""
    if not track.startswith(("inbound", "outbound")):
        return "unknown"
    known = call.legs.get(leg)
    of_child = known is not None and (known.parent is not None or known is call.child)
    return "caller" if track.startswith("inbound") != of_child else "agent"


def _of_twilio(call: Call, hearing: Hearing, transcription: Transcription) -> Iterator[Utterance]:
    ordered = sorted(
        transcription.written, key=lambda w: (w.track, w.sequence, w.seen.at.at, w.seen.position)
    )
    for track, written in groupby(ordered, key=lambda w: w.track):
        who = speaker(call, transcription.leg, track)
        heard = (
            merge(hearing.caller if who == "caller" else hearing.agent, PAUSE_S) if hearing.recorded else []
        )
        floor = transcription.started.at.at if transcription.started else 0.0
        for pieces in _utterances(written):
            start, end, spread = _placed(pieces, floor, heard)
            last = pieces[-1]
            floor = end
            yield Utterance(
                start, end, last.text, who, track, "twilio", last.final, spread,
                tuple(p.seen.position for p in pieces),
            )  # fmt: skip


def _utterances(written: Iterable[Phrase]) -> Iterator[list[Phrase]]:
    """Guesses and the final words that they became, together; guesses that became nothing stand alone."""
    pieces: list[Phrase] = []
    for piece in written:
        pieces.append(piece)
        if piece.final:
            yield pieces
            pieces = []
    if pieces:
        yield pieces


def _placed(pieces: list[Phrase], floor: float, heard: Spans) -> tuple[float, float, float]:
    """From when to when an utterance was spoken, and how sure that is; never before the last one ended."""
    first, last = pieces[0], pieces[-1].seen.at.at
    start = first.seen.at.at - LAG_S - spoken_s(first.text)
    # Speech that began a little before the estimate is the utterance's own.
    spoken = [s for s in clamp(heard, floor, last) if s[1] > start - PAUSE_S]
    if spoken:
        return spoken[0][0], spoken[-1][1], HEARD_SPREAD_S
    start = max(floor, start)
    return start, max(last - LAG_S, start + SHORTEST_S), LAG_S


def _gap_readings(call: Call, hearing: Hearing) -> Iterator[Utterance]:
    """What was read in gaps of recordings after the call."""
    for reading in call.reread:
        recording = call.recordings.get(reading.recording)
        start: float | None = hearing.recording_start
        if recording is None or recording is not hearing.recording:
            start = recording.started_at if recording else None
        if start is None:
            continue
        yield Utterance(
            start + reading.start_s, start + reading.end_s, reading.text, "caller", "recording",
            f"{reading.provider}:{reading.model}", True, 0.0, (reading.seen.position,),
        )  # fmt: skip


def within(words: Iterable[Utterance], span: Span) -> list[Utterance]:
    """The caller's words that were spoken, at least in part, in this span."""
    start, end = span
    return [
        w for w in words if w.speaker == "caller" and min(w.end, end) - max(w.start, start) >= SHORTEST_S / 2
    ]
