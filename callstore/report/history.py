"""What was known when: the verdict on each prefix of a call's facts by arrival, changes only. Pure."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple, TypedDict

from callstore.domain.analysis.finish_tools import USUAL_TOOLS, FinishTools
from callstore.domain.call.fold import fold
from callstore.domain.facts.clock import iso
from callstore.domain.facts.events import (
    DialFinished,
    Event,
    Frame,
    LegStatus,
    SessionClosed,
    SocketClosed,
    WordsHeard,
)
from callstore.domain.facts.record import Record
from callstore.domain.facts.vocabulary import (
    TERMINAL,
    Actor,
    Cause,
    Confidence,
    Flag,
    TruncationBasis,
    VerdictWord,
)
from callstore.findings.rule import case, findings
from callstore.report.flags import flags
from callstore.verdict.truncation import Truncated, truncated
from callstore.verdict.verdict import Verdict, judge

# Facts folded for one history, all prefixes together. A call of 500 facts is told exactly, one of 50,000 at a
# handful of moments.
MOST = 250_000
LONGEST = 100_000  # facts of a call; to fold them once takes two to three seconds
TIME_S = 5.0  # for all folds, on a machine as busy as it may be: a reader waits for them
SHORTEST_PAUSE_S = 0.25


class TooLong(ValueError):
    """A call of more facts than are folded for a history."""

    def __init__(self, facts: int) -> None:
        super().__init__(f"This call has {facts} facts; a history is told of {LONGEST} at most.")


class Snapshot(NamedTuple):
    """What some facts alone give."""

    verdict: Verdict
    cut: Truncated
    flags: list[Flag]


class Standing(TypedDict):
    """What is told of a call for as long as nothing else arrives."""

    verdict: VerdictWord
    cause: Cause | None
    confidence: Confidence
    ended_first_by: Actor
    truncation_basis: TruncationBasis | None
    flags: list[Flag]
    says: str


class Step(Standing):
    """`at` (ISO 8601) is when the delivery came that changed what is told, `position` that of its last fact.

    `arrived` are the types of the facts that were new.
    """

    position: int
    at: str
    arrived: list[str]


class History(NamedTuple):
    """`steps` oldest first; facts received within `pause_s` of each other were taken as one piece of news.

    Where time ran out, what came from `cut_off_at` (ISO 8601) on was not followed: of that there is only the
    last step, what is told now.
    """

    steps: list[Step]
    pause_s: float
    cut_off_at: str | None


def history(
    records: Iterable[Record],
    tools: FinishTools = USUAL_TOOLS,
    clock: Callable[[], float] = time.monotonic,
) -> History:
    """A step for each change of what is told. Raises TooLong.

    Folding what was received until a step's `at` gives the call as it was known then. `clock` gives seconds.
    """
    ordered = sorted(records, key=lambda r: (r.received_at, r.position))
    if len(ordered) > LONGEST:
        raise TooLong(len(ordered))
    places, pause = _affordable(ordered, _moments(ordered))
    steps: list[Step] = []
    before = followed = 0
    for place in _in_time(places, clock):
        followed += 1
        told = _standing(snapshot(ordered[:place], tools))
        if not steps or _decided(steps[-1]) != _decided(told):
            last = ordered[place - 1]
            steps.append(
                {
                    "position": last.position,
                    "at": iso(last.received_at),
                    "arrived": _arrived(ordered[before:place]),
                    **told,
                }
            )
        before = place
    cut = iso(ordered[places[followed - 1] - 1].received_at) if followed < len(places) else None
    return History(steps, pause, cut)


def _in_time(places: Sequence[int], clock: Callable[[], float]) -> Iterator[int]:
    """The places that can be folded in TIME_S, by how long it took so far; and the last, always."""
    began, folded = clock(), 0
    for place in places[:-1]:
        taken = clock() - began
        a_fact = taken / folded if folded else 0.0
        if taken + a_fact * (place + places[-1]) > TIME_S:
            break
        yield place
        folded += place
    yield from places[-1:]


def snapshot(records: Sequence[Record], tools: FinishTools = USUAL_TOOLS) -> Snapshot:
    """The verdict, whether the caller was cut off, and the flags, by these facts alone."""
    of = case(fold(records), tools)
    found = findings(of)
    verdict, cut = judge(of, found), truncated(of, found)
    return Snapshot(verdict, cut, flags(of, verdict, cut))


def _standing(known: Snapshot) -> Standing:
    verdict, cut, held = known
    return {
        "verdict": verdict.verdict,
        "cause": verdict.cause,
        "confidence": verdict.confidence,
        "ended_first_by": verdict.ended_first_by,
        "truncation_basis": cut.basis if cut.holds else None,
        "flags": held,
        "says": verdict.says,
    }


def _decided(told: Standing) -> tuple[object, ...]:
    """All but the words in which it is told."""
    return tuple(told.get(name) for name in Standing.__annotations__ if name != "says")


def _moments(ordered: Sequence[Record]) -> Iterator[int]:
    """How many facts were known after each delivery that can have changed the verdict.

    Facts of one delivery become known together. Until the first word of an end the call is live, and what
    only passes by, there are thousands of it, decides nothing.
    """
    news, over = False, False
    for place, record in enumerate(ordered, start=1):
        over = over or _ends(record.event)
        news = news or over or not _passing(record.event)
        whole = place == len(ordered) or ordered[place].received_at != record.received_at
        if whole and news:
            news = False
            yield place


def _passing(event: Event) -> bool:
    return isinstance(event, Frame | WordsHeard)


def _ends(event: Event) -> bool:
    if isinstance(event, LegStatus):
        return event.status in TERMINAL
    return isinstance(event, DialFinished | SocketClosed | SessionClosed)


def _affordable(ordered: Sequence[Record], moments: Iterable[int]) -> tuple[list[int], float]:
    """The moments, or, where folding each would take too long, the last of those close together."""
    places, pause = list(moments), 0.0
    while len(places) > 1 and sum(places) > MOST:
        pause = 2 * pause or SHORTEST_PAUSE_S
        places = _spaced(ordered, places, pause)
    return places, pause


def _spaced(ordered: Sequence[Record], places: Sequence[int], pause: float) -> list[int]:
    kept: list[int] = []
    began = float("-inf")
    for place in places:
        at = ordered[place - 1].received_at
        if 0 <= at - began <= pause:
            kept[-1] = place
        else:
            kept.append(place)
            began = at
    return kept


def _arrived(new: Sequence[Record]) -> list[str]:
    """What kinds of facts these are; what only passes by is named where it came alone."""
    return sorted({r.event.TYPE for r in new if not _passing(r.event)} or {r.event.TYPE for r in new})
