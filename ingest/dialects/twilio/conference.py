"""Conference callbacks: legs that meet without a <Dial> between them, and who left first.

https://www.twilio.com/docs/voice/twiml/conference#attributes-statuscallback
"""

from typing import Literal, TypeAlias

from callstore.domain.facts import ids
from callstore.domain.facts.clock import Clock, Instant
from callstore.domain.facts.events import ConferenceChanged
from callstore.domain.facts.record import Draft, Ref
from ingest.dialects import parse
from ingest.dialects.twilio.voice_request import VoiceRequest, leg_refs

What: TypeAlias = Literal["started", "ended", "joined", "left"]
EVENTS: dict[str, What] = {
    "conference-start": "started",
    "conference-end": "ended",
    "participant-join": "joined",
    "participant-leave": "left",
}
SECOND_MS = 1000  # their stamps are cut to the whole second


def is_conference(request: VoiceRequest) -> bool:
    """True for what Twilio tells of a conference."""
    return "ConferenceSid" in request.words and "StatusCallbackEvent" in request.words


def conference(request: VoiceRequest) -> Draft:
    """The fact of one conference callback, about the leg that it names, else about the conference."""
    words = request.words
    sid, word = words["ConferenceSid"], words["StatusCallbackEvent"]
    sequence = parse.integer(words.get("SequenceNumber"))
    stamped = parse.mail_time(words.get("Timestamp")) or parse.iso_time(words.get("Timestamp"))
    ended_by = ids.leg_subject(words.get("CallSidEndingConference"))
    itself = parse.named("twilio", sid)
    return Draft(
        source="twilio",
        subject=ids.leg_subject(words.get("CallSid")) or itself,
        key=parse.named("conference", sid, "-" if sequence is None else sequence, word),
        fingerprint=request.fingerprint if sequence is None else None,
        event=ConferenceChanged(
            conference=sid,
            what=EVENTS.get(word, "changed"),
            word=None if word in EVENTS else word,
            reason=words.get("ReasonParticipantLeft") or words.get("ReasonConferenceEnded"),
            leg_status=words.get("ParticipantCallStatus"),
            ended_by=ended_by and ids.id_of(ended_by),
            ends_on_exit=parse.truth(words.get("EndConferenceOnExit")),
            name=words.get("FriendlyName"),
            label=words.get("ParticipantLabel"),
            account=request.account_sid,
        ),
        refs=(
            Ref("ConferenceSid", itself),
            *leg_refs(request, "CallSidEndingConference"),
            *name_refs("FriendlyName", words.get("FriendlyName")),
        ),
        sequence=sequence,
        occurred=Instant(stamped, Clock.PROVIDER, SECOND_MS) if stamped else request.arrived,
        received_at=request.received_at,
        raw=request.raw,
    )


def name_refs(rule: str, name: str | None) -> tuple[Ref, ...]:
    """The leg whose SID stands in a conference's name. Any other name may be used again tomorrow."""
    subject = ids.leg_subject_in(name or "")
    return (Ref(rule, subject),) if subject else ()
