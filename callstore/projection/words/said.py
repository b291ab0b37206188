"""What a call's document says was said, by whom; and the numbers and ids that a word may be of."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from callstore.projection.words import tokens
from callstore.projection.words.spelling import folded, spelled
from callstore.report.document import Document

IDS = (
    "call_id", "parent_call_sid", "child_call_sid", "conference_sid", "stream_sid", "ai_call_id",
    "ai_session_id", "from", "to",
)  # fmt: skip


class Passage(NamedTuple):
    """Words as they were written down: `speaker` is caller, agent or unknown, `at_s` of the call's."""

    speaker: str
    text: str
    at_s: float | None


class Words(NamedTuple):
    """The words of each side as they are spelled, a passage a line; the ids as they are folded."""

    caller: str
    agent: str
    ids: str

    def tokens(self) -> set[int]:
        """By which they are found."""
        return (
            tokens.of_text("caller", self.caller)
            | tokens.of_text("agent", self.agent)
            | tokens.of_text("ids", self.ids)
        )


def words(document: Document) -> Words:
    """What is found of a call. Of whom nobody knows who spoke, both may have."""
    said = list(passages(document))
    ids = [folded(id_) for name in IDS if isinstance(id_ := document.get(name), str)]
    return Words(
        _lines(spelled(p.text) for p in said if p.speaker != "agent"),
        _lines(spelled(p.text) for p in said if p.speaker != "caller"),
        _lines(ids),
    )


def passages(document: Document) -> Iterator[Passage]:
    """Everything that was said: turns and replies of all conversations, and what other ears wrote down."""
    whole: Any = document
    for told in (whole, *(whole.get("other_conversations") or ())):
        for speaker, entries in (("caller", told.get("turns")), ("agent", told.get("replies"))):
            yield from (_passage(speaker, entry) for entry in entries or () if entry.get("text"))
    for entry in whole.get("second_words") or ():
        if entry.get("text"):
            yield _passage(entry.get("speaker") or "unknown", entry)
    for speaker, name in (("caller", "last_caller_transcript"), ("agent", "last_agent_transcript")):
        if whole.get(name):
            yield Passage(speaker, whole[name], None)


def _passage(speaker: str, entry: Any) -> Passage:
    return Passage(speaker, str(entry["text"]), entry.get("start_s"))


def _lines(texts: Iterable[str]) -> str:
    return "\n".join(dict.fromkeys(text for text in texts if text))
