"""Conferences, in which legs meet that no <Dial> has bridged."""

from dataclasses import dataclass
from typing import ClassVar, Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class ConferenceChanged:
    """A conference callback: of the conference itself, or of the leg it is about.

    `reason` is Twilio's ReasonParticipantLeft or ReasonConferenceEnded, `leg_status` the status of the leg
    that left, `ended_by` the leg whose leaving ended the conference (twilio.com/docs/voice/twiml/conference).
    """

    TYPE: ClassVar[str] = "conference.changed"
    PERSONAL: ClassVar[frozenset[str]] = frozenset({"name", "label"})
    conference: str
    what: Literal["started", "ended", "joined", "left", "changed"]
    # Twilio's own, where it is none of the four; nothing is made of `participant-hold`.
    word: str | None = None
    reason: str | None = None
    leg_status: str | None = None
    ended_by: str | None = None
    ends_on_exit: bool | None = None
    name: str | None = None
    label: str | None = None
    account: str | None = None
