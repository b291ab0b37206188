"""The number has no status callback: nobody tells when the caller's leg ended.

It is set at the number, not in TwiML, and brings the end alone
(https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource).
"""

from collections import defaultdict

from callstore.doctor.examination import (
    ExaminedCall,
    Sample,
    Severity,
    Symptom,
    counted,
    most,
    mostly,
    seen_in,
)
from callstore.domain.call.call import Leg
from callstore.domain.facts.events import LegStatus
from callstore.domain.facts.vocabulary import TERMINAL

SEVERITY: Severity = "fault"
TITLE = "The caller's leg has no status callback"
GRACE_S = 120.0  # the parent may be kept on the line for a while after its child


def examine(sample: Sample) -> Symptom | None:
    """The calls whose parent never told its end, by the number that was called: that is where it is set."""
    numbers: defaultdict[str | None, list[tuple[ExaminedCall, Leg]]] = defaultdict(list)
    for call in sample.told(GRACE_S):
        if (leg := call.case.call.parent) and call.has_callbacks:
            numbers[leg.called].append((call, leg))
    without = [calls for calls in numbers.values() if mostly(sum(map(_is_silent, calls)), len(calls))]
    if not without:
        return None
    silent = [(call, leg) for calls in without for call, leg in calls if _is_silent((call, leg))]
    parents = sum(map(len, without))
    why = (
        f"{counted(len(silent), parents)} the end of the caller's leg was never told, so that who hung"
        " up first has to be guessed."
    )
    url = sample.setup.url("/hooks/twilio/status/parent#rc=5&rp=all")
    paste = f"Phone Numbers → your number → Call status changes, HTTP POST:\n{url}"
    events = [e for call, leg in silent for e in seen_in(call, leg.first, call.case.ending.end)]
    return Symptom(why, most(events), paste)


def _is_silent(call_and_leg: tuple[ExaminedCall, Leg]) -> bool:
    call, leg = call_and_leg
    ends = [
        record
        for record in call.records
        if isinstance(record.event, LegStatus)
        and record.subject == f"twilio:{leg.sid}"
        and record.event.status in TERMINAL
    ]
    brought = bool(ends) and all(record.backfilled for record in ends)  # by Twilio's API, which was asked
    return brought or leg.end_inferred or not TERMINAL.intersection(leg.history)
