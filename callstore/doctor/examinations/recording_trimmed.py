"""Silence is cut out of the recording: what stands at its twentieth second was not said in the call's.

https://www.twilio.com/docs/voice/twiml/dial#trim
"""

from callstore.doctor.examination import Sample, Severity, Symptom, counted, most, seen_in

SEVERITY: Severity = "fault"
TITLE = "Silence is trimmed from recordings"


def examine(sample: Sample) -> Symptom | None:
    """The calls whose <Dial> trims."""
    trimmed = [
        (call, ask)
        for call in sample.calls
        for ask in call.case.call.asks
        if ask.answer and ask.answer.trim == "trim-silence"
    ]
    if not trimmed:
        return None
    why = (
        f"{counted(len({call.id for call, _ in trimmed}), len(sample.calls))} <Dial> has trim-silence: the"
        " recording is shorter than the call, and cannot be laid beside what the AI heard."
    )
    return Symptom(
        why,
        most(e for call, ask in trimmed for e in seen_in(call, ask.answered)),
        '<Dial record="record-from-answer-dual" trim="do-not-trim">',
    )
