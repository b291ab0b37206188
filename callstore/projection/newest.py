"""The calls that were told of last, each with its facts: a bounded sample for whoever looks over many."""

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from callstore.domain.facts.record import Record
from callstore.eventlog.heads import versions
from callstore.eventlog.reading import bulk
from callstore.eventlog.reading.arrivals import arrivals
from callstore.projection import linker


class Bounds(NamedTuple):
    """How much is looked at: the newest facts, the calls of them, the facts of one call, and of all."""

    facts: int = 30_000
    calls: int = 200
    longest: int = 5_000
    total: int = 40_000


class Newest(NamedTuple):
    """Call ids with the facts of each in no order, the newest call first.

    `too_long` counts the calls that were left out for their length; `complete` says whether these and those
    are all that came since then.
    """

    calls: list[tuple[UUID, list[Record]]]
    too_long: int
    complete: bool


def newest(since: float, bounds: Bounds) -> Newest:
    """The calls of which a fact came since then (Unix seconds), as far as the bounds reach."""
    last, complete = arrivals(since, bounds.facts)
    groups = sorted(
        linker.components(last), key=lambda group: max(last.get(trace, 0.0) for trace in group), reverse=True
    )
    lengths = _lengths(groups)
    chosen: list[frozenset[UUID]] = []
    too_long = total = 0
    for group in groups:
        if lengths[group] > bounds.longest:
            too_long += 1
        elif len(chosen) == bounds.calls or total + lengths[group] > bounds.total:
            complete = False
            break
        else:
            chosen.append(group)
            total += lengths[group]
    records = bulk.by_trace(trace for group in chosen for trace in group)
    calls = [(min(group), [r for trace in group for r in records[trace]]) for group in chosen]
    return Newest(calls, too_long, complete)


def _lengths(groups: Iterable[frozenset[UUID]]) -> dict[frozenset[UUID], int]:
    """How many facts each call has."""
    groups = list(groups)
    heads = versions.read(trace for group in groups for trace in group)
    return {group: sum(heads[t].version for t in group if t in heads) for group in groups}
