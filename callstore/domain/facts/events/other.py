"""The application, the world, the operator, and what nobody understood."""

from dataclasses import dataclass
from typing import ClassVar

from callstore.domain.facts.vocabulary import StatementKind


@dataclass(frozen=True, slots=True, kw_only=True)
class AppSaid:
    """What the voice application says of itself."""

    TYPE: ClassVar[str] = "app.said"
    PERSONAL: ClassVar[frozenset[str]] = frozenset({"message"})
    what: StatementKind
    level: str | None = None
    reason: str | None = None
    version: str | None = None
    message: str | None = None
    agent: str | None = None  # as the application calls it


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentPublished:
    """A provider's status page reported trouble. Overlap is not cause."""

    TYPE: ClassVar[str] = "incident.published"
    PERSONAL: ClassVar[frozenset[str]] = frozenset()
    provider: str
    external_id: str
    title: str | None = None
    status: str | None = None
    impact: str | None = None
    started_at: float | None = None
    ended_at: float | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallErased:
    """The call's key was destroyed by `erase`: its personal fields read as null ever since."""

    TYPE: ClassVar[str] = "call.erased"
    PERSONAL: ClassVar[frozenset[str]] = frozenset()
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallNoted:
    """Somebody wrote a note of a call, about a moment of it (Unix s), or about all of it."""

    TYPE: ClassVar[str] = "call.noted"
    PERSONAL: ClassVar[frozenset[str]] = frozenset({"text"})
    by: str
    text: str | None = None
    about: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOverdue:
    """No news came for longer than a call mostly lasts; `since` is when the last arrived (Unix s)."""

    TYPE: ClassVar[str] = "call.overdue"
    PERSONAL: ClassVar[frozenset[str]] = frozenset()
    since: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TwilioAsked:
    """We asked Twilio's API for what its callbacks did not tell: the `attempt` at a `step`, and what came."""

    TYPE: ClassVar[str] = "twilio.asked"
    PERSONAL: ClassVar[frozenset[str]] = frozenset()
    step: str
    attempt: int
    found: int  # facts that the log had not
    failure: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthRetired:
    """The calls of a month left the log by `retire_month`. `digest` is of the digests that stayed of them."""

    TYPE: ClassVar[str] = "month.retired"
    PERSONAL: ClassVar[frozenset[str]] = frozenset()
    no: int
    month: str
    events: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SmokeTested:
    """A smoke test passed a door, signed with our secrets: it is of no call. `run` names the attempt."""

    TYPE: ClassVar[str] = "smoke.tested"
    PERSONAL: ClassVar[frozenset[str]] = frozenset()
    run: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unrecognised:
    """Verified but not understood: kept whole, so that a later reading can."""

    TYPE: ClassVar[str] = "unrecognised"
    PERSONAL: ClassVar[frozenset[str]] = frozenset()
    note: str
    hint: str | None = None
