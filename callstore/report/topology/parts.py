"""The parts of a call's document that tell where caller and AI met without a <Dial>."""

from typing import TypedDict

from callstore.report.document_parts import Moment


class ParticipantPart(TypedDict):
    """A leg in a conference; `reason` is Twilio's word for its leaving."""

    leg: str
    label: str | None
    joined: Moment | None
    left: Moment | None
    reason: str | None


class ConferencePart(TypedDict):
    """A conference in which legs met; `ended_by` is the leg whose leaving ended it."""

    sid: str
    name: str | None
    started: Moment | None
    ended: Moment | None
    reason: str | None
    ended_by: str | None
    participants: list[ParticipantPart]


class StreamPart(TypedDict):
    """A media stream of a leg; `failed` where it was refused or broke, `error_code` Twilio's reason."""

    sid: str
    leg: str
    started: Moment | None
    stopped: Moment | None
    failed: Moment | None
    error_code: str | None
