"""How Twilio's API was asked about a call, as JSON, and when it is asked next."""

from typing import TypedDict

from callstore.domain.call.call import Call
from callstore.domain.facts.clock import iso
from callstore.report.document_parts import Witness
from callstore.report.sources.asking import asked_about, next_step


class AskingPart(Witness):
    """An attempt at asking Twilio's API, how many new facts came of it, or why none could."""

    step: str
    attempt: int
    found: int
    failure: str | None


class BackfillPart(TypedDict):
    """How Twilio's API was asked about these legs, and the step that is due next; `next_at` is when."""

    account: str | None
    legs: list[str]
    asked: list[AskingPart]
    next_step: str | None
    next_attempt: int | None
    next_at: str | None


def backfill_part(call: Call, zero: float | None) -> BackfillPart:
    """The attempts so far and the next step; `zero` is the call's start in Unix seconds."""
    step = next_step(call)
    return {
        "account": next(iter(call.accounts), None),
        "legs": asked_about(call),
        "asked": [
            {
                "at": iso(asked.seen.at.at),
                "at_s": None if zero is None else round(asked.seen.at.at - zero, 3),
                "precision_ms": asked.seen.at.precision_ms,
                "positions": [asked.seen.position],
                "step": asked.step,
                "attempt": asked.attempt,
                "found": asked.found,
                "failure": asked.failure,
            }
            for asked in call.asked_of_twilio
        ],
        "next_step": step.name if step else None,
        "next_attempt": step.attempt if step else None,
        "next_at": iso(step.at) if step else None,
    }
