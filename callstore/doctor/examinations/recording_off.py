"""The AI's leg is not recorded: the witness of what the caller said is not there.

https://www.twilio.com/docs/voice/twiml/dial#record
"""

from callstore.doctor.examination import Sample, Severity, Symptom, counted, most, seen_in

SEVERITY: Severity = "missing"
TITLE = "The AI's leg is not recorded"
OFF = (None, "do-not-record")


def examine(sample: Sample) -> Symptom | None:
    """The calls whose <Dial> says nothing of a recording, and of which none is known."""
    dials = [
        (call, ask)
        for call in sample.calls
        for ask in call.case.call.asks
        if ask.answer and "Dial" in ask.answer.verbs
    ]
    off = [
        (call, ask)
        for call, ask in dials
        if ask.answer and ask.answer.record in OFF and not call.case.call.recordings
    ]
    if not off:
        return None
    why = (
        f"{counted(len({c.id for c, _ in off}), len({c.id for c, _ in dials}))} <Dial> was answered without"
        " record: nobody can hear whether a caller who was not transcribed was speaking."
    )
    url = sample.setup.url("/hooks/twilio/recording#rc=5&amp;rp=all")
    paste = (
        f'<Dial record="record-from-answer-dual" recordingStatusCallback="{url}"'
        ' recordingStatusCallbackEvent="in-progress completed absent">'
    )
    return Symptom(why, most(e for call, ask in off for e in seen_in(call, ask.answered)), paste)
