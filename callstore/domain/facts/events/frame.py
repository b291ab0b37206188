"""Server and client events of a session, as a socket carried them."""

from dataclasses import dataclass
from typing import ClassVar, Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Anything said on a sideband socket: which connection carried it, and its own type name.

    `pieces` counts the server events that an observer joined to this one.
    """

    PERSONAL: ClassVar[frozenset[str]] = frozenset()
    connection: str
    kind: str
    pieces: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameSeen(Frame):
    """A server event that adds nothing to the call but the proof that the session was alive."""

    TYPE: ClassVar[str] = "frame.seen"


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameSent(Frame):
    """A client event that our application sent."""

    TYPE: ClassVar[str] = "frame.sent"


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionConfigured(Frame):
    """session.created or session.updated. Times in milliseconds, `expires_at` in Unix seconds."""

    TYPE: ClassVar[str] = "session.configured"
    session: str | None = None
    model: str | None = None
    expires_at: float | None = None
    input_format: str | None = None
    output_format: str | None = None
    vad: str | None = None
    prefix_ms: int | None = None
    silence_ms: int | None = None
    idle_ms: int | None = None
    transcription: str | None = None
    language: str | None = None  # in which the caller is written down, as the application set it
    tools: tuple[str, ...] = ()
    agent: str | None = None  # as the application calls it
    agent_version: str | None = None
    stored: bool = False  # of a Live session: OpenAI keeps a recording of it


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechStarted(Frame):
    """The AI's voice detector opened a turn at `audio_ms` of the session's input, padding taken off."""

    TYPE: ClassVar[str] = "speech.started"
    item: str
    audio_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechStopped(Frame):
    """The AI's voice detector closed a turn; `audio_ms` includes the closing silence."""

    TYPE: ClassVar[str] = "speech.stopped"
    item: str
    audio_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class InputTimedOut(Frame):
    """The idle timeout fired: the AI will speak because the caller did not. It never hangs up."""

    TYPE: ClassVar[str] = "input.timed_out"
    item: str | None = None
    start_ms: float | None = None
    end_ms: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnCommitted(Frame):
    """The caller's turn became an item of the conversation."""

    TYPE: ClassVar[str] = "turn.committed"
    item: str
    previous: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnTranscribed(Frame):
    """Text of a caller's turn: a piece, or (`final`) all of it."""

    TYPE: ClassVar[str] = "turn.transcribed"
    PERSONAL: ClassVar[frozenset[str]] = frozenset({"text"})
    item: str
    final: bool
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnFailed(Frame):
    """Transcription of a turn failed; the conversation may go on."""

    TYPE: ClassVar[str] = "turn.failed"
    PERSONAL: ClassVar[frozenset[str]] = frozenset({"message"})
    item: str
    code: str | None = None
    message: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyStarted(Frame):
    """The model began a response."""

    TYPE: ClassVar[str] = "reply.started"
    response: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplySpoken(Frame):
    """Words of the agent: a piece, or (`final`) all of one part."""

    TYPE: ClassVar[str] = "reply.spoken"
    PERSONAL: ClassVar[frozenset[str]] = frozenset({"text"})
    response: str
    item: str | None = None
    final: bool = False
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyAudio(Frame):
    """A piece of the agent's audio, as its length: in bytes, and in ms where its format was known."""

    TYPE: ClassVar[str] = "reply.audio"
    response: str
    audio_bytes: int
    audio_ms: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyFinished(Frame):
    """response.done: completed, cancelled, failed or incomplete, and why."""

    TYPE: ClassVar[str] = "reply.finished"
    PERSONAL: ClassVar[frozenset[str]] = frozenset({"message"})
    response: str
    status: str
    reason: str | None = None
    error_type: str | None = None
    error_code: str | None = None
    message: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaybackChanged(Frame):
    """The agent's audio began, played to its end, or was cut (SIP and WebRTC only)."""

    TYPE: ClassVar[str] = "playback.changed"
    response: str
    state: Literal["started", "stopped", "cleared"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolCalled(Frame):
    """The model called a function of the application; `item` tells which call, where it may be told twice."""

    TYPE: ClassVar[str] = "tool.called"
    PERSONAL: ClassVar[frozenset[str]] = frozenset({"arguments"})
    name: str
    response: str | None = None
    item: str | None = None
    arguments: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionErrored(Frame):
    """An error event. Most are not fatal (openai SDK, realtime_error_event)."""

    TYPE: ClassVar[str] = "session.errored"
    PERSONAL: ClassVar[frozenset[str]] = frozenset({"message"})
    error_type: str | None = None
    code: str | None = None
    message: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionDigit(Frame):
    """A key press the AI heard."""

    TYPE: ClassVar[str] = "session.digit"
    PERSONAL: ClassVar[frozenset[str]] = frozenset({"digit"})
    digit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionClosed(Frame):
    """The Live API's last word, its `reason`, and the billable seconds of the whole session.

    Known are close_requested, expired, content, remote_hangup and connection_lost (openai SDK,
    types/live/session_closed_event).
    """

    TYPE: ClassVar[str] = "session.closed"
    reason: str
    usage_s: float | None = None
