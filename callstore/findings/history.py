"""What was known when: the verdict on each prefix of a call's facts by arrival, changes only. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from callstore.domain.clock import iso
from callstore.domain.events import Frame
from callstore.domain.fold import fold
from callstore.domain.record import Recorded
from callstore.findings.definitions import truncated
from callstore.findings.fields import flags
from callstore.findings.rule import case, findings
from callstore.findings.verdict import Verdict, judge


def history(records: Iterable[Recorded]) -> list[dict[str, Any]]:
    """[{position, at, verdict, cause, confidence, ended_first_by, flags}], oldest first.

    `position` and `at` (ISO 8601, of receipt) are those of the last fact of the delivery that changed the
    verdict; folding the facts up to that position gives the call as it was known then.
    """
    ordered = sorted(records, key=lambda r: r.position)
    told: list[dict[str, Any]] = []
    for known in _prefixes(ordered):
        verdict, held = as_known(known)
        now = {
            "verdict": verdict.verdict,
            "cause": verdict.cause,
            "confidence": verdict.confidence,
            "ended_first_by": verdict.ended_first_by,
            "flags": held,
        }
        if not told or any(told[-1][name] != value for name, value in now.items()):
            told.append({"position": known[-1].position, "at": iso(known[-1].received_at), **now})
    return told


def as_known(records: Sequence[Recorded]) -> tuple[Verdict, list[str]]:
    """The verdict and the flags that these facts alone give."""
    of = case(fold(records))
    found = findings(of)
    verdict = judge(of, found)
    return verdict, flags(of, verdict, truncated(of, found))


def _prefixes(ordered: Sequence[Recorded]) -> Iterator[Sequence[Recorded]]:
    """The prefixes whose verdict can differ from the one before.

    Facts of one delivery become known together. While the leg has not ended, frames of the session decide
    nothing, and there are thousands of them.
    """
    news, ended = False, False
    for place, record in enumerate(ordered, start=1):
        news = news or not isinstance(record.event, Frame)
        whole = place == len(ordered) or ordered[place].received_at != record.received_at
        if whole and (news or ended):
            known = ordered[:place]
            ended = ended or _over(known)
            news = False
            yield known


def _over(known: Sequence[Recorded]) -> bool:
    leg = fold(known).ai_leg
    return leg is not None and leg.ended is not None
