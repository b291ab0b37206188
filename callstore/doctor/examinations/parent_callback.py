"""The number has no status callback: nobody tells when the caller's leg ended.

It is set at the number, not in TwiML, and brings the end alone
(https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource).
"""

from callstore.doctor.examination import Sample, Severity, Symptom, counted, most, mostly, seen_in
from callstore.domain.facts.vocabulary import TERMINAL

SEVERITY: Severity = "fault"
TITLE = "The caller's leg has no status callback"
GRACE_S = 120.0  # the parent may be kept on the line for a while after its child


def examine(sample: Sample) -> Symptom | None:
    """The calls whose parent never told its end."""
    known = [(call, call.case.call.parent) for call in sample.over(GRACE_S) if call.has_callbacks]
    parents = [(call, leg) for call, leg in known if leg]
    silent = [
        (call, leg) for call, leg in parents if leg.end_inferred or not TERMINAL.intersection(leg.history)
    ]
    if not mostly(len(silent), len(parents)):
        return None
    why = (
        f"{counted(len(silent), len(parents))} the end of the caller's leg was never told, so that who hung"
        " up first has to be guessed."
    )
    url = sample.setup.url("/hooks/twilio/status/parent#rc=5&rp=all")
    paste = f"Phone Numbers → your number → Call status changes, HTTP POST:\n{url}"
    events = [e for call, leg in silent for e in seen_in(call, leg.first, call.case.ending.end)]
    return Symptom(why, most(events), paste)
