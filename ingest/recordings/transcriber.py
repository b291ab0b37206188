"""Who reads speech for us: the interface, and which one the settings chose. Off unless switched on."""

from typing import Protocol

from django.conf import settings


class NotRead(Exception):
    """The sound could not be read. `permanent` says trying again with the same sound is vain."""

    def __init__(self, reason: str, *, permanent: bool) -> None:
        super().__init__(reason)
        self.reason, self.permanent = reason, permanent


class Transcriber(Protocol):
    """A speech-to-text provider, by its `provider` name and the `model` it uses."""

    @property
    def provider(self) -> str: ...

    @property
    def model(self) -> str: ...

    def read(self, wav: bytes) -> str:
        """The words in a WAV, "" where there are none. Raises NotRead."""
        ...


def transcriber() -> Transcriber | None:
    """The provider that may be sent callers' voices; None unless TRANSCRIBE_TAIL is 1 and there is a key."""
    if not (settings.TRANSCRIBE_TAIL and settings.OPENAI_API_KEY):
        return None
    from ingest.recordings.openai_transcriber import OpenAI

    return OpenAI(settings.OPENAI_API_KEY, settings.OPENAI_BASE_URL, settings.TRANSCRIBE_MODEL)
