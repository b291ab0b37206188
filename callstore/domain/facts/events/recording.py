"""Recordings: announced, analysed, failed, and the words read in their gaps."""

from dataclasses import dataclass
from typing import ClassVar, TypeAlias

Span: TypeAlias = tuple[float, float]  # seconds, start and end


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingStatus:
    """A recording callback. Twilio files recordings of <Dial record> under the parent leg.

    `proved_by` is the account whose token proved it, where that is another than `account`.
    """

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
    account: str | None = None
    proved_by: str | None = None


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
    """We could not fetch or read a recording; `permanent` says whether trying again can help.

    `gone` says that its provider has not got it: not yet, or, where that is permanent, not any more.
    """

    TYPE: ClassVar[str] = "recording.failed"
    PERSONAL: ClassVar[frozenset[str]] = frozenset()
    recording: str
    reason: str
    permanent: bool
    gone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingRemoved:
    """The sound of a recording was removed, so many days after its call began. What was heard stays."""

    TYPE: ClassVar[str] = "recording.removed"
    PERSONAL: ClassVar[frozenset[str]] = frozenset()
    recording: str
    after_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingNudged:
    """Somebody moved a recording on the call's axis by hand: so many seconds from where it was aligned.

    The last one stands, and 0 takes it back. `by` is who: a login's name, or `token`.
    """

    TYPE: ClassVar[str] = "recording.nudged"
    PERSONAL: ClassVar[frozenset[str]] = frozenset()
    recording: str
    seconds: float
    by: str


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
