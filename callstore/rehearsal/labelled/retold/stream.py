"""The same call over a media stream: no AI leg and no INVITE, the application holds the session's socket.

twilio.com/docs/voice/twiml/stream
"""

from random import Random
from typing import Any

import orjson

from callstore.domain.facts.clock import iso
from callstore.rehearsal.labelled.retold import meeting
from callstore.rehearsal.simulation.ids import Ids
from callstore.rehearsal.simulation.notices import warn
from callstore.rehearsal.simulation.stage import SITE, Told, stamp
from callstore.rehearsal.simulation.story import PlayedCall
from ingest.providers.delivery import Delivery

SHARE = 0.08
TWIML = (
    f'<Response><Connect><Stream url="wss://calls.example.com/media" statusCallback='
    f'"{SITE}/hooks/twilio/stream"/></Connect></Response>'
)
# What only a session with a SIP peer has.
OF_SIP = ("realtime.api_call",)
SURELY_LOST_S = 2.5
OF_THE_BUFFER = "output_audio_buffer."
REFUSED = (
    ("Stream - WebSocket - Handshake Error", "31920"),
    ("Stream - WebSocket - Connection Broken Pipe", "31922"),
)


def chosen(seed: int, number: int, played: PlayedCall) -> Random | None:
    """What a call over a stream is drawn from; None for all others."""
    failed = played.ending.cause == "stream_failed"
    rng = meeting.drawn("stream", seed, number, 1.0 if failed else SHARE)
    return rng if failed or meeting.told_so(played) else None


def tell(played: PlayedCall, rng: Random) -> None:
    """Makes Twilio connect the caller's leg to our application. Before it is told."""
    legs, sid = played.legs, Ids(rng).twilio("MZ")
    session = Ids(rng).openai("sess")
    if played.ending.by != "caller":
        legs.left = legs.ended  # there is no second leg that could end before
    else:
        legs.ended = legs.left
    link = {"twilio_call_sid": legs.parent, "stream_sid": sid}
    meeting.retell(
        played, TWIML, lambda one: _said(one, played, session, link), lambda one: _sent(one, played)
    )
    told = {"AccountSid": legs.stage.account, "CallSid": legs.parent, "StreamSid": sid, "StreamName": sid}

    def tells(at: float, event: str, **more: str) -> None:
        words = {**told, "StreamEvent": event, "Timestamp": iso(at), **more}
        legs.stage.twilio(at, "/hooks/twilio/stream", words)

    if played.ending.cause == "stream_failed":
        error, code = rng.choice(REFUSED)
        at = legs.ended - rng.uniform(0.05, 0.3)
        tells(at, "stream-error", StreamError=error)
        warn(legs, at, code, "ERROR", error, about=legs.parent)
        return
    tells(legs.answered - rng.uniform(0.0, 0.1), "stream-started")
    tells(legs.ended, "stream-stopped")


def _said(one: Told, played: PlayedCall, session: str, link: dict[str, str]) -> Told | None:
    """What the application tells of a session of its own."""
    at, told = one
    frame = told["data"].get("event", {})
    if told["type"] in OF_SIP or str(frame.get("type")).startswith(OF_THE_BUFFER):
        return None
    known = played.session.socket.call
    told = orjson.loads(orjson.dumps(told).replace(known.encode(), session.encode()))
    if frame.get("session", {}).get("id"):
        told["data"]["event"]["session"]["id"] = session
    if told["type"].startswith(("realtime.", "app.")):
        told["data"] |= link
    acted = played.ending.by == "app" or played.ending.cause in ("agent_finished", "false_finish")
    if acted and told["type"] == "realtime.socket.closed":
        told["data"]["rcvd_then_sent"] = False  # that is how it hangs up
    return at, told


def _sent(one: Delivery, played: PlayedCall) -> Delivery | None:
    """What Twilio and OpenAI still say: nothing of an AI leg."""
    if one.door == "openai" or meeting.of_child(one, played):
        return None
    if one.path == meeting.EVENTS and b"status-callback" in one.body:
        return None  # copies of what the callbacks say
    if one.path != "/hooks/twilio/status/parent":
        return one
    length = str(round(played.legs.left - played.legs.began))
    words = {"Timestamp": stamp(played.legs.left), "CallDuration": length}
    return meeting.with_words(one, frozenset(), words)


def relabel(expect: dict[str, Any], played: PlayedCall, lost_s: float) -> dict[str, Any]:
    """The label without an AI leg; `lost_s` is how much of the caller's unheard speech is on a recording.

    Who ended a call whose session was lost without a sign nobody can know, unless the caller is heard to
    speak to nobody: else they may have given up.
    """
    told = dict(expect)
    for name in ("ai_call_id", "sip_response_code"):
        told.pop(name, None)
    told |= {name: None for name in ("child_call_sid", "child_status") if name in told}
    if "topology" in told:
        told["topology"] = "media_streams"
    if told.get("ended_first_by") == "ai" and played.ending.by == "unknown":
        told["ended_first_by"] = "unknown"  # no leg of the AI's has a BYE
    if played.ending.cause == "mute_agent":
        told.pop("cause", None)  # a WebSocket tells of no playback
        told["verdict"] = {"any_of": ["ai_mute", "caller_hung_up", "inconclusive"]}
    if played.ending.cause == "silent_session_loss" and lost_s < SURELY_LOST_S:
        for name in ("cause", "ended_first_by", "flags"):
            told.pop(name, None)
        told["verdict"] = {"any_of": ["ai_silent_first", "caller_hung_up", "inconclusive"]}
    return told
