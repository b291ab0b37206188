"""Voice Insights tells nothing: the side that sent the BYE stays unknown.

https://www.twilio.com/docs/voice/voice-insights/event-streams/call-summary-events
"""

from callstore.doctor.examination import Sample, Severity, Symptom, counted, most, seen_in

SEVERITY: Severity = "missing"
TITLE = "Voice Insights is off, or its summaries do not come here"
COMPLETE_S = 2700.0  # a summary is complete within 30 min


def examine(sample: Sample) -> Symptom | None:
    """The calls that are old enough for a summary, where none of any call came."""
    old = [call for call in sample.over(COMPLETE_S) if call.case.call.child or call.case.call.parent]
    if not old or any(leg.summary for call in sample.calls for leg in call.case.call.legs.values()):
        return None
    why = (
        f"{counted(len(old), len(old))} no summary of Voice Insights came. It is the one witness at Twilio of"
        " the side that hung up (`disconnected_by`)."
    )
    paste = (
        "Monitor → Insights → Settings: Advanced Features on; then Event Streams → a webhook sink at\n"
        f"{sample.setup.url('/hooks/twilio/events')}\n"
        "subscribed to com.twilio.voice.insights.call-summary.complete"
    )
    return Symptom(why, most(e for call in old for e in seen_in(call, call.case.ending.end)), paste)
