"""A conference of a folded call: who joined, who left, in Twilio's own order. Built by fold_conference.py."""

from dataclasses import dataclass, field

from callstore.domain.call.observation import Observation


@dataclass(slots=True)
class Participant:
    """A leg in a conference; `order` is Twilio's number of its leaving, where it gave one."""

    leg: str
    label: str | None = None
    joined: Observation | None = None
    left: Observation | None = None
    order: int | None = None
    reason: str | None = None
    leg_status: str | None = None
    ends_on_exit: bool | None = None


@dataclass(slots=True)
class Conference:
    """One conference; `ended_by` is the leg whose leaving ended it."""

    sid: str
    name: str | None = None
    participants: dict[str, Participant] = field(default_factory=dict)
    started: Observation | None = None
    ended: Observation | None = None
    reason: str | None = None
    ended_by: str | None = None
