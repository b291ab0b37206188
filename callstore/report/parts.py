"""The parts of a call that a page draws: legs, flow, session, turns, replies, in seconds."""

from typing import overload

from callstore.domain.call.call import Leg
from callstore.domain.call.carried import joined
from callstore.domain.call.observation import Observation
from callstore.domain.call.session import Reply, Turn
from callstore.domain.facts.clock import iso
from callstore.domain.facts.vocabulary import TERMINAL, TurnState
from callstore.findings.rule import Case, positions
from callstore.report.document_parts import (
    AskPart,
    LegPart,
    Moment,
    ReplyPart,
    SessionPart,
    TurnPart,
)
from callstore.report.stable.moments import zero


def seconds(of: Case, at: float | None) -> float | None:
    """Unix seconds as seconds from the call's start."""
    start = zero(of)
    return None if at is None or start is None else round(at - start, 3)


@overload
def moment(of: Case, seen: Observation) -> Moment: ...
@overload
def moment(of: Case, seen: Observation | None) -> Moment | None: ...
def moment(of: Case, seen: Observation | None) -> Moment | None:
    """A moment by the clock that stamped it, and the position that says so."""
    if seen is None:
        return None
    return {
        "at": iso(seen.at.at),
        "at_s": seconds(of, seen.at.at),
        "precision_ms": seen.at.precision_ms,
        "clock": seen.at.clock.name.lower(),
        "position": seen.position,
    }


def legs(of: Case) -> list[LegPart]:
    """Every leg, the parent first; `history` in the order of the leg's life."""
    return [_leg(of, leg) for leg in sorted(of.call.legs.values(), key=lambda leg: _leg_order(of, leg))]


def _leg_order(of: Case, leg: Leg) -> tuple[int, float, str]:
    rank = 0 if leg is of.call.parent else 1 if leg is of.call.child else 2
    return rank, leg.first.at.at if leg.first else 0.0, leg.sid


def _leg(of: Case, leg: Leg) -> LegPart:
    history = sorted(leg.history.items(), key=lambda kv: (kv[0] in TERMINAL, kv[1].at.at, kv[1].position))
    return {
        "sid": leg.sid,
        "role": "parent" if leg is of.call.parent else "child" if leg is of.call.child else "other",
        "parent": leg.parent,
        "direction": leg.direction,
        "from": leg.caller,
        "to": leg.called,
        "status": leg.status,
        "sip_code": leg.sip_code,
        "error_code": leg.error_code,
        "duration_s": leg.duration_s,
        "disconnected_by": leg.disconnected_by,
        "answered_by": leg.answered_by,
        "first": moment(of, leg.first),
        "answered": moment(of, leg.answered),
        "ended": moment(of, leg.ended),
        "end_inferred": leg.end_inferred,
        "history": [{"status": status, **moment(of, seen)} for status, seen in history],
    }


def flow(of: Case) -> list[AskPart]:
    """What Twilio asked and what we answered, in order."""
    placed = [(seen.at.at, ask.path, ask) for ask in of.call.asks if (seen := ask.asked or ask.answered)]
    return [
        {
            "kind": ask.kind,
            "path": ask.path,
            "leg": ask.leg,
            "status": ask.status,
            "digits": ask.digits,
            "child": ask.child,
            "dial_status": ask.dial_status,
            "verbs": list(ask.answer.verbs) if ask.answer else None,
            "asked": moment(of, ask.asked),
            "answered": moment(of, ask.answered),
        }
        for _, _, ask in sorted(placed, key=lambda row: row[:2])
    ]


def session(of: Case) -> SessionPart | None:
    """The AI session: its clock, its sockets, its errors."""
    ai = of.call.session
    if ai is None:
        return None
    config = ai.config
    return {
        "id": ai.id,
        "api": ai.api,
        "session_id": ai.session_id,
        "model": config.model if config else None,
        "turn_detection": config.vad if config else None,
        "transcription": config.transcription if config else None,
        "frames": ai.frames,
        "offered": moment(of, ai.offered),
        "accepted": moment(of, next((a.seen for a in ai.api_calls if a.action == "accept"), None)),
        "first": moment(of, ai.first),
        "last": moment(of, ai.last),
        "last_type": ai.last_kind,
        "audio_zero_s": seconds(of, of.hearing.ai_zero),
        "audio_zero_spread_s": of.hearing.ai_spread_s,
        "billed_s": ai.live.billed_s,
        "input_held": [[seconds(of, start), seconds(of, end)] for start, end in of.hearing.held],
        "connections": [
            {
                "id": c.id,
                "opened": moment(of, c.opened),
                "http_status": c.http_status,
                "closed": moment(of, c.closed),
                "code": c.code,
                "reason": c.reason,
                "received": c.received,
                "sent": c.sent,
            }
            for c in sorted(ai.connections.values(), key=lambda c: c.id)
        ],
        "api_calls": [{"action": a.action, "status": a.status, **moment(of, a.seen)} for a in ai.api_calls],
        "tools": [{"name": name, **moment(of, seen)} for seen, name in ai.tools],
        "errors": [
            {"type": t.type, "code": t.code, "message": t.message, **moment(of, t.seen)} for t in ai.troubles
        ],
    }


def turns(of: Case) -> list[TurnPart]:
    """The caller's turns as the AI heard them, by the time they were spoken."""
    ai = of.call.session
    if ai is None:
        return []
    ordered = sorted(ai.turns.values(), key=lambda t: (_turn_start(of, t), t.item))
    return [
        {
            "item": turn.item,
            "start_s": seconds(of, _turn_start(of, turn)),
            "end_s": seconds(of, of.hearing.turns.get(turn.item, (None, None))[1]),
            "text": turn.text if turn.transcribed else joined(turn.pieces),
            "state": _turn_state(turn),
            "failure": turn.failure,
            "positions": list(
                positions(
                    turn.started, turn.stopped, turn.committed, turn.transcribed, turn.failed, *turn.intervals
                )
            ),
        }
        for turn in ordered
    ]


def _turn_start(of: Case, turn: Turn) -> float:
    spoken = of.hearing.turns.get(turn.item)
    if spoken:
        return spoken[0]
    return turn.first.at.at if turn.first else 0.0


def _turn_state(turn: Turn) -> TurnState:
    if turn.transcribed:
        return "transcribed"
    if turn.failed:
        return "failed"
    return "missing" if turn.stopped or turn.committed else "open"


def replies(of: Case) -> list[ReplyPart]:
    """The agent's replies; `start_s` and `end_s` are its playback where that was seen."""
    ai = of.call.session
    if ai is None:
        return []
    result: list[ReplyPart] = []
    audio: dict[str, float] = {}
    for (response, _), ms in ai.sound.items():
        audio[response] = max(audio.get(response, 0.0), round(ms / 1000, 3))
    for reply in ai.replies.values():
        start, end = _played(of, reply)
        told = reply.started, reply.playing, reply.spoken, *reply.intervals, reply.finished, reply.played
        result.append(
            {
                "response": reply.response,
                "text": reply.text,
                "start_s": seconds(of, start),
                "end_s": seconds(of, end),
                "audio_s": audio.get(reply.response),
                "status": reply.status,
                "reason": reply.reason,
                "cut": reply.cleared,
                "error": reply.error,
                "positions": list(positions(*told)),
            }
        )
    return sorted(result, key=lambda r: (r["start_s"] or 0.0, r["response"]))


def _played(of: Case, reply: Reply) -> tuple[float | None, float | None]:
    """From when to when, by the playback where it was seen, or by the clock of a Live session."""
    zero = of.hearing.ai_zero
    if zero is not None and reply.start_ms is not None and reply.stop_ms is not None:
        return zero + reply.start_ms / 1000, zero + reply.stop_ms / 1000
    start, end = reply.playing or reply.started or reply.spoken, reply.played or reply.finished
    return start.at.at if start else None, end.at.at if end else None
