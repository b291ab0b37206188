"""Where the AI's audio offsets lie on the wall clock: Realtime events carry no time of their own."""

from callstore.domain.call import Leg, Session, Turn
from callstore.domain.events import Span
from callstore.domain.spans import Spans

# What OpenAI documents as server VAD defaults (guides/realtime-vad); the session's own values come first.
PREFIX_S = 0.3
SILENCE_S = 0.5
# A detector needs some 0.2 s of speech before it says so; its message comes that much later.
ONSET_S = 0.2


def ai_zero(session: Session) -> tuple[float | None, float]:
    """When the session's audio offset 0 was, in Unix seconds, and the spread of what says so.

    It is the least delayed of all (receipt − offset) pairs: a network can only make an event late.
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


def turn_spans(session: Session, zero: float | None, leg: Leg | None) -> dict[str, Span]:
    """When each turn was spoken; a turn that was never closed lasts until the session or the leg ended."""
    if zero is None:
        return {}
    given = session.config.silence_ms if session.config else None
    silence = SILENCE_S if given is None else given / 1000
    prefix, close = _prefix(session), session.close
    limit = close.seen.at.at if close else None
    if limit is None and leg and leg.ended:
        limit = leg.ended.at.latest
    spans = {}
    for turn in session.turns.values():
        if turn.start_ms is None:
            continue
        start = zero + turn.start_ms / 1000 + prefix
        end = _end(turn, zero, silence, limit)
        if end is not None and end > start:
            spans[turn.item] = (start, end)
    return spans


def playbacks(session: Session) -> Spans:
    """When the agent's audio was played, by the events that say so; a playback without an end is left out."""
    return [
        (reply.playing.at.at, reply.played.at.at)
        for reply in session.replies.values()
        if reply.playing and reply.played and reply.played.at.at > reply.playing.at.at
    ]


def _prefix(session: Session) -> float:
    given = session.config.prefix_ms if session.config else None
    return PREFIX_S if given is None else given / 1000


def _end(turn: Turn, zero: float, silence: float, limit: float | None) -> float | None:
    if turn.stop_ms is not None:
        return zero + turn.stop_ms / 1000 - silence
    if turn.committed:  # stopped without our seeing it
        return turn.committed.at.at - silence
    return limit
