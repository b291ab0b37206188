"""An observer that loses its socket while the caller speaks, and is back before the turn is over."""

from random import Random
from typing import Any

from callstore.domain.facts.clock import iso
from callstore.rehearsal.simulation.stage import Told
from callstore.rehearsal.simulation.story import PlayedCall

SHARE = 0.12
FRAMES = ("realtime.frame", "realtime.sent")
# The turn's beginning is told some 0.3 s after it, and its end half a second after that: both must be apart.
LONGER_THAN_S = 1.2


def chosen(seed: int, number: int) -> Random | None:
    """What a call whose observer reconnects is drawn from; None for all others."""
    rng = Random(f"reconnect:{seed}:{number}")
    return rng if rng.random() < SHARE else None


def tell(played: PlayedCall, rng: Random) -> bool:
    """Takes the beginning of one turn from what the application saw; whether there was such a turn."""
    turns = [w for w in played.session.spoken if w.who == "caller" and w.written and w.heard]
    turns = [w for w in turns if w.end - w.start > LONGER_THAN_S]
    if not turns:
        return False
    turn = rng.choice(turns)
    lost, back = turn.start - rng.uniform(0.0, 0.05), turn.end - rng.uniform(0.05, 0.3)
    played.legs.stage.retell(lambda events: _without(events, lost, back))
    return True


def _without(events: list[Told], lost: float, back: float) -> list[Told]:
    found: list[Told] = []
    second = 0
    for at, event in sorted(events, key=lambda one: one[0]):
        data = event["data"]
        if event["type"] in FRAMES and at >= back:
            second += 1
            data = {**data, "connection_id": f"{data['connection_id']}b", "seq": second}
        elif event["type"] in FRAMES and at >= lost:
            continue
        elif event["type"] == "realtime.socket.closed" and at >= back:
            data = {**data, "connection_id": f"{data['connection_id']}b"}
        elif event["type"] == "realtime.socket.opened":
            found += _sockets(event, lost, back)
        found.append((at, {**event, "data": data}))
    return found


def _sockets(opened: dict[str, Any], lost: float, back: float) -> list[Told]:
    """The close of the first socket, with no frame at all, and the opening of the second."""
    data, which = opened["data"], opened["data"]["connection_id"]
    gone = {"code": 1006, "reason": "", "rcvd": None, "sent": None, "rcvd_then_sent": None}
    closed = {"call_id": data["call_id"], "connection_id": which, **gone}
    again = {**data, "connection_id": f"{which}b"}
    return [
        (lost, _event(opened, "realtime.socket.closed", lost, closed, "-lost")),
        (back, _event(opened, "realtime.socket.opened", back, again, "-back")),
    ]


def _event(like: dict[str, Any], kind: str, at: float, data: dict[str, Any], mark: str) -> dict[str, Any]:
    return {**like, "id": like["id"] + mark, "type": kind, "time": iso(at), "data": data}
