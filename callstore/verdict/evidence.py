"""The evidence table of a verdict: each check says whether it supports or contradicts it, or is missing."""

from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeAlias

from callstore.domain.call.observation import Observation
from callstore.domain.facts.vocabulary import Stance, VerdictWord
from callstore.findings.rule import Case, Finding

Verdicts: TypeAlias = frozenset[VerdictWord]

OURS: Verdicts = frozenset({"natural_end", "app_ended", "false_finish", "flow_ended"})
AI: Verdicts = frozenset({"ai_silent_first", "ai_closed_first", "ai_deaf", "ai_mute"})
CALLER: Verdicts = frozenset({"caller_hung_up"})
REFUSED: Verdicts = frozenset({"never_connected"})
LIMIT: Verdicts = frozenset({"limit_reached"})
# A session that heard or said nothing may be left by anybody in the end.
USELESS: Verdicts = frozenset({"ai_deaf", "ai_mute"})
NOTHING: Verdicts = frozenset()


class Evidence(NamedTuple):
    """One question, its answer in words, and the verdicts that the answer speaks for.

    `speaks_for` None: the witness is missing. Empty: true, but it says nothing of who ended the call.
    `start` and `end` are Unix seconds of the interval it rests on.
    """

    name: str
    finding: str
    speaks_for: Verdicts | None
    seen: tuple[Observation | None, ...] = ()
    start: float | None = None
    end: float | None = None


Findings: TypeAlias = dict[str, Finding]
Question: TypeAlias = Callable[[Case, Findings], Iterator[Evidence]]


def stance(check: Evidence, verdict: VerdictWord) -> Stance:
    """What a check says of a verdict."""
    if check.speaks_for is None:
        return "missing"
    if not check.speaks_for or verdict in ("live", "inconclusive"):
        return "not_applicable"
    return "supports" if verdict in check.speaks_for else "contradicts"
