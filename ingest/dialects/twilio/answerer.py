"""Who or what picked up a call, as answering-machine detection found it.

https://www.twilio.com/docs/voice/answering-machine-detection
"""

from callstore.domain.facts import ids
from callstore.domain.facts.events import AnswererFound
from callstore.domain.facts.record import Draft
from ingest.dialects import parse
from ingest.dialects.twilio.voice_request import VoiceRequest


def answerer(request: VoiceRequest) -> list[Draft]:
    """What answering-machine detection found: by a callback of its own, or told beside anything else."""
    found = request.words.get("AnsweredBy")
    if not found or not ids.leg_subject(request.words.get("CallSid")):
        return []
    return [
        Draft(
            source="twilio",
            subject=request.subject,
            key=parse.named("answered_by", found),
            event=AnswererFound(
                answered_by=found,
                took_ms=parse.integer(request.words.get("MachineDetectionDuration")),
                account=request.account_sid,
            ),
            occurred=request.arrived,
            received_at=request.received_at,
            raw=request.raw,
        )
    ]
