"""The child leg tells nothing of itself, or a part: `completed` is all that Twilio sends unless asked.

TwiML takes the events as one text with spaces, the REST API takes the parameter once for each; mixed up, only
the first comes (https://www.twilio.com/docs/voice/twiml/sip#attributes-status-callback-event).
"""

from callstore.doctor.examination import (
    ExaminedCall,
    Sample,
    Severity,
    Symptom,
    counted,
    most,
    told_of,
)
from callstore.domain.facts.events import LegStatus
from callstore.domain.facts.vocabulary import TERMINAL

SEVERITY: Severity = "fault"
TITLE = "The child leg's events are not all subscribed"
EVENTS = "initiated ringing answered completed"


def examine(sample: Sample) -> Symptom | None:
    """The calls with a child of which nothing, only the end, or only the beginning was told."""
    dialled = [call for call in sample.told() if call.case.call.child and call.has_callbacks]
    told = {call.id: _told(call) for call in dialled}
    partial = [call for call in dialled if told[call.id]]
    if not partial:
        return None
    heard = sorted({told[call.id] for call in partial})
    why = (
        f"{counted(len(partial), len(dialled))} with a child leg {' or '.join(heard)} of it came. Without the"
        " others nobody knows when it rang, was answered or ended."
    )
    url = sample.setup.url("/hooks/twilio/status/child#rc=5&amp;rp=all")
    paste = f'<Sip statusCallback="{url}" statusCallbackEvent="{EVENTS}">'
    events = [evidence for call in partial for evidence in told_of(call, call.case.call.child)]
    return Symptom(why, most(events), paste)


def _told(call: ExaminedCall) -> str:
    """What came, where it is too little; "" where it is enough to see that all is subscribed."""
    leg = call.case.call.child
    assert leg is not None
    known = [r for r in call.records if isinstance(r.event, LegStatus) and r.subject == f"twilio:{leg.sid}"]
    statuses = {r.event.status for r in known if isinstance(r.event, LegStatus) and not r.backfilled}
    if not statuses:
        return "nothing"  # but what Twilio's API was asked for
    if statuses <= TERMINAL:
        # Numbers count what was asked for: an end with a higher one followed others, which were lost.
        return "" if any(leg.sequences.get(status, 0) for status in statuses) else "only `completed`"
    # Twilio's API lists the requests that were lost, too, with their numbers.
    sent = {r.event.status for r in known if isinstance(r.event, LegStatus) and r.sequence is not None}
    return "only `initiated`" if statuses == {"initiated"} and not sent - statuses else ""
