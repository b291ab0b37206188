"""One attempt at asking Twilio about a call: made, and entered as a fact with what came of it."""

from collections.abc import Collection, Sequence

from callstore.domain.facts.events import TwilioAsked
from callstore.eventlog.reading import read
from callstore.eventlog.writing.append import append
from ingest.arrivals import repeats
from ingest.backfill.take import ASKED_FOR, Taken, take
from ingest.dialects import own_facts

LONGEST = 300  # characters of a failure


def attempt(account_sid: str, legs: Sequence[str], step: str, number: int | None = None) -> Taken | None:
    """Asks about the call of these legs, and says so in the log of the first that it has.

    None where this attempt was made before; without a number it is the next. Raises Erased.
    """
    home = _home(legs)
    made = _made(home, step) if home else set()
    if number in made:
        return None
    try:
        taken = take(account_sid, legs, ASKED_FOR.get(step, frozenset()))
    finally:
        repeats.flush()
    if home := home or _home([*legs, *taken.legs]):
        append([own_facts.twilio_asked(home, _asked(step, number or max(made, default=0) + 1, taken))])
    return taken


def told(failures: Collection[str]) -> str:
    """Failures as one sentence, each once."""
    return "; ".join(dict.fromkeys(failures))


def _home(legs: Sequence[str]) -> str | None:
    """The first leg that the log has: an attempt alone makes no call."""
    return next((leg for leg in legs if read.trace_of(f"twilio:{leg}")), None)


def _made(leg: str, step: str) -> set[int]:
    events = (record.event for record in read.records(read.homes([f"twilio:{leg}"])))
    return {event.attempt for event in events if isinstance(event, TwilioAsked) and event.step == step}


def _asked(step: str, number: int, taken: Taken) -> TwilioAsked:
    failure = told(taken.failures)[:LONGEST] if taken.failures else None
    return TwilioAsked(step=step, attempt=number, found=taken.found, failure=failure)
