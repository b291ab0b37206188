"""The chips of a page, in groups, each with its meaning."""

from collections.abc import Iterator
from typing import NamedTuple

from callstore.domain.facts.vocabulary import Flag
from callstore.report.document import Document
from dashboard.legend import flags, signals, verdicts
from dashboard.legend.chip import Chip


class Group(NamedTuple):
    """Chips of one kind under its name."""

    name: str
    chips: list[Chip]


OF_LIST = [
    Group("Verdict", verdicts.EVERY),
    Group("Flags", flags.EVERY),
    Group("Signals", signals.EVERY_SIGNAL),
    Group("Gap", signals.EVERY_GAP),
    Group("Review", signals.EVERY_STATE),
]

# The others are said elsewhere on the page: by the verdict, by the panel of the review.
ON_PAGE: tuple[Flag, ...] = ("truncated", "late", "orphan", "incomplete", "false_positive", "exported")


def flags_of_call(document: Document) -> list[Chip]:
    """The flags that the page of a call shows."""
    return [flags.flag(name) for name in ON_PAGE if name in document["flags"]]


def of_call(document: Document) -> Iterator[Chip]:
    """The chips that the page of a call shows, in its order."""
    verdict, sure = document.get("verdict"), document.get("verdict_confidence")
    if verdict:
        yield verdicts.verdict(verdict)
    if sure and verdict != "live":
        yield verdicts.confidence(sure)
    yield from flags_of_call(document)
    if (kind := document.get("gap_kind")) and kind != "none":
        yield signals.gap(kind)
    if (who := document.get("ended_first_by")) and verdict != "live":
        yield signals.ended_first(who)
    if found := document.get("cause"):
        yield verdicts.cause(found)
