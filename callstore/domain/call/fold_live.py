"""How what only a Live session tells folds: its intervals become turns and replies once all are known."""

from collections import Counter
from collections.abc import Iterable, Iterator

from callstore.domain.call.live import Hold, Interval
from callstore.domain.call.observation import Observation
from callstore.domain.call.session import Reply, Session, Trouble, Turn
from callstore.domain.facts.events import (
    AudioReflected,
    DelegationCreated,
    InputHeld,
    IntervalTranscribed,
    LiveFrame,
    TransportChanged,
    UsageReported,
)

# Pieces this far apart (ms) are two turns, as the SDK groups them (openai 3.57.0, lib/live/_types,
# min_turn_separation_ms).
APART_MS = 500.0


def told(session: Session, event: LiveFrame, seen: Observation, sequence: int) -> None:
    session.api, live = "live", session.live
    match event:
        case IntervalTranscribed():
            place = event.side, event.start_ms, event.end_ms
            live.intervals.append(Interval(seen, event.connection, sequence, *place, event.text))
        case InputHeld():
            live.holds.append(Hold(seen, event.by, event.held))
        case DelegationCreated():
            live.delegated.append((seen, event.offset_ms))
        case UsageReported():
            live.billed(event.seconds)
        case AudioReflected():
            live.reflected.append((seen, event))
        case TransportChanged():
            live.dialled = live.dialled or seen
            if event.state == "failed":
                session.troubles.append(Trouble(seen, "call_error", event.code, event.message))
        case _:
            raise AssertionError(event)


def started(session: Session, seen: Observation) -> None:
    session.api, session.live.started = "live", session.live.started or seen


def into_turns(session: Session) -> None:
    """Turns of the caller and replies of the agent, of the pieces that follow each other closely."""
    for number, pieces in enumerate(_utterances(session.live.intervals, "caller")):
        item = f"interval_{number}"
        session.turns[item] = Turn(
            item,
            start_ms=pieces[0].start_ms,
            stop_ms=max(p.end_ms for p in pieces),
            transcribed=pieces[-1].seen,
            text=_text(pieces),
            intervals=tuple(p.seen for p in pieces),
        )
    for number, pieces in enumerate(_utterances(session.live.intervals, "agent")):
        response = f"interval_{number}"
        session.replies[response] = Reply(
            response,
            started=pieces[0].seen,
            spoken=pieces[0].seen,
            text=_text(pieces),
            start_ms=pieces[0].start_ms,
            stop_ms=max(p.end_ms for p in pieces),
            intervals=tuple(p.seen for p in pieces),
        )


def _utterances(intervals: Iterable[Interval], side: str) -> Iterator[list[Interval]]:
    pieces: list[Interval] = []
    until = 0.0
    for interval in _each_once(i for i in intervals if i.side == side):
        if pieces and interval.start_ms - until > APART_MS:
            yield pieces
            pieces, until = [], 0.0
        pieces.append(interval)
        until = max(until, interval.end_ms)
    if pieces:
        yield pieces


def _each_once(intervals: Iterable[Interval]) -> list[Interval]:
    """In the order they were spoken; what two observers heard, as the one heard it who heard more of it."""
    listed = list(intervals)
    heard = Counter((i.start_ms, i.end_ms, i.connection) for i in listed)
    best: dict[tuple[float, float], tuple[int, str]] = {}
    for (start, end, connection), count in heard.items():
        best[start, end] = max(best.get((start, end), (0, "")), (count, connection))
    kept = [i for i in listed if best[i.start_ms, i.end_ms][1] == i.connection]
    return sorted(kept, key=lambda i: (i.start_ms, i.end_ms, i.sequence, i.seen.at.at))


def _text(pieces: list[Interval]) -> str | None:
    return "".join(p.text or "" for p in pieces).strip() or None
