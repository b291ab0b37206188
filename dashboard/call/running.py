"""A call that still runs, without what would suppose that it had ended: nobody can judge that yet. Pure."""

from collections.abc import Iterable, Iterator
from typing import Any

from callstore.report.document import Document

OF_AN_END = {"Ended first by", "AI silent before the leg ended", "Caller speech without transcript"}


def is_running(document: Document) -> bool:
    """Whether the call had not ended by its last fact."""
    return document.get("verdict") == "live"


def while_running(document: Document) -> Document:
    """The document of a call that runs without checks, confidence and actor of an end; any other as it is."""
    judgement = document.get("judgement")
    if not is_running(document) or judgement is None:
        return document
    nothing: Any = {"checks": [], "missing": [], "settle": []}
    unknown: Any = {"verdict_confidence": None, "ended_first_by": None, "gap_kind": None}
    shown: Document = {**document, **unknown, "judgement": {**judgement, **nothing}}
    return shown


def facts_while_running(document: Document, facts: Iterable[Any]) -> Iterator[Any]:
    """Facts of the page, of a call that runs without those that an end would have."""
    running = is_running(document)
    return (fact for fact in facts if not running or fact.name not in OF_AN_END)
