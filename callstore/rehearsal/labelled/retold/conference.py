"""The same call in a conference, as Twilio's own sample for OpenAI's SIP has it: both legs are participants.

twilio.com/docs/voice/twiml/conference#attributes-statuscallback
"""

from dataclasses import replace
from random import Random
from typing import Any

import orjson

from callstore.rehearsal.labelled.retold import meeting
from callstore.rehearsal.simulation.stage import SITE, stamp
from callstore.rehearsal.simulation.story import PlayedCall
from ingest.providers.delivery import Delivery

SHARE = 0.08
TWIML = (
    '<Response><Dial><Conference startConferenceOnEnter="true" endConferenceOnExit="true" statusCallback='
    f'"{SITE}/hooks/twilio/conference" statusCallbackEvent="start end join leave">'
    "{name}</Conference></Dial></Response>"
)
LEFT = "participant-with-end-conference-on-exit-left"
OF_A_DIAL = frozenset({"ParentCallSid", "ForwardedFrom", "CalledVia"})


def chosen(seed: int, number: int) -> Random | None:
    """What a call in a conference is drawn from; None for all others."""
    return meeting.drawn("conference", seed, number, SHARE)


def tell(played: PlayedCall, rng: Random) -> None:
    """Makes Twilio place the AI's leg by REST into the caller's conference. Before it is told."""
    legs = played.legs
    meeting.retell(played, TWIML.format(name=legs.parent), lambda one: one, lambda one: _sent(one, played))
    sid, number = legs.stage.ids.twilio("CF"), 0

    def tells(at: float, event: str, leg: str | None, **more: str) -> None:
        nonlocal number
        number += 1
        words = {
            "AccountSid": legs.stage.account, "ConferenceSid": sid, "FriendlyName": legs.parent,
            "StatusCallbackEvent": event, "SequenceNumber": str(number), "Timestamp": stamp(at), **more,
        }  # fmt: skip
        legs.stage.twilio(at, "/hooks/twilio/conference", words | ({"CallSid": leg} if leg else {}))

    came = legs.dialled - 0.1
    tells(came, "conference-start", legs.parent)
    tells(came, "participant-join", legs.parent, ParticipantLabel="customer")
    tells(legs.answered + rng.uniform(0.1, 0.5), "participant-join", legs.child, ParticipantLabel="agent")
    sides = [(legs.left, legs.parent), (legs.ended, legs.child)]
    (first_at, first), (then_at, then) = sorted(sides)
    # Whoever of ours is left alone is let go by REST, unless the conference ends with the first to leave.
    by_rest = first == legs.child and rng.random() < 0.5
    over = max(first_at, then_at - 0.05)
    ends = {"CallSidEndingConference": first, "ReasonConferenceEnded": LEFT}
    closed = {"ReasonConferenceEnded": "conference-ended-via-api"} if by_rest else ends
    why = "conference_ended_via_api" if by_rest else "moderator_ended_conference"
    gone = {"ParticipantCallStatus": "completed"}
    tells(first_at, "participant-leave", first, **gone, ReasonParticipantLeft="participant_hung_up")
    tells(over, "conference-end", None, **closed)
    tells(then_at, "participant-leave", then, **gone, ReasonParticipantLeft=why)


def _sent(one: Delivery, played: PlayedCall) -> Delivery | None:
    """Twilio's and OpenAI's word about a leg that nobody dialled."""
    if one.door == "openai":
        return replace(one, body=one.body.replace(b'"X-Parent-CallSid"', b'"X-conferenceName"'))
    if not meeting.of_child(one, played):
        return one
    if one.path == meeting.CHILD:
        return meeting.with_words(one, OF_A_DIAL, {"Direction": "outbound-api"})
    [element] = orjson.loads(one.body)
    data = element["data"]
    if "request" in data:
        told = data["request"]["parameters"]
        kept = {name: value for name, value in told.items() if name not in OF_A_DIAL}
        data["request"]["parameters"] = {**kept, "Direction": "outbound-api"}
    else:
        data["parent_call_sid"] = ""
        data["properties"]["direction"] = "outbound_api"
    return replace(one, body=orjson.dumps([element]))


def relabel(expect: dict[str, Any]) -> dict[str, Any]:
    """The label with what the conference knows: of whoever left first it says the name."""
    told = dict(expect)
    if "topology" in told:
        told["topology"] = "conference"
    if told.get("ended_first_by") == "unknown":
        told["ended_first_by"] = "ai"
    return told
