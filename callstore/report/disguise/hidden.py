"""The report of a call with nobody in it: folded from facts that were disguised first."""

from collections.abc import Callable, Iterable
from typing import Any, cast

from callstore.domain.analysis.finish_tools import USUAL_TOOLS, FinishTools
from callstore.domain.facts.record import Record
from callstore.report.disguise.disguise import Hidden, masked
from callstore.report.disguise.facts import disguised, known_ids
from callstore.report.disguise.text import Scrub
from callstore.report.document import Document
from callstore.report.report import report


def hiding(facts: Iterable[Record]) -> Scrub:
    """What hides numbers and names of a call from people, one mark for each in all that is made with it."""
    facts = list(facts)
    near = min((fact.received_at for fact in facts), default=0.0)
    return Scrub(Hidden(), known_ids(facts), near)


def hidden(
    facts: Iterable[Record],
    scrub: Scrub,
    tools: FinishTools = USUAL_TOOLS,
    words: Callable[[str], str] = masked,
) -> Document:
    """What disguised facts alone tell: without our id, links and what people decided.

    `words` says what stays of what was spoken.
    """
    told: Any = report(list(disguised(facts, scrub, words)), tools)
    return cast(Document, told)
