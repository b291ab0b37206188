"""Twilio's legs: their progress, their summaries, and what our account changed.

`account` is the Twilio account whose leg the sender says it is.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

from callstore.domain.facts.vocabulary import WarningLevel


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
    account: str | None = None


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
    direction: str | None = None
    edge: str | None = None
    region: str | None = None
    account: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaNoted:
    """Voice Insights noted something of a leg's media, in its words: at which edge, how grave (`level`)."""

    TYPE: ClassVar[str] = "media.noted"
    PERSONAL: ClassVar[frozenset[str]] = frozenset()
    name: str
    group: str | None = None
    level: str | None = None
    edge: str | None = None
    account: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LegChanged:
    """Our own account changed a running leg by REST: gave it another URL or TwiML, or ended it."""

    TYPE: ClassVar[str] = "leg.changed"
    PERSONAL: ClassVar[frozenset[str]] = frozenset()
    how: Literal["redirect", "twiml", "end"]
    http_status: int | None = None
    account: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderWarned:
    """A debugger notification about a leg (twilio.com/docs/usage/troubleshooting)."""

    TYPE: ClassVar[str] = "provider.warned"
    PERSONAL: ClassVar[frozenset[str]] = frozenset({"message"})
    level: WarningLevel
    code: str
    notification: str | None = None
    message: str | None = None
    account: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswererFound:
    """Who or what picked up, in Twilio's words: human, fax, machine_start, machine_end_beep and others.

    https://www.twilio.com/docs/voice/answering-machine-detection
    """

    TYPE: ClassVar[str] = "answerer.found"
    PERSONAL: ClassVar[frozenset[str]] = frozenset()
    answered_by: str
    took_ms: int | None = None
    account: str | None = None
