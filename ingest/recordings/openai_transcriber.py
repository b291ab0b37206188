"""OpenAI's transcription endpoint. https://platform.openai.com/docs/api-reference/audio/createTranscription"""

from dataclasses import dataclass
from typing import ClassVar

import httpx

from ingest.dialects.parse import mapping
from ingest.recordings.transcriber import NotRead

TIMEOUT = httpx.Timeout(10, read=60)
# What waiting mends: too many requests, and faults of theirs.
PASSING = frozenset({408, 409, 425, 429})


@dataclass(frozen=True, slots=True)
class OpenAI:
    """Reads with the account's own key."""

    key: str
    base_url: str
    model: str
    provider: ClassVar[str] = "openai"

    def read(self, wav: bytes) -> str:
        """The words in a WAV, "" where there are none. Raises NotRead."""
        try:
            answer = httpx.post(
                f"{self.base_url}/audio/transcriptions",
                headers={"authorization": f"Bearer {self.key}"},
                data={"model": self.model, "response_format": "json"},
                files={"file": ("gap.wav", wav, "audio/wav")},
                timeout=TIMEOUT,
            )
        except httpx.HTTPError as error:
            raise NotRead(f"OpenAI did not answer: {type(error).__name__}", permanent=False) from None
        if answer.status_code != 200:
            passing = answer.status_code in PASSING or answer.status_code >= 500
            raise NotRead(f"OpenAI answered {answer.status_code}", permanent=not passing)
        try:
            text = mapping(answer.json()).get("text")
        except ValueError:
            text = None
        if not isinstance(text, str):
            raise NotRead("OpenAI's answer has no text", permanent=False)
        return text.strip()
