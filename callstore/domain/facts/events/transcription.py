"""Words that somebody other than the AI wrote down: Twilio's transcription."""

from dataclasses import dataclass
from typing import ClassVar, Literal


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
    account: str | None = None


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
    account: str | None = None
