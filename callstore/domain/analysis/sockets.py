"""What the observers' sockets say: which was lost, whether the session went on, what never came through."""

from collections.abc import Iterator

from callstore.domain.analysis.hearing import Hearing
from callstore.domain.call.observation import Observation
from callstore.domain.call.session import Close, Session
from callstore.domain.facts.spans import clamp, total

# The leg follows a session that is gone within seconds. One that lives on, with the agent still talking, lost
# only its observer (pattern P5).
FOLLOWS_S = 5.0
AGENT_TALKS_S = 1.0
# Frames that were on their way when a socket closed may be stamped after it.
SETTLE_S = 1.0


def last_lost(session: Session) -> Close | None:
    """The last socket that closed, our own closing it included."""
    closed = [
        Close(c.closed, c.code, c.reason, c.received is not None)
        for c in session.connections.values()
        if c.closed
    ]
    return max(closed, key=lambda c: (c.seen.at.at, c.seen.position), default=None)


def signs_after(session: Session, lost: Close, hearing: Hearing | None) -> Iterator[Observation]:
    """What proves that the session went on after the socket was lost: frames, a new socket, the agent.

    `hearing` is None where the leg ended too soon after it for a voice to prove anything.
    """
    at = lost.seen.at.at
    if session.last and session.last.at.at > at + SETTLE_S:
        yield session.last
    for socket in session.connections.values():
        if socket.opened and not socket.refused and socket.opened.at.at > at:
            yield socket.opened
    if hearing is None or hearing.leg_end is None or not hearing.recorded or hearing.recording is None:
        return
    talking = total(clamp(hearing.agent, at + FOLLOWS_S, hearing.leg_end)) >= AGENT_TALKS_S
    if talking and hearing.recording.analysed:
        yield hearing.recording.analysed


def not_found(session: Session) -> Iterator[Observation]:
    """Attempts to attach that OpenAI answered with 404: there is no such session (any more)."""
    for socket in session.connections.values():
        if socket.opened and socket.http_status == 404:
            yield socket.opened


def lost_between(session: Session, start: float, end: float) -> int:
    """How many frames never came, of those that were due between two moments (Unix seconds)."""
    after = [seen.at.at for c in session.connections.values() for seen in c.lost.values()]
    return sum(start <= at <= end for at in after)
