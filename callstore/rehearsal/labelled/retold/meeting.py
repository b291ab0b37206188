"""What is told otherwise where no <Dial> joins caller and AI: what conferences and streams have in common."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from random import Random
from urllib.parse import parse_qsl, urlencode

import orjson

from callstore.rehearsal.simulation.stage import Told
from callstore.rehearsal.simulation.story import PlayedCall
from ingest.providers.delivery import Delivery

CHILD, ACTION, EVENTS = "/hooks/twilio/status/child", "dial-action", "/hooks/twilio/events"


def told_so(played: PlayedCall) -> bool:
    """Whether a call can be told so: one conversation, watched to its end, joined by its headers."""
    ending, line = played.ending, played.legs.line
    whole = ending.reaches == "conversation" and ending.watched and ending.verdict != "flow_ended"
    return whole and not line.bad_header


def retell(
    played: PlayedCall,
    answer: str,
    event: Callable[[Told], Told | None],
    callback: Callable[[Delivery], Delivery | None],
) -> None:
    """Puts our TwiML in place of the <Dial>, and takes its action away; the rest as both callables say."""

    def app(events: list[Told]) -> list[Told]:
        kept = [_answered(one, answer) for one in events if ACTION not in one[1]["data"].get("url", "")]
        return [told for one in kept if (told := event(one))]

    stage = played.legs.stage
    stage.retell(app)
    stage.resend(lambda one: None if ACTION in one.path else callback(one))


def _answered(one: Told, answer: str) -> Told:
    at, told = one
    if "<Dial" not in str(told["data"].get("response")):
        return one
    return at, {**told, "data": {**told["data"], "response": answer}}


def of_child(one: Delivery, played: PlayedCall) -> bool:
    """A callback about the AI's leg, itself or as an Event Streams element."""
    return one.path == CHILD or (one.path == EVENTS and _about(one, played.legs.child))


def _about(one: Delivery, leg: str) -> bool:
    [element] = orjson.loads(one.body)
    data = element["data"]
    return leg in (data.get("sid"), data.get("call_sid"))


def with_words(one: Delivery, without: frozenset[str], words: Mapping[str, str]) -> Delivery:
    """The form with other parameters."""
    told = {name: value for name, value in parse_qsl(one.body.decode(), keep_blank_values=True)}
    told = {name: value for name, value in told.items() if name not in without} | dict(words)
    return replace(one, body=urlencode(told).encode())


def drawn(kind: str, seed: int, number: int, share: float) -> Random | None:
    """What a call that is told so is drawn from; None for all others."""
    rng = Random(f"{kind}:{seed}:{number}")
    return rng if rng.random() < share else None
