"""The AI's side of a folded call: sockets, turns by item, replies by response. Built by fold_session.py."""

from dataclasses import dataclass, field
from typing import NamedTuple

from callstore.domain.call.live import Live
from callstore.domain.call.observation import Observation
from callstore.domain.facts.events import SessionConfigured, SessionOffered
from callstore.domain.facts.spans import Spans
from callstore.domain.facts.vocabulary import AiApi

# Who leaves out audio pieces leaves out most frames; a lossy way loses a few.
CHOSEN_SHARE = 0.2


@dataclass(slots=True)
class Connection:
    """One observer's socket: when it opened and closed, what came on it, and what we sent."""

    id: str
    opened: Observation | None = None
    http_status: int | None = None
    closed: Observation | None = None
    code: int | None = None
    reason: str | None = None
    received: int | None = None
    sent: int | None = None
    received_first: bool | None = None  # of two close frames; None: nobody says
    first: Observation | None = None
    last: Observation | None = None
    frames: int = 0
    sends: list[Observation] = field(default_factory=list)
    sequence: int = -1  # the highest number seen
    # Numbers that never came, and what came before.
    missing: dict[int, Observation] = field(default_factory=dict)

    @property
    def lost(self) -> dict[int, Observation]:
        """Frames that were lost on the way. Where much is missing, what is forwarded was chosen."""
        return self.missing if len(self.missing) <= CHOSEN_SHARE * self.sequence else {}

    @property
    def closed_by_us(self) -> bool:
        """We sent the first close frame, or the only one: it says nothing of the session."""
        began = self.received is None or self.received_first is False
        return self.closed is not None and self.sent is not None and began

    @property
    def refused(self) -> bool:
        """The socket never opened: 404 is the word for a session that is not there (any more)."""
        return self.http_status is not None and self.http_status >= 400


class Close(NamedTuple):
    """A socket's end, or the session's own. `said`: the server said so itself, by frame or `session.closed`.

    `ours`: our side closed the socket.
    """

    seen: Observation
    code: int | None
    reason: str | None
    said: bool
    ours: bool = False

    @property
    def by_peer(self) -> bool:
        """The SIP peer left, which is Twilio: for a caller who hung up, or for a verb or limit of our own."""
        return self.reason == "remote_hangup"


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
    started: Observation | None = None
    stopped: Observation | None = None
    committed: Observation | None = None
    transcribed: Observation | None = None
    failed: Observation | None = None
    failure: str | None = None
    text: str | None = None
    pieces: list[Piece] = field(default_factory=list)
    intervals: tuple[Observation, ...] = ()  # the pieces of a Live session that it was made of

    @property
    def began(self) -> Observation | None:
        """When it was seen to begin: by the detector, or by a Live session's first words of it."""
        return self.started or (self.intervals[0] if self.intervals else None)

    @property
    def first(self) -> Observation | None:
        """The first sign of the turn in its life, of those that were seen."""
        return self.started or self.stopped or self.committed or self.transcribed or self.failed

    @property
    def place(self) -> tuple[float, float, str]:
        """Where it stands among the turns."""
        return self.first.at.at if self.first else 0.0, self.start_ms or self.stop_ms or 0.0, self.item


@dataclass(slots=True)
class Reply:
    """What the agent said in one response, and how its playback went."""

    response: str
    started: Observation | None = None
    finished: Observation | None = None
    status: str | None = None
    reason: str | None = None
    error: str | None = None
    text: str | None = None
    spoken: Observation | None = None
    parts: dict[str, str] = field(default_factory=dict)
    pieces: list[Piece] = field(default_factory=list)
    playing: Observation | None = None
    played: Observation | None = None
    cleared: bool = False
    start_ms: float | None = None  # of a Live session, on its clock
    stop_ms: float | None = None
    intervals: tuple[Observation, ...] = ()


class ApiCall(NamedTuple):
    """A call of the Calls API that our application made."""

    seen: Observation
    action: str
    status: int | None


class Trouble(NamedTuple):
    """An error the session reported, or a failed response."""

    seen: Observation
    type: str | None
    code: str | None
    message: str | None


@dataclass(slots=True)
class Session:
    """The AI's side of the call."""

    id: str
    api: AiApi = "realtime"
    child: str | None = None
    parent: str | None = None
    sip_call_id: str | None = None
    offer: SessionOffered | None = None
    offered: Observation | None = None
    offer_arrived: float | None = None  # when its first copy reached us, in Unix seconds
    config: SessionConfigured | None = None
    configured: Observation | None = None
    session_id: str | None = None
    connections: dict[str, Connection] = field(default_factory=dict)
    unwatched: Spans = field(default_factory=list)  # as observers say, in Unix seconds
    first: Observation | None = None
    last: Observation | None = None
    last_kind: str | None = None
    frames: int = 0
    parting: Close | None = None  # the Live API's own session.closed
    turns: dict[str, Turn] = field(default_factory=dict)
    replies: dict[str, Reply] = field(default_factory=dict)
    sound: dict[tuple[str, str], float] = field(default_factory=dict)  # ms of a reply's, by socket
    tools: list[tuple[Observation, str]] = field(default_factory=list)
    called: set[str] = field(default_factory=set)  # the calls of tools that are known by an id
    troubles: list[Trouble] = field(default_factory=list)
    timeouts: list[Observation] = field(default_factory=list)
    carried: dict[object, tuple[str, float]] = field(default_factory=dict)  # by which socket, and when
    live: Live = field(default_factory=Live)
    api_calls: list[ApiCall] = field(default_factory=list)

    @property
    def has_detector(self) -> bool:
        """Whether its API tells when its voice detector hears somebody. Live does not."""
        return self.api != "live"

    @property
    def close(self) -> Close | None:
        """The last close that may say something of the session, if one was seen."""
        last = max((c for c in self.closes if not c.ours), key=_moment, default=None)
        if self.parting:
            return self.parting._replace(code=last.code if last else None)
        return last

    @property
    def last_closed(self) -> Close | None:
        """The last socket that closed, our own closing included."""
        return max(self.closes, key=_moment, default=None)

    @property
    def closes(self) -> list[Close]:
        """How each socket that closed did."""
        return [
            Close(c.closed, c.code, c.reason, c.received is not None and not c.closed_by_us, c.closed_by_us)
            for c in self.connections.values()
            if c.closed
        ]

    @property
    def accepted(self) -> bool:
        return self.frames > 0 or any(
            a.action == "accept" and a.status is not None and a.status < 300 for a in self.api_calls
        )


def _moment(close: Close) -> tuple[float, int]:
    return close.seen.at.at, close.seen.position
