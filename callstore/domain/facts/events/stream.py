"""Twilio's media streams: the audio of a leg on a websocket of our application."""

from dataclasses import dataclass
from typing import ClassVar

from callstore.domain.facts.vocabulary import StreamState


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamStatus:
    """A media stream of a leg began, ended or failed (twilio.com/docs/voice/twiml/stream)."""

    TYPE: ClassVar[str] = "stream.status"
    PERSONAL: ClassVar[frozenset[str]] = frozenset()
    stream: str
    state: StreamState
    error_code: str | None = None
    account: str | None = None
