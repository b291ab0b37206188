"""Words that other ears than the AI's wrote down: Twilio's transcription, and what was read in gaps later."""

from collections.abc import Iterator, Mapping
from typing import Any

from dashboard.call.lanes.mark import Document, Mark, mark

TWILIO = "twilio"
ROLES = {"caller": "caller", "agent": "agent"}
PROVIDERS = {"openai": "OpenAI"}


def twilio(document: Document, horizon: float) -> Iterator[Mark]:
    """Everything that Twilio's transcription heard, of either side."""
    for words in document.get("second_words") or ():
        if words["source"] == TWILIO and words["start_s"] is not None:
            yield mark(
                "twilio_text", "words", words["text"] or "…", words["start_s"], words["end_s"],
                role=ROLES.get(words["speaker"], "signal"), style="solid" if words["final"] else "dotted",
                detail=f"{words['speaker']}, by Twilio's transcription"
                + ("" if words["final"] else "; a guess, no final words came"),
                uncertainty_s=words["spread_s"], positions=words["positions"],
            )  # fmt: skip


def quoted(gap: Mapping[str, Any]) -> list[str]:
    """What other ears heard in a gap, each with its source."""
    return [
        f"{_source(words['source'])}: “{words['text']}”" for words in gap.get("words") or () if words["text"]
    ]


def positions(gap: Mapping[str, Any]) -> list[int]:
    """Where those words are in the log."""
    return [position for words in gap.get("words") or () for position in words["positions"]]


def _source(source: str) -> str:
    if source == TWILIO:
        return "Twilio heard"
    provider, _, model = source.partition(":")
    return f"{PROVIDERS.get(provider, provider)}'s {model} read in the recording"
