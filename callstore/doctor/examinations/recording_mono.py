"""Both sides on one channel: who spoke cannot be told.

https://www.twilio.com/docs/voice/twiml/dial#record
"""

from callstore.doctor.examination import ExaminedCall, Sample, Severity, Symptom, counted, most, seen_in
from callstore.domain.call.observation import Observation

SEVERITY: Severity = "fault"
TITLE = "Recordings have one channel for both sides"
MONO = ("record-from-answer", "record-from-ringing", "true")


def examine(sample: Sample) -> Symptom | None:
    """The calls whose TwiML asks for one channel, or whose recording has one."""
    mono = {call.id: seen for call in sample.calls if (seen := _mono(call))}
    if not mono:
        return None
    why = (
        f"{counted(len(mono), len(sample.calls))} the recording has both sides on one channel, so that the"
        " caller's speech cannot be told from the agent's."
    )
    events = [e for call in sample.calls if call.id in mono for e in seen_in(call, *mono[call.id])]
    return Symptom(why, most(events), '<Dial record="record-from-answer-dual">')


def _mono(call: ExaminedCall) -> list[Observation]:
    asks, recordings = call.case.call.asks, call.case.call.recordings.values()
    asked = [a.answered for a in asks if a.answered and a.answer and a.answer.record in MONO]
    # One track alone is of one side, by the operator's own wish.
    came = [r.seen for r in recordings if r.seen and r.channels == 1 and r.track in (None, "both")]
    return asked + came
