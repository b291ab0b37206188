"""A folded call: legs, flow, AI session, turns, recordings, and what made no sense.

Every statement carries the `Observation` it came from, so that whatever is concluded can point at the log.
Built by fold.py; nobody else changes it.
"""

from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from callstore.domain.call.legs.conference import Conference
from callstore.domain.call.media import GapReading, MediaStream, Recording, Transcription
from callstore.domain.call.observation import Anomaly, Observation
from callstore.domain.call.session import Session
from callstore.domain.facts.events import FlowAnswered, LegSummarised, MediaNoted
from callstore.domain.facts.vocabulary import AskKind, StatementKind, WarningLevel


class LegChange(NamedTuple):
    """What our own account did to a leg by REST: `how` is redirect, twiml or end."""

    seen: Observation
    how: str


@dataclass(slots=True)
class Leg:
    """One Twilio call leg. `history` has where each status was first seen, `sequences` its number."""

    sid: str
    parent: str | None = None
    direction: str | None = None
    caller: str | None = None
    called: str | None = None
    status: str | None = None
    first: Observation | None = None
    history: dict[str, Observation] = field(default_factory=dict)
    sequences: dict[str, int] = field(default_factory=dict)
    duration_s: int | None = None
    sip_code: int | None = None
    error_code: str | None = None
    disconnected_by: str | None = None
    summary: Observation | None = None
    summarised: LegSummarised | None = None
    answered_by: str | None = None  # by answering-machine detection
    edge: str | None = None
    region: str | None = None
    answered: Observation | None = None
    ended: Observation | None = None
    end_inferred: bool = False
    changed: list[LegChange] = field(default_factory=list)

    @property
    def was_answered(self) -> bool:
        return self.answered is not None or self.status in ("in-progress", "completed")


@dataclass(slots=True)
class Ask:
    """A TwiML request and what we answered; `status` is the leg's at that moment."""

    kind: AskKind
    path: str
    leg: str
    asked: Observation | None = None
    status: str | None = None
    digits: str | None = None
    child: str | None = None
    dial_status: str | None = None
    answered: Observation | None = None
    answer: FlowAnswered | None = None
    agent: str | None = None  # named by the URL


# Where a question and its answer meet: the leg, the verb that asked, the path.
Place: TypeAlias = tuple[str, str, str]


def _waiting() -> defaultdict[Place, deque[Ask]]:
    return defaultdict(deque)


class ProviderWarning(NamedTuple):
    """A provider's notification about a leg."""

    seen: Observation
    leg: str
    level: WarningLevel
    code: str
    message: str | None


class MediaNote(NamedTuple):
    """What Voice Insights noted of a leg's media."""

    seen: Observation
    leg: str
    noted: MediaNoted


class Statement(NamedTuple):
    """A statement of the voice application."""

    seen: Observation
    what: StatementKind
    level: str | None
    message: str | None
    version: str | None = None  # of the application
    agent: str | None = None


class Asking(NamedTuple):
    """An attempt at a step of asking Twilio's API, how many new facts came of it, or why none could."""

    seen: Observation
    step: str
    attempt: int
    found: int
    failure: str | None


class Note(NamedTuple):
    """A note that somebody wrote, about a moment (Unix s) or, None, about the call; no text once erased."""

    seen: Observation
    by: str
    text: str | None
    about: float | None


class AccountSeen(NamedTuple):
    """Where a Twilio account was first named in a call, and as whose leg."""

    seen: Observation
    leg: str


class Conversation(NamedTuple):
    """A leg to the AI and the session that spoke on it; one of them may not be known."""

    leg: Leg | None
    session: Session | None

    @property
    def began(self) -> float:
        """When it was dialled, or offered where its leg is not known, in Unix seconds."""
        session = self.session
        seen = self.leg.first if self.leg else None
        seen = seen or (session.offered or session.first if session else None)
        return seen.at.at if seen else 0.0

    @property
    def held(self) -> bool:
        """Whether somebody was there to talk to: an answered leg, or a session whose events were seen."""
        return bool((self.leg and self.leg.was_answered) or (self.session and self.session.frames))


@dataclass(slots=True)
class Call:
    """Everything that the facts add up to. An empty call is a valid one."""

    legs: dict[str, Leg] = field(default_factory=dict)
    asks: list[Ask] = field(default_factory=list)
    unanswered: defaultdict[Place, deque[Ask]] = field(default_factory=_waiting)
    unasked: defaultdict[Place, deque[Ask]] = field(default_factory=_waiting)
    sessions: dict[str, Session] = field(default_factory=dict)
    recordings: dict[str, Recording] = field(default_factory=dict)
    transcriptions: dict[str, Transcription] = field(default_factory=dict)
    streams: dict[str, MediaStream] = field(default_factory=dict)
    conferences: dict[str, Conference] = field(default_factory=dict)
    reread: list[GapReading] = field(default_factory=list)
    warnings: list[ProviderWarning] = field(default_factory=list)
    media_notes: list[MediaNote] = field(default_factory=list)
    said: list[Statement] = field(default_factory=list)
    asked_of_twilio: list[Asking] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    anomalies: list[Anomaly] = field(default_factory=list)
    accounts: dict[str, AccountSeen] = field(default_factory=dict)
    unrecognised: int = 0
    erased: Observation | None = None
    overdue: Observation | None = None  # nothing came for longer than a call mostly lasts, and nothing since
    event_count: int = 0
    first_position: int | None = None
    last_position: int | None = None
    last_received_at: float | None = None
    last_news_at: float | None = None  # the same of what somebody told us
    # How far the application's clock is ahead of ours (negative: behind); its moments are set right by it.
    app_ahead_s: float = 0.0
    latest_arrival_s: float = 0.0  # the largest receipt minus occurrence of a fact that usually comes at once
    # The same of each such fact, by the stamp of its provider, in seconds.
    provider_lags_s: list[float] = field(default_factory=list)
    parent: Leg | None = None
    child: Leg | None = None
    session: Session | None = None
    others: tuple[Conversation, ...] = ()  # those that do not decide, as they began
    since: float | None = None  # when the one that decides began, where there was one before it

    @property
    def app_told(self) -> bool:
        """Whether the application lets us know what it does: its API calls, or what it says of itself."""
        return bool(self.said or (self.session and self.session.api_calls))

    @property
    def ai_leg(self) -> Leg | None:
        """The leg whose end is the end of the conversation: the child, or the parent where there is none."""
        return self.child or self.parent
