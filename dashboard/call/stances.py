"""The evidence as a page shows it: each check with the look of its stance, the weightiest first."""

from typing import NamedTuple

from callstore.domain.facts.vocabulary import Stance
from callstore.report.document import Report
from callstore.report.document_judgement import CheckPart


class StanceLook(NamedTuple):
    """How a check's stance is shown: never by colour alone."""

    word: str
    icon: str
    tone: str


# The weightiest first.
SAYS: dict[Stance, StanceLook] = {
    "supports": StanceLook("supports", "check", "ok"),
    "contradicts": StanceLook("contradicts", "close", "bad"),
    "missing": StanceLook("missing", "question", "warn"),
    "not_applicable": StanceLook("no bearing", "minus", "quiet"),
}
WEIGHT = list(SAYS)
SUMMED: dict[Stance, str] = {"supports": "support", "missing": "missing", "contradicts": "contradict"}


class CheckRow(CheckPart):
    """A check with the look of its stance."""

    word: str
    icon: str
    tone: str


def check_rows(document: Report) -> list[CheckRow]:
    """The checks of a call by weight; checks of one stance stay in reading order."""
    judgement = document.get("judgement")
    checks = (judgement.get("checks") or ()) if judgement else ()
    ordered = sorted(checks, key=lambda check: WEIGHT.index(check["says"]))
    looks = [(check, SAYS[check["says"]]) for check in ordered]
    return [{**check, "word": look.word, "icon": look.icon, "tone": look.tone} for check, look in looks]


def summed(checks: list[CheckRow]) -> str:
    """How many checks stand how, in words."""
    counted = [check["says"] for check in checks]
    return ", ".join(f"{counted.count(stance)} {word}" for stance, word in SUMMED.items())
