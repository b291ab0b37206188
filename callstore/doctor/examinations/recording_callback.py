"""A recording was asked for, and nobody tells us that it is there.

https://www.twilio.com/docs/voice/twiml/dial#recordingstatuscallback
"""

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
from callstore.domain.facts.events import RecordingStatus

SEVERITY: Severity = "fault"
TITLE = "Recordings have no status callback"
READY_S = 300.0  # Twilio has a recording of some minutes ready within one; this one is not coming
OFF = (None, "do-not-record")


def examine(sample: Sample) -> Symptom | None:
    """The answered calls whose <Dial> records, and of whose recording nothing came."""
    asked = [
        (call, ask)
        for call in sample.over(READY_S)
        if call.talked and call.came_by_itself
        for ask in call.case.call.asks
        if ask.answer and ask.answer.record not in OFF
    ]
    silent = [(call, ask) for call, ask in asked if _is_silent(call)]
    if not mostly(len(silent), len(asked)):
        return None
    why = (
        f"{counted(len({c.id for c, _ in silent}), len({c.id for c, _ in asked}))} that Twilio was told to"
        " record, no recording was ever announced: callstore learns of it a quarter of an hour late, where it"
        " may ask Twilio's API, and else never."
    )
    url = sample.setup.url("/hooks/twilio/recording#rc=5&amp;rp=all")
    paste = (
        f'<Dial record="record-from-answer-dual" recordingStatusCallback="{url}"'
        ' recordingStatusCallbackEvent="in-progress completed absent">'
    )
    events = [e for call, ask in silent for e in seen_in(call, ask.answered, call.case.ending.end)]
    return Symptom(why, most(events), paste)


def _is_silent(call: ExaminedCall) -> bool:
    """Whether no recording is known, or by Twilio's API alone, which was asked."""
    told = [record for record in call.records if isinstance(record.event, RecordingStatus)]
    return not call.case.call.recordings or (bool(told) and all(record.backfilled for record in told))
