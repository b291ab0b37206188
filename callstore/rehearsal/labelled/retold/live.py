"""The same call through the Live API: no detector, no turns, words in intervals of the session's own clock.

What is dropped and what stands instead is that API's (openai SDK 3.57.0, types/live/server_event).
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from random import Random
from typing import Any, TypeAlias

from callstore.domain.facts.clock import iso
from callstore.rehearsal.labelled.retold.reflected import reflected
from callstore.rehearsal.simulation.speech import Utterance
from callstore.rehearsal.simulation.stage import Told
from callstore.rehearsal.simulation.story import PlayedCall
from ingest.providers.delivery import Delivery

SHARE = 0.15
PIECE_S = 0.5
# From the last sound of a piece to its words; nobody publishes it. Live writes while it listens.
CALLER_LAG_S, AGENT_LAG_S = (0.25, 0.9), (0.05, 0.3)
USED_EVERY_S = 10.0

Said: TypeAlias = tuple[float, dict[str, Any]]  # when, and a server event


def chosen(seed: int, number: int) -> Random | None:
    """What a call that goes through Live is drawn from; None for all others."""
    rng = Random(f"live:{seed}:{number}")
    return rng if rng.random() < SHARE else None


def tell(played: PlayedCall, rng: Random, reflects: bool) -> None:
    """Makes the application forward a Live session instead of a Realtime one. Before it is told.

    `reflects` says that it forwards what the sideband reflected, too.
    """
    played.legs.stage.retell(lambda events: _in_live(events, played, rng, reflects))


def offered(sent: Iterable[Delivery], played: PlayedCall) -> list[Delivery]:
    """The deliveries with OpenAI's webhook and the session's id as Live has them."""
    known, live = played.session.socket.call.encode(), _id(played).encode()
    found = []
    for one in sent:
        body = one.body.replace(known, live)
        if one.door == "openai":
            body = body.replace(b"realtime.call.incoming", b"live.transport.incoming")
            body = body.replace(b'"call_id"', b'"session_id"')
        found.append(replace(one, body=body))
    return found


def _id(played: PlayedCall) -> str:
    return "live_" + played.session.socket.call.rpartition("_")[2]


def _in_live(events: list[Told], played: PlayedCall, rng: Random, reflects: bool) -> list[Told]:
    frames = [event for event in events if event[1]["type"] == "realtime.frame"]
    others = [event for event in events if event[1]["type"] not in ("realtime.frame", "realtime.sent")]
    if not frames:
        return events
    zero, last = frames[0][0], max(at for at, _ in frames)
    closed = [(at, told) for at, told in others if told["type"] == "realtime.socket.closed"]
    until = closed[0][0] if closed else last + 2.0
    said = [
        *_kept(frames, played, zero),
        *_words(played.session.spoken, zero, until, rng),
        *_usage(zero, last),
        *_parting(played, closed, zero),
        *(reflected(played.session.spoken, zero, until) if reflects else ()),
    ]
    template, found = frames[0][1], []
    for number, (at, event) in enumerate(sorted(said, key=lambda one: one[0]), 1):
        told = {"event_id": f"event_{number}", **event}
        data = {**template["data"], "seq": number, "received_at": int(at * 1000), "event": told}
        found.append((at, {**template, "id": f"{template['id']}-{number}", "time": iso(at), "data": data}))
    return [*others, *found]


def _kept(frames: Iterable[Told], played: PlayedCall, zero: float) -> Iterator[Said]:
    for at, told in frames:
        event = told["data"]["event"]
        if event["type"] == "session.created":
            yield at, {"type": "session.started", "session": _session(played, zero)}
        elif event["type"] == "response.function_call_arguments.done":
            # Work that the session hands to its backend, which calls the tool.
            work = {"id": f"dlg_{event['item_id']}", "type": "delegation", "target": "responses"}
            created = {"type": "session.delegation.created", "delegation": work}
            yield at - 0.05, {**created, "offset_ms": round((at - 0.06 - zero) * 1000)}
            call = {"type": "function_call", "id": event["item_id"], "name": event["name"]}
            done = {"type": "response.output_item.done", "item": {**call, "arguments": event["arguments"]}}
            yield at, {"type": "response.event", "delegation_id": work["id"], "event": done}
        elif event["type"] == "error":
            yield at, event


def _session(played: PlayedCall, zero: float) -> dict[str, Any]:
    ends = {"expires_at": int(zero) + 3600, "status": "active"}
    return {"id": _id(played), "object": "live.session", "model": "gpt-live-1", **ends}


def _words(spoken: Iterable[Utterance], zero: float, until: float, rng: Random) -> Iterator[Said]:
    """Each piece of what was said and written down, unless the session was gone before its words came."""
    for words in spoken:
        if not words.text or (words.who == "caller" and not (words.written and words.heard)):
            continue
        side, lag = ("input", CALLER_LAG_S) if words.who == "caller" else ("output", AGENT_LAG_S)
        pieces = max(1, round((words.end - words.start) / PIECE_S))
        length, late = (words.end - words.start) / pieces, rng.uniform(*lag)
        for number in range(pieces):
            start = words.start + number * length
            text = words.text[len(words.text) * number // pieces : len(words.text) * (number + 1) // pieces]
            at = start + length + late + rng.uniform(0.0, 0.05)
            if at < until:
                place = {"start_ms": max(0, _ms(start, zero)), "end_ms": max(0, _ms(start + length, zero))}
                yield at, {"type": f"session.{side}_transcript.delta", "delta": text, **place}


def _ms(at: float, zero: float) -> int:
    return round((at - zero) * 1000)


def _usage(zero: float, last: float) -> Iterator[Said]:
    at = zero + USED_EVERY_S
    while at < last:
        yield at, {"type": "session.usage.updated", "usage": {"seconds": int(at - zero)}}
        at += USED_EVERY_S
    # What came last in Realtime's telling was a sign of life as well.
    yield last, {"type": "session.usage.updated", "usage": {"seconds": int(last - zero)}}


def _parting(played: PlayedCall, closed: list[Told], zero: float) -> Iterator[Said]:
    """The last word, where the session came to say one: a socket that is cut with no frame hears none."""
    by, cause = played.ending.by, played.ending.cause
    for at, told in closed if played.ending.watched else ():
        if by == "caller" or played.ending.verdict == "flow_ended":  # Twilio took its SIP peer away
            reason = "remote_hangup"
        elif by == "app" or cause in ("agent_finished", "false_finish"):
            reason = "close_requested"
        elif told["data"]["rcvd"]:
            reason = "connection_lost"
        else:
            continue
        used = {"seconds": int(at - zero)}
        yield at - 0.01, {"type": "session.closed", "reason": reason, "session": {}, "usage": used}


def relabel(expect: dict[str, Any], played: PlayedCall, heard: bool, reflects: bool) -> dict[str, Any]:
    """The label as far as Live can tell; `heard` where a recording says who spoke.

    That a turn was open when the session ended it cannot tell, and whether lost speech was heard only by what
    it `reflects`.
    """
    told = dict(expect)
    if "ai_call_id" in told:
        told["ai_call_id"] = _id(played)
    if told.get("cause") in ("drop_mid_speech", "tail_loss"):
        del told["cause"]
    if told.get("gap_kind") not in (None, "none") and not (heard and reflects):
        del told["gap_kind"]
    # Of what was said after the session was gone nothing is reflected.
    reaches_the_end = reflects and played.ending.verdict not in ("ai_closed_first", "ai_silent_first")
    if not (heard or reaches_the_end):
        told.pop("flags", None)
    if played.ending.cause == "replies_failed":
        # It tells of errors, never of a reply that failed.
        told.pop("cause", None)
        told["verdict"] = {"any_of": ["ai_mute", "caller_hung_up", "inconclusive"]}
    if played.ending.verdict == "ai_deaf":
        # Its agent speaks up right after the caller: an answer, for all that is known.
        told.pop("cause", None)
        told["verdict"] = {"any_of": ["ai_deaf", "caller_hung_up", "inconclusive"]}
    return told
