"""What only a Live session tells: words with their place on its clock, and why it may not have listened.

It has no voice detector, no turns and no end of a transcript (openai SDK, types/live/server_event).
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

from callstore.domain.facts.events.frame import Frame
from callstore.domain.facts.events.recording import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveFrame(Frame):
    """A frame whose kind no other API has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IntervalTranscribed(LiveFrame):
    """Words of one side, from when to when on the session's own clock (ms): a piece, never all of it."""

    TYPE: ClassVar[str] = "interval.transcribed"
    PERSONAL: ClassVar[frozenset[str]] = frozenset({"text"})
    side: Literal["caller", "agent"]
    start_ms: float
    end_ms: float
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InputHeld(LiveFrame):
    """From here on the model was given silence, or its input again: the input was muted, or a fixture played.

    A fixture that fails is never said to be over; it lasts 30 s at most.
    """

    TYPE: ClassVar[str] = "input.held"
    by: Literal["mute", "fixture"]
    held: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DelegationCreated(LiveFrame):
    """The model handed work over, to the application (`client`) or to a backend, `offset_ms` on its clock."""

    TYPE: ClassVar[str] = "delegation.created"
    offset_ms: float
    delegation: str | None = None
    target: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageReported(LiveFrame):
    """Billable seconds so far, of which some were paused. They count up: never add them together."""

    TYPE: ClassVar[str] = "usage.reported"
    seconds: float
    paused_s: float | None = None
    context_ratio: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TransportChanged(LiveFrame):
    """An outbound SIP leg rang, was answered or failed. Such a session has no webhook and no accept."""

    TYPE: ClassVar[str] = "transport.changed"
    PERSONAL: ClassVar[frozenset[str]] = frozenset({"message"})
    state: Literal["ringing", "answered", "failed"]
    code: str | None = None
    message: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioReflected(LiveFrame):
    """Speech in what the sideband reflected of one side: what the AI received, or said.

    It is of the `duration_s` before the fact occurred, and `speech` counts seconds from their beginning, in
    steps of 20 ms; no audio is kept. The caller's audio is reflected before any muting; only the agent's has
    a place on the session's clock, where it begins at `start_ms`.
    """

    TYPE: ClassVar[str] = "audio.reflected"
    side: Literal["caller", "agent"]
    duration_s: float
    speech: tuple[Span, ...]
    start_ms: float | None = None
