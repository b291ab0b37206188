"""Events that two sockets of one session carried: told twice, they happened once."""

from collections import Counter
from collections.abc import Iterable

from callstore.domain.call.observation import Observation
from callstore.domain.call.session import Piece, Session
from callstore.domain.facts.events import Frame, InputTimedOut, ReplyFinished, SessionErrored

# Two sockets carry the same event a moment apart, and two clocks may have stamped it.
APART_S = 2.0


def carried_before(session: Session, event: Frame, seen: Observation) -> bool:
    """Whether another socket carried the same event just now, of those that count each time.

    Whether the ids of events are the same on all sockets is not published (openai SDK, realtime types).
    """
    what: tuple[object, ...]
    match event:
        case SessionErrored():
            what = event.TYPE, event.error_type, event.code, event.message
        case InputTimedOut():
            what = event.TYPE, event.item, event.start_ms, event.end_ms
        case ReplyFinished():
            what = event.TYPE, event.response, event.status
        case _:
            return False
    connection, at = session.carried.get(what, (event.connection, 0.0))
    if connection != event.connection and seen.at.at - at <= APART_S:
        return True
    session.carried[what] = event.connection, seen.at.at
    return False


def joined(pieces: Iterable[Piece]) -> str | None:
    """Pieces as text, from the socket that carried most: a second observer hears the same words again."""
    carried = Counter[str]()
    for piece in pieces:  # by what they say: an observer may have joined some
        carried[piece.connection] += len(piece.text)
    if not carried:
        return None
    best = max(carried, key=lambda connection: (carried[connection], connection))
    return "".join(p.text for p in sorted(p for p in pieces if p.connection == best)) or None
