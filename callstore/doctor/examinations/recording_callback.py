"""A recording was asked for, and nobody tells us that it is there.

https://www.twilio.com/docs/voice/twiml/dial#recordingstatuscallback
"""

from callstore.doctor.examination import Sample, Severity, Symptom, counted, most, mostly, seen_in

SEVERITY: Severity = "fault"
TITLE = "Recordings have no status callback"
READY_S = 300.0  # Twilio has a recording of some minutes ready within one; this one is not coming
OFF = (None, "do-not-record")


def examine(sample: Sample) -> Symptom | None:
    """The answered calls whose <Dial> records, and of whose recording nothing came."""
    asked = [
        (call, ask)
        for call in sample.over(READY_S)
        if call.talked
        for ask in call.case.call.asks
        if ask.answer and ask.answer.record not in OFF
    ]
    silent = [(call, ask) for call, ask in asked if not call.case.call.recordings]
    if not mostly(len(silent), len(asked)):
        return None
    why = (
        f"{counted(len({c.id for c, _ in silent}), len({c.id for c, _ in asked}))} that Twilio was told to"
        " record, no recording was ever announced: it exists, and callstore never fetches it."
    )
    url = sample.setup.url("/hooks/twilio/recording#rc=5&amp;rp=all")
    paste = (
        f'<Dial record="record-from-answer-dual" recordingStatusCallback="{url}"'
        ' recordingStatusCallbackEvent="in-progress completed absent">'
    )
    events = [e for call, ask in silent for e in seen_in(call, ask.answered, call.case.ending.end)]
    return Symptom(why, most(events), paste)
