"""A folded call: legs, flow, AI session, turns, recordings, and what made no sense.

Every statement carries the `Seen` it came from, so that whatever is concluded can point at the log.
Built by fold.py; nobody else changes it.
"""

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from callstore.domain.clock import Instant
from callstore.domain.events import FlowAnswered, RecordingAnalysed, SessionConfigured

TERMINAL = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})


class Seen(NamedTuple):
    """When something happened, and the position in the log that says so."""

    at: Instant
    position: int


class Anomaly(NamedTuple):
    """Facts that cannot all be true, or a transition that cannot happen. Kept, shown, never raised."""

    kind: str
    detail: str
    positions: tuple[int, ...]


# Who leaves out audio pieces leaves out most frames; a lossy way loses a few.
CHOSEN_SHARE = 0.2


class Change(NamedTuple):
    """What our own account did to a leg by REST: `how` is redirect, twiml or end."""

    seen: Seen
    how: str


@dataclass(slots=True)
class Leg:
    """One Twilio call leg. `history` maps each status to where it was first seen."""

    sid: str
    parent: str | None = None
    direction: str | None = None
    caller: str | None = None
    called: str | None = None
    status: str | None = None
    first: Seen | None = None
    history: dict[str, Seen] = field(default_factory=dict)
    sequences: dict[str, int] = field(default_factory=dict)
    duration_s: int | None = None
    sip_code: int | None = None
    error_code: str | None = None
    disconnected_by: str | None = None
    summary: Seen | None = None
    answered: Seen | None = None
    ended: Seen | None = None
    end_inferred: bool = False
    changed: list[Change] = field(default_factory=list)

    @property
    def was_answered(self) -> bool:
        return self.answered is not None or self.status in ("in-progress", "completed")


@dataclass(slots=True)
class Ask:
    """A TwiML request and what we answered; `status` is the leg's at that moment."""

    kind: Literal["voice", "gather", "dial"]
    path: str
    leg: str
    asked: Seen | None = None
    status: str | None = None
    digits: str | None = None
    child: str | None = None
    dial_status: str | None = None
    answered: Seen | None = None
    answer: FlowAnswered | None = None


@dataclass(slots=True)
class Connection:
    """One observer's socket: when it opened and closed, what came on it, and what we sent."""

    id: str
    opened: Seen | None = None
    http_status: int | None = None
    closed: Seen | None = None
    code: int | None = None
    reason: str | None = None
    received: int | None = None
    sent: int | None = None
    last: Seen | None = None
    frames: int = 0
    sends: list[Seen] = field(default_factory=list)
    sequence: int = -1  # the highest number seen
    missing: dict[int, Seen] = field(default_factory=dict)  # numbers that never came, and what came before

    @property
    def lost(self) -> dict[int, Seen]:
        """Frames that were lost on the way. Where much is missing, what is forwarded was chosen."""
        return self.missing if len(self.missing) <= CHOSEN_SHARE * self.sequence else {}

    @property
    def closed_by_us(self) -> bool:
        """Only our own close frame was seen: it says something of the observer, nothing of the session."""
        return self.closed is not None and self.received is None and self.sent is not None

    @property
    def refused(self) -> bool:
        """The socket never opened: 404 is the word for a session that is not there (any more)."""
        return self.http_status is not None and self.http_status >= 400


class Close(NamedTuple):
    """An end of the session. `said`: the server said so itself, by close frame or `session.closed`."""

    seen: Seen
    code: int | None
    reason: str | None
    said: bool


class Piece(NamedTuple):
    """Some words, the socket that carried them and their place on it."""

    connection: str
    sequence: int
    text: str


@dataclass(slots=True)
class Turn:
    """What the AI heard of the caller as one turn; `start_ms` and `stop_ms` count its input audio."""

    item: str
    start_ms: float | None = None
    stop_ms: float | None = None
    started: Seen | None = None
    stopped: Seen | None = None
    committed: Seen | None = None
    transcribed: Seen | None = None
    failed: Seen | None = None
    failure: str | None = None
    text: str | None = None
    pieces: list[Piece] = field(default_factory=list)


@dataclass(slots=True)
class Reply:
    """What the agent said in one response, and how its playback went."""

    response: str
    started: Seen | None = None
    finished: Seen | None = None
    status: str | None = None
    reason: str | None = None
    error: str | None = None
    text: str | None = None
    spoken: Seen | None = None
    parts: dict[str, str] = field(default_factory=dict)
    pieces: list[Piece] = field(default_factory=list)
    playing: Seen | None = None
    played: Seen | None = None
    cleared: bool = False


class ApiCall(NamedTuple):
    """A call of the Calls API that our application made."""

    seen: Seen
    action: str
    status: int | None


class Trouble(NamedTuple):
    """An error the session reported, or a failed response."""

    seen: Seen
    type: str | None
    code: str | None
    message: str | None


@dataclass(slots=True)
class Session:
    """The AI's side of the call."""

    id: str
    api: Literal["realtime", "live"] = "realtime"
    child: str | None = None
    parent: str | None = None
    sip_call_id: str | None = None
    offered: Seen | None = None
    config: SessionConfigured | None = None
    configured: Seen | None = None
    session_id: str | None = None
    connections: dict[str, Connection] = field(default_factory=dict)
    first: Seen | None = None
    last: Seen | None = None
    last_kind: str | None = None
    frames: int = 0
    parting: Close | None = None  # the Live API's own session.closed
    turns: dict[str, Turn] = field(default_factory=dict)
    replies: dict[str, Reply] = field(default_factory=dict)
    tools: list[tuple[Seen, str]] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    timeouts: list[Seen] = field(default_factory=list)
    api_calls: list[ApiCall] = field(default_factory=list)

    @property
    def close(self) -> Close | None:
        """The last close that says something of the session, if one was seen."""
        closed = [c for c in self.connections.values() if c.closed and not c.closed_by_us]
        last = max(closed, key=lambda c: (c.closed.at.at if c.closed else 0.0, c.id), default=None)
        if self.parting:
            return self.parting._replace(code=last.code if last else None)
        if last and last.closed:
            return Close(last.closed, last.code, last.reason, last.received is not None)
        return None

    @property
    def accepted(self) -> bool:
        return self.frames > 0 or any(
            a.action == "accept" and a.status is not None and a.status < 300 for a in self.api_calls
        )


@dataclass(slots=True)
class Recording:
    """One recording and what was heard in it."""

    sid: str
    leg: str
    status: str | None = None
    seen: Seen | None = None
    started_at: float | None = None
    duration_s: float | None = None
    channels: int | None = None
    track: str | None = None
    url: str | None = None
    analysis: RecordingAnalysed | None = None
    analysed: Seen | None = None
    failed: Seen | None = None
    failure: str | None = None
    failed_for_good: bool = False


class Written(NamedTuple):
    """Words as Twilio's transcription gave them: so far, or final. `sequence` is Twilio's own number."""

    seen: Seen
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
    started: Seen | None = None
    stopped: Seen | None = None
    failed: Seen | None = None
    failure: str | None = None
    written: list[Written] = field(default_factory=list)


class Reread(NamedTuple):
    """What a speech-to-text provider read in a gap of a recording, seconds from its first sample."""

    seen: Seen
    recording: str
    start_s: float
    end_s: float
    provider: str
    model: str
    text: str | None


class Warned(NamedTuple):
    """A provider's notification about a leg."""

    seen: Seen
    leg: str
    level: str
    code: str
    message: str | None


class Said(NamedTuple):
    """A statement of the voice application."""

    seen: Seen
    what: str
    level: str | None
    message: str | None


@dataclass(slots=True)
class Call:
    """Everything that the facts add up to. An empty call is a valid one."""

    legs: dict[str, Leg] = field(default_factory=dict)
    asks: list[Ask] = field(default_factory=list)
    sessions: dict[str, Session] = field(default_factory=dict)
    recordings: dict[str, Recording] = field(default_factory=dict)
    transcriptions: dict[str, Transcription] = field(default_factory=dict)
    reread: list[Reread] = field(default_factory=list)
    warnings: list[Warned] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    anomalies: list[Anomaly] = field(default_factory=list)
    unrecognised: int = 0
    erased: Seen | None = None
    event_count: int = 0
    first_position: int | None = None
    last_position: int | None = None
    last_received_at: float | None = None
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
