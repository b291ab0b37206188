"""What an evaluation must reach: `truncated.recall=0.99,verdict.accuracy=0.97` read, and held against it."""

from collections.abc import Sequence
from typing import NamedTuple

from callstore.domain.facts.vocabulary import CAUSES, FLAGS, VERDICTS
from callstore.rehearsal.evaluation.evaluate import Outcome
from callstore.rehearsal.evaluation.scoring import Summary, summary

VERDICT = ("verdict", "verdicts")  # whose accuracy is meant, as the JSON names it, too
WORDS = frozenset((*VERDICTS, *CAUSES, *FLAGS))
RATES = ("precision", "recall")


class Threshold(NamedTuple):
    """A figure such as `recall` of a word such as `truncated`, and the least that it may be, 0 to 1."""

    word: str
    figure: str
    least: float

    @property
    def name(self) -> str:
        return f"{self.word}.{self.figure}"


def thresholds(text: str) -> list[Threshold]:
    """The thresholds that a text names between commas. Raises ValueError in words."""
    return [_threshold(each.strip()) for each in text.split(",") if each.strip()]


def held_against(wanted: Sequence[Threshold], outcomes: Sequence[Outcome]) -> tuple[list[str], list[str]]:
    """Which thresholds are missed, and which nothing was labelled for, in words."""
    told = summary(outcomes)
    missed, open_ = [], []
    for each in wanted:
        got = _reached(each, told)
        if got is None:
            open_.append(f"{each.name} is not known: no call is labelled for it.")
        elif got < each.least:
            missed.append(f"{each.name} is {got:.4g}, below {each.least:g}.")
    return missed, open_


def _threshold(text: str) -> Threshold:
    name, _, least = text.partition("=")
    word, _, figure = name.strip().rpartition(".")
    known = figure == "accuracy" if word in VERDICT else word in WORDS and figure in RATES
    try:
        share = float(least)
    except ValueError:
        share = -1.0
    if not known or not 0 <= share <= 1:
        raise ValueError(
            f"{text!r} is no threshold: give verdict.accuracy, or a verdict, cause or flag with .precision "
            "or .recall, and a share of 0 to 1, such as truncated.recall=0.99."
        )
    return Threshold(word, figure, share)


def _reached(wanted: Threshold, told: Summary) -> float | None:
    if wanted.word in VERDICT:
        return told["verdicts"]["accuracy"]
    score = (told["causes"] | told["scores"]).get(wanted.word)
    if score is None:
        return None
    return score["recall"] if wanted.figure == "recall" else score["precision"]
