"""The place in a call where words that were looked for are said first, with the words marked."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice
from typing import TypedDict

from callstore.projection.words.said import Passage, passages
from callstore.projection.words.sought import Sought
from callstore.projection.words.spelling import BEGINS, folded
from callstore.report.document import Document
from callstore.search.kinds.spoken import words_of
from callstore.search.tree import Term

AROUND = 60  # characters before the first mark and behind it
MARKS = 20
# Of half-width kana, whose sound marks are no combining characters.
SOUND_MARKS = "\uff9e\uff9f"


class SnippetPart(TypedDict):
    """As the API gives it: `marks` are [first, end) in characters of `text`, `at_s` from the call's start."""

    speaker: str
    at_s: float | None
    text: str
    marks: list[list[int]]


def snippets(documents: Iterable[Document], query: Term) -> dict[str, SnippetPart] | None:
    """By call id the snippet of each call in which words of the query are said; None if it asks for none."""
    words = words_of(query)
    if not words:
        return None
    found = {document["call_id"]: snippet(document, words) for document in documents}
    return {call_id: part for call_id, part in found.items() if part}


def snippet(document: Document, words: Sequence[Sought]) -> SnippetPart | None:
    """The first passage with the first of these words that any has; None where they are in none."""
    said = sorted(passages(document), key=lambda passage: (passage.at_s is None, passage.at_s or 0.0))
    spelled = [(passage, _Spelled(passage.text)) for passage in said]
    for word in words:
        for passage, text in spelled:
            if _marks(passage, text, word):
                marks = [mark for each in words for mark in _marks(passage, text, each)]
                return _part(passage, sorted(set(marks)))
    return None


class _Spelled:
    """A text as it is spelled, and of each character of that the characters of the text it was made of."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def characters(self) -> list[tuple[str, int, int]]:
        clusters = ((_folded(self.text[start:end]), start, end) for start, end in self._clusters())
        every = [(char, start, end) for chars, start, end in clusters for char in chars]
        single = [each for n, each in enumerate(every) if each[0] != " " or (n and every[n - 1][0] != " ")]
        line = "".join(char for char, _, _ in single)
        for begins in reversed([found.start() for found in BEGINS.finditer(line)]):
            at = single[begins][1]
            single.insert(begins, (" ", at, at))
        return single

    @cached_property
    def line(self) -> str:
        return "".join(char for char, _, _ in self.characters)

    def _clusters(self) -> Iterator[tuple[int, int]]:
        start = 0
        for at in range(1, len(self.text) + 1):
            if at == len(self.text) or self.text[at - 1].isspace() or not _goes_on(self.text[at]):
                yield start, at
                start = at


def _goes_on(char: str) -> bool:
    return unicodedata.category(char).startswith("M") or char in SOUND_MARKS


def _folded(cluster: str) -> str:
    return " " if cluster.isspace() else folded(cluster)


def _marks(passage: Passage, text: _Spelled, word: Sought) -> list[tuple[int, int]]:
    other = {"caller": "agent", "agent": "caller", "ids": passage.speaker}  # who cannot have said it
    return [
        _place(text.characters[match.start() : match.end()])
        for pattern in word
        if other[pattern.side] != passage.speaker
        for match in islice(_expression(pattern.like).finditer(text.line), MARKS)
        if match[0].strip()
    ]


def _place(characters: list[tuple[str, int, int]]) -> tuple[int, int]:
    """From the first character on that is no blank to the last."""
    return next(start for char, start, _ in characters if char != " "), characters[-1][2]


def _expression(like: str) -> re.Pattern[str]:
    pieces = re.findall(r"\\.|%|[^\\%]+", like.removeprefix("%").removesuffix("%"))
    return re.compile("".join(".*?" if p == "%" else re.escape(p.removeprefix("\\")) for p in pieces))


def _part(passage: Passage, marks: list[tuple[int, int]]) -> SnippetPart:
    start = max(0, marks[0][0] - AROUND)
    end = min(len(passage.text), marks[0][1] + AROUND)
    before, behind = "… " if start else "", " …" if end < len(passage.text) else ""
    shift = len(before) - start
    inside: list[list[int]] = []
    for low, high in marks:
        if high > end:
            continue
        if inside and low + shift < inside[-1][1]:  # two words in one place
            inside[-1][1] = max(inside[-1][1], high + shift)
        else:
            inside.append([low + shift, high + shift])
    text = f"{before}{passage.text[start:end]}{behind}"
    return {"speaker": passage.speaker, "at_s": passage.at_s, "text": text, "marks": inside}
