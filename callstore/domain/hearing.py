"""What the caller said against what the AI heard and wrote down: three witnesses laid on one clock.

The recording is the witness of speech, the AI's voice detector (VAD) of hearing, its transcript of words.
All spans here are Unix seconds.
"""

from dataclasses import dataclass, field

from callstore.domain.call import Call, Leg, Recording, Session, Turn
from callstore.domain.events import Span
from callstore.domain.spans import Spans, clamp, merge, shift, subtract, total

# Pauses under 0.3 s are breath inside one utterance (contract, untranscribed_caller_speech_s).
BRIDGE_S = 0.3
# What OpenAI documents as server VAD defaults (guides/realtime-vad); the session's own values come first.
PREFIX_S = 0.3
SILENCE_S = 0.5
# A detector needs some 0.2 s of speech before it says so; its message comes that much later.
ONSET_S = 0.2
# Edges of two detectors differ by this much on the same speech; shorter remainders are edge, not speech.
EDGE_S = 0.25
SLIVER_S = 0.4
# Twilio stamps a recording's start in whole seconds and the AI's clock is known to some 0.3 s.
ALIGN_RANGE_S = 1.6


@dataclass(slots=True)
class Hearing:
    """The three witnesses of one call. `recorded` is False when no analysed recording speaks."""

    recorded: bool = False
    recording: Recording | None = None
    recording_start: float | None = None
    spread_s: float = 1.0  # how far recording and AI clock may still be apart
    aligned: bool = False
    ai_zero: float | None = None
    ai_spread_s: float = 0.0
    leg_end: float | None = None
    caller: Spans = field(default_factory=list)
    agent: Spans = field(default_factory=list)
    heard: Spans = field(default_factory=list)
    transcribed: Spans = field(default_factory=list)
    untranscribed: Spans = field(default_factory=list)
    not_heard: Spans = field(default_factory=list)
    turns: dict[str, Span] = field(default_factory=dict)  # when each turn was spoken


def hear(call: Call) -> Hearing:
    """Lay recording, VAD and transcript on one clock and say which caller speech nobody wrote down."""
    hearing = Hearing()
    leg, session = call.ai_leg, call.session
    if session:
        hearing.ai_zero, hearing.ai_spread_s = ai_zero(session)
        hearing.turns = _turn_spans(session, hearing.ai_zero, leg)
    recording = _witness(call)
    if recording and recording.analysis:
        _listen(hearing, recording, leg)
    elif leg and leg.ended:
        hearing.leg_end = leg.ended.at.middle
    if session:
        # What was said in an erased call is gone; that it was written down is not.
        erased = call.erased is not None
        written = {
            t.item for t in session.turns.values() if t.transcribed and (erased or (t.text or "").strip())
        }
        hearing.heard = merge(hearing.turns.values())
        hearing.transcribed = merge(s for item, s in hearing.turns.items() if item in written)
    _compare(hearing)
    return hearing


def ai_zero(session: Session) -> tuple[float | None, float]:
    """When the session's audio offset 0 was, in Unix seconds, and the spread of what says so.

    The Realtime API stamps nothing, so this is the least delayed of all (receipt − offset) pairs.
    """
    prefix = _prefix(session)
    pairs = []
    for turn in session.turns.values():
        if turn.stopped and turn.stop_ms is not None:
            pairs.append(turn.stopped.at.at - turn.stop_ms / 1000)
        if turn.started and turn.start_ms is not None:
            pairs.append(turn.started.at.at - turn.start_ms / 1000 - prefix - ONSET_S)
    if not pairs:
        return None, 0.0
    pairs.sort()
    return pairs[0], round(pairs[len(pairs) // 2] - pairs[0], 3)


def _prefix(session: Session) -> float:
    given = session.config.prefix_ms if session.config else None
    return PREFIX_S if given is None else given / 1000


def _turn_spans(session: Session, zero: float | None, leg: Leg | None) -> dict[str, Span]:
    """When each turn was spoken; a turn that was never closed lasts until the session or the leg ended."""
    if zero is None:
        return {}
    given = session.config.silence_ms if session.config else None
    silence = SILENCE_S if given is None else given / 1000
    close = session.close
    limit = close.closed.at.at if close and close.closed else None
    if limit is None and leg and leg.ended:
        limit = leg.ended.at.latest
    spans = {}
    for turn in session.turns.values():
        if turn.start_ms is None:
            continue
        start = zero + turn.start_ms / 1000 + _prefix(session)
        end = _turn_end(turn, zero, silence, limit)
        if end is not None and end > start:
            spans[turn.item] = (start, end)
    return spans


def _turn_end(turn: Turn, zero: float, silence: float, limit: float | None) -> float | None:
    if turn.stop_ms is not None:
        return zero + turn.stop_ms / 1000 - silence
    if turn.committed:  # stopped without our seeing it
        return turn.committed.at.at - silence
    return limit


def _witness(call: Call) -> Recording | None:
    """The recording that tells most: two channels before one, then the longest."""
    analysed = [r for r in call.recordings.values() if r.analysis]
    return max(
        analysed,
        key=lambda r: (
            (r.analysis.channels >= 2, r.analysis.duration_s, r.sid) if r.analysis else (False, 0.0, "")
        ),
        default=None,
    )


def _listen(hearing: Hearing, recording: Recording, leg: Leg | None) -> None:
    analysis = recording.analysis
    if analysis is None:
        return
    caller = merge(subtract(merge(analysis.caller), merge(analysis.echo)), BRIDGE_S)
    start = _nominal_start(recording, leg, analysis.duration_s)
    if start is None:
        return
    hearing.recorded = analysis.channels >= 2  # one mixed channel cannot say who spoke
    hearing.recording = recording
    fixed = _align(caller, list(hearing.turns.values()), start)
    hearing.aligned = fixed is not None
    hearing.spread_s = 0.3 if hearing.aligned else 1.0
    hearing.recording_start = start if fixed is None else fixed
    hearing.leg_end = _leg_end(hearing.recording_start, analysis.duration_s, leg)
    heard_until = hearing.leg_end
    hearing.caller = clamp(shift(caller, hearing.recording_start), 0.0, heard_until)
    hearing.agent = shift(merge(analysis.agent, BRIDGE_S), hearing.recording_start)


def _nominal_start(recording: Recording, leg: Leg | None, duration_s: float) -> float | None:
    """Where the whole-second stamps put the recording's first sample, mid-second."""
    if recording.started_at is not None:
        return recording.started_at + 0.5
    if leg and leg.answered:
        return leg.answered.at.middle
    if leg and leg.ended:
        return leg.ended.at.middle - duration_s
    return None


def _align(caller: Spans, turns: Spans, nominal: float) -> float | None:
    """The recording's start that lays speech onsets and ends on the turns the AI heard; None without turns.

    Each pairing of an onset in the recording with a turn's start is tried; the cost of a try is how far
    every turn's edges then lie from the nearest edges of speech, cut at 0.6 s so that one odd turn cannot
    pull, plus a little for straying from the stamps.
    """
    if not caller or not turns:
        return None
    onsets, ends = [s for s, _ in caller], [e for _, e in caller]
    tries = [start - onset for start, _ in turns for onset in onsets]
    tries += [end - stop for _, end in turns for stop in ends]
    tries = [t for t in tries if abs(t - nominal) <= ALIGN_RANGE_S]

    def cost(at: float) -> float:
        edges = [min(abs(at + o - start) for o in onsets) for start, _ in turns]
        edges += [min(abs(at + e - end) for e in ends) for _, end in turns]
        return sum(min(edge, 0.6) for edge in edges) + 0.1 * abs(at - nominal)

    return min(tries, key=lambda t: (cost(t), t), default=None)


def _leg_end(start: float, duration_s: float, leg: Leg | None) -> float:
    """A recording that fills the leg ends with it, and knows that moment better than a whole second does."""
    end = start + duration_s
    if leg and leg.ended and abs(end - leg.ended.at.middle) > 2.0:
        return leg.ended.at.middle
    return end


def _compare(hearing: Hearing) -> None:
    widened = merge((s - EDGE_S, e + EDGE_S) for s, e in hearing.transcribed)
    hearing.untranscribed = [s for s in subtract(hearing.caller, widened) if s[1] - s[0] >= SLIVER_S]
    ears = merge((s - EDGE_S, e + EDGE_S) for s, e in hearing.heard)
    hearing.not_heard = [s for s in subtract(hearing.untranscribed, ears) if s[1] - s[0] >= SLIVER_S]


def heard_untranscribed_s(hearing: Hearing) -> float:
    """Seconds of caller speech that the AI's detector heard and nobody wrote down."""
    return total(hearing.untranscribed) - total(hearing.not_heard)
