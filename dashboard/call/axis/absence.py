"""The lanes on which nothing lies, gathered into few words by what is missing and why. Pure."""

from typing import NamedTuple

from callstore.domain.facts.vocabulary import SourceName, SourceState
from callstore.report.document import Report
from dashboard.call.timeline import Lane

# A lane's witness in the table of sources; lanes of one witness are missing together.
SOURCES: dict[str, SourceName] = {
    "ai": "ai_events", "agent_text": "ai_events", "caller_text": "ai_events", "heard_by_ai": "ai_events",
    "twilio_text": "twilio_transcript", "agent_audio": "recording", "caller_audio": "recording",
}  # fmt: skip
NAMES: dict[SourceName, str] = {
    "ai_events": "AI events",
    "twilio_transcript": "Twilio transcript",
    "recording": "Recording",
}
WORDS: dict[SourceState, str] = {
    "off": "off",
    "pending": "pending",
    "failed": "failed",
    "expired": "deleted",
    "never_expected": "not expected",
}
EMPTY = "nothing"  # the witness is there, and has nothing to say


class Absence(NamedTuple):
    """What is missing: its name, the state of its witness in a word, and the whole reason."""

    name: str
    word: str
    reason: str


def absences(document: Report, lanes: list[Lane]) -> list[Absence]:
    """What the call's empty lanes lack, top to bottom; nothing of a transcript that nobody expected."""
    states: dict[SourceName, SourceState] = document.get("sources") or {}
    empty: dict[tuple[SourceName | None, str], list[str]] = {}
    for lane in lanes:
        if (reason := lane["reason"]) and not _needless(lane, states):
            empty.setdefault((SOURCES.get(lane["id"]), reason), []).append(lane["name"])
    found = []
    for (source, reason), names in empty.items():
        state = states.get(source) if source else None
        word = WORDS.get(state, EMPTY) if state else EMPTY
        together = source is not None and (len(names) > 1 or word != EMPTY)
        name = NAMES[source] if source and together else ", ".join(names)
        found.append(Absence(name, word, reason))
    return found


def _needless(lane: Lane, states: dict[SourceName, SourceState]) -> bool:
    return lane["id"] == "twilio_text" and states.get("twilio_transcript") == "never_expected"
