"""What an erased call no longer has: its audio, and the words that were written down. Its times stay."""

from collections.abc import Mapping
from typing import Any

from callstore.domain.call.observation import Observation
from callstore.domain.facts.clock import iso

GONE = ("recording", "transcript", "twilio_transcript")
WHY = {"state": "expired", "why": "The call was erased.", "expected_until": None}


def redacted(document: dict[str, Any], erased: Observation | None) -> dict[str, Any]:
    """The document of a report, with `erased_at`; of an erased call without a hope for what was erased."""
    if erased is None:
        return {**document, "erased_at": None}
    sources = {name: _gone(word) if name in GONE else word for name, word in document["sources"].items()}
    gone = {name for name in GONE if sources.get(name) != document["sources"].get(name)}
    details = document.get("source_details", {})
    return {
        **document,
        "erased_at": iso(erased.at.at),
        "recording_state": sources["recording"],
        "transcript_state": sources["transcript"],
        "sources": sources,
        "source_details": {name: WHY if name in gone else said for name, said in details.items()},
        "recordings": [_without_audio(recording) for recording in document["recordings"]],
    }


def _gone(word: str) -> str:
    return "expired" if word in ("present", "pending") else word


def _without_audio(recording: Mapping[str, Any]) -> dict[str, Any]:
    return {**recording, "state": _gone(recording["state"]), "media": None, "peaks": None}
