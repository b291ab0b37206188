"""Nobody but the AI writes down what was said: when it falls silent, so does the transcript.

https://www.twilio.com/docs/voice/twiml/transcription
"""

from callstore.doctor.examination import Sample, Severity, Symptom, counted, most, seen_in

SEVERITY: Severity = "missing"
TITLE = "There is no second transcript beside the AI's"


def examine(sample: Sample) -> Symptom | None:
    """The calls in which somebody talked, where Twilio transcribed none of them."""
    talked = [call for call in sample.told() if call.talked]
    if not talked or any(call.case.call.transcriptions for call in sample.calls):
        return None
    why = (
        f"{counted(len(talked), len(talked))} nobody but the AI wrote words down. Twilio's own transcription"
        " shows what a caller said when the AI's session was gone or deaf."
    )
    url = sample.setup.url("/hooks/twilio/transcription#rc=5&amp;rp=all")
    paste = (
        f'<Start><Transcription statusCallbackUrl="{url}" track="both_tracks"/></Start>\nbefore the <Dial>'
    )
    events = [e for call in talked for e in seen_in(call, call.case.ending.end)]
    return Symptom(why, most(events), paste)
