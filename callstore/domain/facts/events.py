"""The closed vocabulary: every kind of fact the log can hold, as frozen values.

An event does not repeat its subject (the leg or AI session it is about): the record that carries it
names that. Fields listed in PERSONAL are encrypted under the call's key and vanish with it; all
others are stored in the clear and must never hold a number, a name or a spoken word.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal, TypeAlias

Span: TypeAlias = tuple[float, float]  # seconds, start and end


# --- Twilio: the legs -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class LegStatus:
    """A leg's progress, by callback, Event Streams or backfill (twilio.com/docs/voice/api/call-resource)."""

    TYPE: ClassVar[str] = "leg.status"
    PERSONAL: ClassVar[frozenset[str]] = frozenset({"caller", "called"})
    status: str
    direction: str | None = None
    parent: str | None = None
    duration_s: int | None = None
    sip_code: int | None = None
    error_code: str | None = None
    caller: str | None = None
    called: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LegSummarised:
    """Voice Insights' view of a finished leg; `disconnected_by` is the side whose BYE Twilio saw."""

    TYPE: ClassVar[str] = "leg.summarised"
    PERSONAL: ClassVar[frozenset[str]] = frozenset()
    processing: str
    disconnected_by: str | None = None
    parent: str | None = None
    duration_s: int | None = None
    connected_s: int | None = None
    sip_code: int | None = None
    started_at: float | None = None
    ended_at: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LegChanged:
    """Our own account changed a running leg by REST: gave it another URL or TwiML, or ended it."""

    TYPE: ClassVar[str] = "leg.changed"
    PERSONAL: ClassVar[frozenset[str]] = frozenset()
    how: Literal["redirect", "twiml", "end"]
    http_status: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowAsked:
    """Twilio asked our application what to do next (voice webhook, redirect, or any TwiML request)."""

    TYPE: ClassVar[str] = "flow.asked"
    PERSONAL: ClassVar[frozenset[str]] = frozenset({"caller", "called"})
    path: str
    status: str | None = None
    direction: str | None = None
    parent: str | None = None
    error_code: str | None = None
    caller: str | None = None
    called: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DigitsPressed:
    """What a <Gather> collected: keys, or recognised speech."""

    TYPE: ClassVar[str] = "dtmf.pressed"
    PERSONAL: ClassVar[frozenset[str]] = frozenset({"digits", "speech", "caller", "called"})
    path: str
    status: str | None = None
    direction: str | None = None
    digits: str | None = None
    speech: str | None = None
    caller: str | None = None
    called: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DialFinished:
    """The <Dial action> request: `status` is the parent's, the rest is the child's."""

    TYPE: ClassVar[str] = "dial.finished"
    PERSONAL: ClassVar[frozenset[str]] = frozenset({"caller", "called"})
    path: str
    status: str | None = None
    direction: str | None = None
    child: str | None = None
    dial_status: str | None = None
    duration_s: int | None = None
    bridged: bool | None = None
    sip_code: int | None = None
    sip_call_id: str | None = None
    error_code: str | None = None
    caller: str | None = None
    called: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowAnswered:
    """What our application answered to a TwiML request; `asked` tells which request it was."""

    TYPE: ClassVar[str] = "flow.answered"
    PERSONAL: ClassVar[frozenset[str]] = frozenset()
    path: str
    asked: Literal["voice", "gather", "dial"]
    http_status: int | None = None
    verbs: tuple[str, ...] = ()  # TwiML element names in document order: ("Say", "Hangup")
    sip_headers: tuple[str, ...] = ()  # header names put on the <Sip> URI
    record: str | None = None  # the record attribute of <Dial>
    time_limit_s: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderWarned:
    """A debugger notification about a leg (twilio.com/docs/usage/troubleshooting)."""

    TYPE: ClassVar[str] = "provider.warned"
    PERSONAL: ClassVar[frozenset[str]] = frozenset({"message"})
    level: Literal["error", "warning", "notice", "debug"]
    code: str
    notification: str | None = None
    message: str | None = None


# --- Twilio: a second opinion on the words ----------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsWatched:
    """Twilio's transcription of a leg began, ended or failed (twilio.com/docs/voice/twiml/transcription)."""

    TYPE: ClassVar[str] = "words.watched"
    PERSONAL: ClassVar[frozenset[str]] = frozenset({"message"})
    transcription: str
    state: Literal["started", "stopped", "failed"]
    track: str | None = None
    language: str | None = None
    engine: str | None = None
    error_code: str | None = None
    message: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsHeard:
    """Words that Twilio's transcription heard on a `track` of a leg: so far, or (`final`) as they stay."""

    TYPE: ClassVar[str] = "words.heard"
    PERSONAL: ClassVar[frozenset[str]] = frozenset({"text"})
    transcription: str
    track: str
    final: bool
    language: str | None = None
    confidence: float | None = None
    text: str | None = None


# --- Recordings -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingStatus:
    """A recording callback. Twilio files recordings of <Dial record> under the parent leg."""

    TYPE: ClassVar[str] = "recording.status"
    PERSONAL: ClassVar[frozenset[str]] = frozenset()
    recording: str
    status: str
    channels: int | None = None
    duration_s: int | None = None
    started_at: float | None = None
    origin: str | None = None
    track: str | None = None
    url: str | None = None
    error_code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingAnalysed:
    """What we heard in a recording: speech spans per channel in seconds from its first sample."""

    TYPE: ClassVar[str] = "recording.analysed"
    PERSONAL: ClassVar[frozenset[str]] = frozenset()
    recording: str
    analyser: str
    duration_s: float
    sample_rate: int
    channels: int
    sha256: str
    media: str  # key of the stored bytes
    peaks: str  # key of the peak pyramid
    caller: tuple[Span, ...] = ()
    agent: tuple[Span, ...] = ()
    echo: tuple[Span, ...] = ()  # spans on the caller's channel that repeat the agent
    agent_echo: tuple[Span, ...] = ()  # what of `agent` repeats the caller


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingFailed:
    """We could not fetch or read a recording; `permanent` says whether trying again can help."""

    TYPE: ClassVar[str] = "recording.failed"
    PERSONAL: ClassVar[frozenset[str]] = frozenset()
    recording: str
    reason: str
    permanent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GapTranscribed:
    """What a speech-to-text provider read in a gap of a recording, in seconds from its first sample.

    A reading after the call: it never counts as the AI's transcript.
    """

    TYPE: ClassVar[str] = "gap.transcribed"
    PERSONAL: ClassVar[frozenset[str]] = frozenset({"text"})
    recording: str
    start_s: float
    end_s: float
    provider: str
    model: str
    text: str | None = None


# --- OpenAI: the session ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionOffered:
    """The incoming-call webhook: an INVITE waits at OpenAI. Its headers are where calls are joined."""

    TYPE: ClassVar[str] = "session.offered"
    PERSONAL: ClassVar[frozenset[str]] = frozenset({"caller", "called"})
    api: Literal["realtime", "live"]
    child: str | None = None
    parent: str | None = None
    sip_call_id: str | None = None
    headers: tuple[str, ...] = ()
    caller: str | None = None
    called: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Anything said on a sideband socket: which connection carried it, and its own type name."""

    PERSONAL: ClassVar[frozenset[str]] = frozenset()
    connection: str
    kind: str


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
    vad: str | None = None
    prefix_ms: int | None = None
    silence_ms: int | None = None
    idle_ms: int | None = None
    transcription: str | None = None
    tools: tuple[str, ...] = ()


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
    """The model called a function of the application."""

    TYPE: ClassVar[str] = "tool.called"
    PERSONAL: ClassVar[frozenset[str]] = frozenset({"arguments"})
    name: str
    response: str | None = None
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
    """The Live API's last word, and its `reason`.

    Known are close_requested, expired, content, remote_hangup and connection_lost (openai SDK,
    types/live/session_closed_event).
    """

    TYPE: ClassVar[str] = "session.closed"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SocketOpened:
    """Somebody began to observe the session; 101 is success, 404 means no such session."""

    TYPE: ClassVar[str] = "socket.opened"
    PERSONAL: ClassVar[frozenset[str]] = frozenset()
    connection: str
    http_status: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SocketClosed:
    """The observer's socket closed. `received` is the server's close frame, `sent` ours; None: no frame."""

    TYPE: ClassVar[str] = "socket.closed"
    PERSONAL: ClassVar[frozenset[str]] = frozenset()
    connection: str
    code: int | None = None
    reason: str | None = None
    received: int | None = None
    sent: int | None = None
    received_first: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiCalled:
    """Our application called the Calls API: accept, reject, refer, hangup."""

    TYPE: ClassVar[str] = "api.called"
    PERSONAL: ClassVar[frozenset[str]] = frozenset()
    action: str
    method: str | None = None
    status: int | None = None
    request_id: str | None = None


# --- The application, the world, and the rest -------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class AppSaid:
    """What the voice application says of itself."""

    TYPE: ClassVar[str] = "app.said"
    PERSONAL: ClassVar[frozenset[str]] = frozenset({"message"})
    what: Literal["hangup_requested", "session_finished", "exception", "log", "deployed"]
    level: str | None = None
    reason: str | None = None
    version: str | None = None
    message: str | None = None


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
class MonthRetired:
    """The calls of a month left the log by `retire_month`. `digest` is of the digests that stayed of them."""

    TYPE: ClassVar[str] = "month.retired"
    PERSONAL: ClassVar[frozenset[str]] = frozenset()
    no: int
    month: str
    events: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unrecognised:
    """Verified but not understood: kept whole, so that a later reading can."""

    TYPE: ClassVar[str] = "unrecognised"
    PERSONAL: ClassVar[frozenset[str]] = frozenset()
    note: str
    hint: str | None = None


FrameEvent: TypeAlias = (
    FrameSeen | FrameSent | SessionConfigured | SpeechStarted | SpeechStopped | InputTimedOut
    | TurnCommitted | TurnTranscribed | TurnFailed | ReplyStarted | ReplySpoken | ReplyFinished
    | PlaybackChanged | ToolCalled | SessionErrored | SessionDigit | SessionClosed
)  # fmt: skip
Event: TypeAlias = (
    LegStatus | LegSummarised | LegChanged
    | FlowAsked | DigitsPressed | DialFinished | FlowAnswered | ProviderWarned
    | WordsWatched | WordsHeard
    | RecordingStatus | RecordingAnalysed | RecordingFailed | GapTranscribed
    | SessionOffered | FrameEvent | SocketOpened | SocketClosed | ApiCalled
    | AppSaid | IncidentPublished | CallErased | MonthRetired | Unrecognised
)  # fmt: skip
