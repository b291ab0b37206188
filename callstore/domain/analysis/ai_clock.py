"""Where the AI's audio offsets lie on the wall clock: Realtime events carry no time of their own."""

from callstore.domain.analysis.live.clock import live_zero
from callstore.domain.call.call import Leg
from callstore.domain.call.session import Session, Turn
from callstore.domain.facts.events import Span
from callstore.domain.facts.spans import Spans

# What OpenAI documents as server VAD defaults (guides/realtime-vad); the session's own values come first.
PREFIX_S = 0.3
SILENCE_S = 0.5
# A detector needs some 0.2 s of speech before it says so; its message comes that much later.
ONSET_S = 0.2
# Frames that were on their way when a socket closed may be stamped after it.
ON_ITS_WAY_S = 1.0


def ai_zero(session: Session) -> tuple[float | None, float]:
    """When the session's audio offset 0 was, in Unix seconds, and the spread of what says so.

    It is the least delayed of all (receipt − offset) pairs: a network can only make an event late.
    """
    if not session.has_detector:
        return live_zero(session)
    prefix, _ = paddings(session)
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


def turn_spans(session: Session, zero: float | None, leg: Leg | None) -> dict[str, Span]:
    """When each turn was spoken of which both edges are known (half_seen has the others).

    A turn that was never closed lasts until socket or leg ended.
    """
    if zero is None:
        return {}
    (prefix, silence), close = paddings(session), session.close or session.last_closed
    # An observer that lost its socket and came back says nothing of the turn that is open now.
    over = close is not None and not (session.last and session.last.at.at > close.seen.at.at + ON_ITS_WAY_S)
    limit = close.seen.at.at if close and over else None
    if limit is None and leg and leg.ended:
        limit = leg.ended.at.latest
    still_open = {turn.item for turn in open_turns(session)}
    spans = {}
    for turn in session.turns.values():
        if turn.start_ms is None:
            continue
        start = zero + turn.start_ms / 1000 + prefix
        end = limit if turn.item in still_open else _end(turn, zero, silence)
        if end is not None and end > start:
            spans[turn.item] = (start, end)
    return spans


def open_turns(session: Session) -> list[Turn]:
    """Turns that were begun and never closed, by any sign: a text, a reply or another turn closes one too.

    The events that say so may have been lost.
    """
    candidates = [
        t for t in session.turns.values()
        if t.start_ms is not None and not (t.stopped or t.committed or t.transcribed or t.failed)
    ]  # fmt: skip
    if not candidates:
        return []
    last = max(t.start_ms for t in session.turns.values() if t.start_ms is not None)
    replied = max((r.started.at.at for r in session.replies.values() if r.started), default=0.0)
    return [t for t in candidates if t.start_ms == last and t.started and t.started.at.at >= replied]


def playbacks(session: Session, zero: float | None) -> Spans:
    """When the agent's audio was played, by the events that say so; a playback without an end is left out.

    A Live session tells the words with their place on its clock instead.
    """
    if zero is not None and not session.has_detector:
        replies = session.replies.values()
        return [
            (zero + r.start_ms / 1000, zero + r.stop_ms / 1000)
            for r in replies
            if r.start_ms is not None and r.stop_ms is not None
        ]
    return [
        (reply.playing.at.at, reply.played.at.at)
        for reply in session.replies.values()
        if reply.playing and reply.played and reply.played.at.at > reply.playing.at.at
    ]


def paddings(session: Session) -> tuple[float, float]:
    """Seconds that the detector adds before a turn and waits after it: the session's own, or the defaults."""
    if not session.has_detector:
        return 0.0, 0.0
    prefix = session.config.prefix_ms if session.config else None
    silence = session.config.silence_ms if session.config else None
    return (
        PREFIX_S if prefix is None else prefix / 1000,
        SILENCE_S if silence is None else silence / 1000,
    )


def _end(turn: Turn, zero: float, silence: float) -> float | None:
    if turn.stop_ms is not None:
        return zero + turn.stop_ms / 1000 - silence
    # Stopped without our seeing it: the turn is committed with its stop.
    return turn.committed.at.at - silence if turn.committed else None
