"""Words that other ears than the AI's wrote down: Twilio's transcription, and what was read in gaps later."""

from collections.abc import Iterator

from callstore.domain.facts.vocabulary import Speaker
from callstore.report.document import Report
from callstore.report.document_judgement import GapPart
from dashboard.call.lanes.mark import Mark, mark

TWILIO = "twilio"
ROLES: dict[Speaker, str] = {"caller": "caller", "agent": "agent"}
PROVIDERS = {"openai": "OpenAI"}


def twilio(document: Report, horizon: float) -> Iterator[Mark]:
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


def quoted(gap: GapPart) -> list[str]:
    """What other ears heard in a gap, each with its source."""
    return [
        f"{_source(words['source'])}: “{words['text']}”" for words in gap.get("words") or () if words["text"]
    ]


def positions(gap: GapPart) -> list[int]:
    """Where those words are in the log."""
    return [position for words in gap.get("words") or () for position in words["positions"]]


def _source(source: str) -> str:
    if source == TWILIO:
        return "Twilio heard"
    provider, _, model = source.partition(":")
    return f"{PROVIDERS.get(provider, provider)}'s {model} read in the recording"
