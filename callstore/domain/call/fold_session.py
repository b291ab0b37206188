"""How facts about the AI session fold: turns by item, replies by response, sockets by connection.

Frames carry no wall time of their own and may be stored out of order; what belongs together is joined by
the ids the Realtime API gives, never by neighbourhood.
"""

from typing import assert_never

from callstore.domain.call import fold_live
from callstore.domain.call.call import Call
from callstore.domain.call.carried import carried_before, joined
from callstore.domain.call.observation import Anomaly, Observation
from callstore.domain.call.session import ApiCall, Close, Connection, Piece, Reply, Session, Trouble, Turn
from callstore.domain.facts.audio_formats import length_ms
from callstore.domain.facts.events import (
    ApiCalled,
    Frame,
    FrameSeen,
    FrameSent,
    InputTimedOut,
    LiveFrame,
    PlaybackChanged,
    ReplyAudio,
    ReplyFinished,
    ReplySpoken,
    ReplyStarted,
    SessionClosed,
    SessionConfigured,
    SessionDigit,
    SessionErrored,
    SessionOffered,
    SocketClosed,
    SocketOpened,
    SpeechStarted,
    SpeechStopped,
    ToolCalled,
    TurnCommitted,
    TurnFailed,
    TurnTranscribed,
)

MOST = 10_000  # a number that jumps by more is no count of frames


def offered(session: Session, event: SessionOffered, seen: Observation, received_at: float) -> None:
    session.offered = session.offered or seen
    session.offer_arrived = min(received_at, session.offer_arrived or received_at)
    session.api = event.api
    session.child = event.child or session.child
    session.parent = event.parent or session.parent
    session.offer = event
    session.sip_call_id = event.sip_call_id or session.sip_call_id


def socket(session: Session, event: SocketOpened | SocketClosed, seen: Observation) -> None:
    connection = session.connections.setdefault(event.connection, Connection(event.connection))
    match event:
        case SocketOpened():
            connection.opened, connection.http_status = connection.opened or seen, event.http_status
        case SocketClosed():
            connection.closed = connection.closed or seen
            connection.code, connection.reason = event.code, event.reason
            connection.received, connection.sent = event.received, event.sent
            connection.received_first = event.received_first


def api_called(session: Session, event: ApiCalled, seen: Observation) -> None:
    session.api_calls.append(ApiCall(seen, event.action, event.status))


def frame(session: Session, event: Frame, seen: Observation, sequence: int | None) -> None:
    connection = session.connections.get(event.connection)
    if connection is None:
        connection = session.connections[event.connection] = Connection(event.connection)
    if sequence is not None:
        _number(connection, sequence, seen)
    if isinstance(event, FrameSent):
        connection.sends.append(seen)
        return  # our own words prove nothing about the session
    # Facts come in order, so the last one folded is the latest.
    connection.first = connection.first or seen
    connection.last = session.last = seen
    session.last_kind = event.kind
    connection.frames += event.pieces
    session.frames += event.pieces
    if session.first is None:
        session.first = seen
    if not (isinstance(event, FrameSeen) or carried_before(session, event, seen)):
        _meaning(session, event, seen, sequence or 0)


def _number(connection: Connection, sequence: int, seen: Observation) -> None:
    """Notes which of the sender's numbers never came; frames of one millisecond may change places."""
    before = connection.sequence
    if sequence > before:
        if before >= 0 and sequence > before + 1:
            connection.missing.update(dict.fromkeys(range(before + 1, min(sequence, before + MOST)), seen))
        connection.sequence = sequence
    elif connection.missing:
        connection.missing.pop(sequence, None)


def _meaning(session: Session, event: Frame, seen: Observation, sequence: int) -> None:
    match event:
        case ReplySpoken() | ReplyStarted() | ReplyFinished() | PlaybackChanged():
            _reply(session, event, seen, sequence)
        case SpeechStarted() | SpeechStopped() | TurnCommitted() | TurnTranscribed() | TurnFailed():
            _turn(session, event, seen, sequence)
        case SessionConfigured():
            session.config, session.configured = event, seen
            session.session_id = event.session or session.session_id
            if event.kind == "session.started":
                fold_live.started(session, seen)
        case ToolCalled():
            _tool(session, event, seen)
        case LiveFrame():
            fold_live.told(session, event, seen, sequence)
        case SessionErrored():
            session.troubles.append(Trouble(seen, event.error_type, event.code, event.message))
        case InputTimedOut():
            session.timeouts.append(seen)
        case SessionClosed():
            session.parting = Close(seen, None, event.reason, said=True)
            session.live.billed(event.usage_s)
        case ReplyAudio():
            _sound(session, event)
        case SessionDigit():
            pass
        case _:
            raise AssertionError(event)


def _sound(session: Session, event: ReplyAudio) -> None:
    """Adds up a reply's sound, each socket's for itself: two that carry it carry it twice."""
    audio_format = session.config.output_format if session.config else None
    length = event.audio_ms if event.audio_ms is not None else length_ms(event.audio_bytes, audio_format)
    if length is not None:
        place = event.response, event.connection
        session.sound[place] = session.sound.get(place, 0.0) + length


def _tool(session: Session, event: ToolCalled, seen: Observation) -> None:
    """A call of a tool, once: a backend tells of its arguments and of the whole item."""
    if event.item is None or event.item not in session.called:
        session.tools.append((seen, event.name))
    if event.item is not None:
        session.called.add(event.item)


def _turn(
    session: Session,
    event: SpeechStarted | SpeechStopped | TurnCommitted | TurnTranscribed | TurnFailed,
    seen: Observation,
    sequence: int,
) -> None:
    turn = session.turns.get(event.item)
    if turn is None:
        turn = session.turns[event.item] = Turn(event.item)
    match event:
        case SpeechStarted():
            turn.started, turn.start_ms = turn.started or seen, event.audio_ms
        case SpeechStopped():
            turn.stopped, turn.stop_ms = turn.stopped or seen, event.audio_ms
        case TurnCommitted():
            turn.committed = turn.committed or seen
        case TurnTranscribed():
            if event.final:
                turn.transcribed, turn.text = turn.transcribed or seen, event.text
            else:
                turn.pieces.append(Piece(event.connection, sequence, event.text or ""))
        case TurnFailed():
            turn.failed, turn.failure = seen, event.code or event.message
        case _ as never:
            assert_never(never)


def _reply(
    session: Session,
    event: ReplyStarted | ReplySpoken | ReplyFinished | PlaybackChanged,
    seen: Observation,
    sequence: int,
) -> None:
    reply = session.replies.get(event.response)
    if reply is None:
        reply = session.replies[event.response] = Reply(event.response)
    match event:
        case ReplySpoken():
            reply.spoken = reply.spoken or seen
            if event.final:
                reply.parts[event.item or ""] = event.text or ""
            else:
                reply.pieces.append(Piece(event.connection, sequence, event.text or ""))
        case ReplyStarted():
            reply.started = reply.started or seen
        case ReplyFinished():
            reply.finished, reply.status, reply.reason = seen, event.status, event.reason
            if event.status == "failed" or event.error_type or event.error_code:
                reply.error = event.error_code or event.error_type
                session.troubles.append(Trouble(seen, event.error_type, event.error_code, event.message))
        case PlaybackChanged(state="started"):
            reply.playing = reply.playing or seen
        case PlaybackChanged():
            reply.played, reply.cleared = reply.played or seen, event.state == "cleared"
        case _ as never:
            assert_never(never)


def finish(call: Call) -> None:
    """Join text from its pieces, and report what cannot be."""
    for session in call.sessions.values():
        fold_live.into_turns(session)
        for reply in session.replies.values():
            whole = " ".join(t.strip() for t in reply.parts.values() if t.strip())
            reply.text = whole or joined(reply.pieces) or reply.text
        for turn in session.turns.values():
            if turn.start_ms is not None and turn.stop_ms is not None and turn.stop_ms < turn.start_ms:
                positions = tuple(s.position for s in (turn.started, turn.stopped) if s)
                call.anomalies.append(
                    Anomaly("turn_backwards", f"{turn.item} stops before it starts", positions)
                )
