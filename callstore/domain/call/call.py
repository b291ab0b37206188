"""A folded call: legs, flow, AI session, turns, recordings, and what made no sense.

Every statement carries the `Observation` it came from, so that whatever is concluded can point at the log.
Built by fold.py; nobody else changes it.
"""

from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from callstore.domain.call.observation import Anomaly, Observation
from callstore.domain.call.session import Session
from callstore.domain.facts.events import FlowAnswered, RecordingAnalysed
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


# Where a question and its answer meet: the leg, the verb that asked, the path.
Place: TypeAlias = tuple[str, str, str]


def _waiting() -> defaultdict[Place, deque[Ask]]:
    return defaultdict(deque)


@dataclass(slots=True)
class Recording:
    """One recording and what was heard in it."""

    sid: str
    leg: str
    status: str | None = None
    seen: Observation | None = None
    started_at: float | None = None
    duration_s: float | None = None
    channels: int | None = None
    track: str | None = None
    url: str | None = None
    account: str | None = None  # whose token may be sent to that URL
    analysis: RecordingAnalysed | None = None
    analysed: Observation | None = None
    failed: Observation | None = None
    failure: str | None = None
    failed_for_good: bool = False


class Phrase(NamedTuple):
    """Words as Twilio's transcription gave them: so far, or final. `sequence` is Twilio's own number."""

    seen: Observation
    sequence: int
    track: str
    final: bool
    text: str | None
    confidence: float | None
    language: str | None


@dataclass(slots=True)
class Transcription:
    """One real-time transcription of a leg by Twilio."""

    sid: str
    leg: str
    engine: str | None = None
    started: Observation | None = None
    stopped: Observation | None = None
    failed: Observation | None = None
    failure: str | None = None
    written: list[Phrase] = field(default_factory=list)


@dataclass(slots=True)
class MediaStream:
    """One media stream of a leg; `failed` is Twilio's word for one that was refused or broke."""

    sid: str
    leg: str
    started: Observation | None = None
    stopped: Observation | None = None
    failed: Observation | None = None
    error_code: str | None = None


class GapReading(NamedTuple):
    """What a speech-to-text provider read in a gap of a recording, seconds from its first sample."""

    seen: Observation
    recording: str
    start_s: float
    end_s: float
    provider: str
    model: str
    text: str | None


class ProviderWarning(NamedTuple):
    """A provider's notification about a leg."""

    seen: Observation
    leg: str
    level: WarningLevel
    code: str
    message: str | None


class Statement(NamedTuple):
    """A statement of the voice application."""

    seen: Observation
    what: StatementKind
    level: str | None
    message: str | None


class AccountSeen(NamedTuple):
    """Where a Twilio account was first named in a call, and as whose leg."""

    seen: Observation
    leg: str


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
    reread: list[GapReading] = field(default_factory=list)
    warnings: list[ProviderWarning] = field(default_factory=list)
    said: list[Statement] = field(default_factory=list)
    anomalies: list[Anomaly] = field(default_factory=list)
    accounts: dict[str, AccountSeen] = field(default_factory=dict)
    unrecognised: int = 0
    erased: Observation | None = None
    overdue: Observation | None = None  # nothing came for longer than a call lasts, and nothing since
    event_count: int = 0
    first_position: int | None = None
    last_position: int | None = None
    last_received_at: float | None = None
    last_news_at: float | None = None  # the same of what somebody told us
    # How far the application's clock is ahead of ours (negative: behind); its moments are set right by it.
    app_ahead_s: float = 0.0
    latest_arrival_s: float = 0.0  # the largest receipt minus occurrence of a fact that usually comes at once
    parent: Leg | None = None
    child: Leg | None = None
    session: Session | None = None

    @property
    def app_told(self) -> bool:
        """Whether the application lets us know what it does: its API calls, or what it says of itself."""
        return bool(self.said or (self.session and self.session.api_calls))

    @property
    def ai_leg(self) -> Leg | None:
        """The leg whose end is the end of the conversation: the child, or the parent where there is none."""
        return self.child or self.parent
