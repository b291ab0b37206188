"""Callers whom our application takes from the AI to a person by REST, of which only what comes next tells."""

from collections.abc import Iterable

from callstore.rehearsal.simulation.legs import Legs
from callstore.rehearsal.simulation.stage import SITE

RING = (
    '<Response><Dial timeout="20" action="{site}/hooks/twilio/voice/after-transfer"><Number statusCallback='
    '"{site}/hooks/twilio/status/child" statusCallbackEvent="initiated ringing answered completed">'
    "{to}</Number></Dial></Response>"
)
NOTHING = "<Response/>"
DESK = "+15005550006"  # Twilio's number for tests


def take_away(legs: Legs, at: float) -> None:
    """The caller's leg gets new TwiML: the AI's leg ends, and Twilio asks for that."""
    rng = legs.stage.rng
    dialled = legs.child_ended(at, "completed", 200)
    legs.asked(at + rng.uniform(0.02, 0.2), "voice/dial-action?route=ai", "in-progress", dialled, NOTHING)
    ring = RING.format(site=SITE, to=DESK)
    legs.asked(at + rng.uniform(0.05, 0.3), "voice/ring-humans", "in-progress", {}, ring)


def talk(legs: Legs, at: float, seconds: float) -> None:
    """Somebody takes the call that is dialled now, and the caller hangs up in the end."""
    answered = at + legs.stage.rng.uniform(2.0, 9.0)
    steps = ("initiated", at), ("ringing", at + 1.0), ("in-progress", answered)
    _leg(legs, [*steps, ("completed", answered + seconds + 0.1)])
    legs.parent_ends(answered + seconds)


def ring_in_vain(legs: Legs, at: float) -> None:
    """Nobody takes the call that is dialled now, and the caller is put through to the AI again."""
    until = at + legs.stage.rng.uniform(8.0, 20.0)
    person = _leg(legs, [("initiated", at), ("ringing", at + 1.0), ("no-answer", until)])
    told = {"DialCallStatus": "no-answer", "DialCallSid": person, "DialBridged": "false"}
    legs.is_dialled_again(until + 0.2, "voice/after-transfer", told)


def _leg(legs: Legs, steps: Iterable[tuple[str, float]]) -> str:
    person = legs.stage.ids.twilio("CA")
    for sequence, (status, at) in enumerate(steps):
        legs.leg_is(person, DESK, sequence, status, at)
    return person
