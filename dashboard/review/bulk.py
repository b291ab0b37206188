"""One act upon many calls: on some by their ids, or on all that a query finds."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, NamedTuple
from uuid import UUID

from callstore.people.decisions import begin_bulk
from callstore.people.review import UNTOUCHED, BadChange, Change
from callstore.projection.queries import Where
from callstore.projection.review import decisions

MOST = 10_000  # calls of an act: what a person can have meant
SLICE = 250  # calls of a transaction: others wait no longer than for one


class TooMany(ValueError):
    """More calls than one act may be upon."""

    def __init__(self) -> None:
        super().__init__(f"These are more than {MOST:,} calls: narrow the query.")


class Done(NamedTuple):
    """An act upon many calls: how many it was upon, how many it changed, and ids that no call has."""

    id: int
    calls: int
    changed: int
    unknown: list[str]


def act_on_ids(ids: Sequence[str], change: Change, by: str) -> Done:
    """Act on the calls that these are any ids of. Raises BadChange."""
    found = decisions.calls_of(ids)
    return _act(sorted(set(found.values())), change, by, [id for id in ids if id not in found])


def act_on_all(where: Where, change: Change, by: str) -> Done:
    """Act on every call that a query finds now. Raises TooMany, before any is touched, and BadChange."""
    calls = decisions.matching(where, MOST + 1)
    if len(calls) > MOST:
        raise TooMany
    return _act(sorted(calls), change, by, [])


def _act(calls: Sequence[UUID], change: Change, by: str, unknown: list[str]) -> Done:
    # Which calls they are is known before the first is changed: the act may change what the query finds.
    bulk = begin_bulk(by, _told(change), len(calls))
    changed = sum(
        decisions.decide_all(calls[start : start + SLICE], change, by, bulk)
        for start in range(0, len(calls), SLICE)
    )
    return Done(bulk.pk, len(calls), changed, unknown)


def _told(change: Change) -> dict[str, Any]:
    """A change as it is kept: what it names, and no more."""
    # No tags to add are no change, but no tags at all are one.
    told = {
        name: value
        for name, value in asdict(change).items()
        if value is not None and (value != () or name == "tags")
    }
    if not told:
        raise BadChange("The action changes nothing: name a state, an assignee or tags.")
    UNTOUCHED.after(change)  # raises for what is no tag, before anything is touched
    return told
