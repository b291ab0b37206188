"""What people decide about calls: kept with `people`, and at once copied into the rows of calls."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, NamedTuple, TypeAlias
from uuid import UUID

import orjson
from django.db import connection, transaction

from callstore.eventlog.db.locks import TransactionLock, share_in_transaction
from callstore.eventlog.db.statement import run, run_each
from callstore.people import decisions, exports
from callstore.people.models import Bulk, Decision
from callstore.people.review import BadChange, Change, Review, review
from callstore.projection import linker
from callstore.projection.changes import journal
from callstore.projection.row import Row

Traces: TypeAlias = Collection[UUID]
Where: TypeAlias = tuple[str, Sequence[Any]]  # as of projection.queries

COPIED = ("review_state", "assignee", "reviewer", "tags", "agreed", "disagreed", "flags", "review_version")
COPY = journal.noting(
    f"UPDATE call SET {', '.join(f'{name} = given.{name}' for name in COPIED)}"
    " FROM jsonb_to_recordset(%b::jsonb) AS given (id uuid, review_state text, assignee text, reviewer text,"
    " tags text[], agreed integer, disagreed integer, flags text[], review_version bigint)"
    " WHERE call_id = given.id"
)
STORED = "SELECT call_id FROM call WHERE call_id = ANY(%b)"
VERDICTS = "SELECT call_id, verdict, flags FROM call WHERE call_id = ANY(%b)"


class Overtaken(Exception):
    """Somebody else decided meanwhile; what stands now is in `review`."""

    def __init__(self, now: Review) -> None:
        super().__init__("Somebody else decided about this call meanwhile.")
        self.review = now


class Reviewed(NamedTuple):
    """A call's review, the verdict it has now, and every decision that led there, oldest first."""

    call_id: UUID
    verdict: str | None
    review: Review
    history: Sequence[Decision]


def find(id: str) -> Reviewed | None:
    """The review of the call that this is any id of; None where there is no such call."""
    return _read(linker.component_of_id(id))


def decide(id: str, change: Change, by: str, version: int | None = None) -> Reviewed | None:
    """Keep a change of a call's review; what stands then, or None where there is no such call.

    With a `version` it is made only while nobody else decided since. Votes overtake nobody. Raises Overtaken,
    and people.review.BadChange for a change that cannot be made.
    """
    traces = linker.component_of_id(id)
    with transaction.atomic():
        share_in_transaction(TransactionLock.SAVE, traces)
        before = _read(traces)
        if before is None:
            return None
        if change.decides and version not in (None, before.review.version):
            raise Overtaken(before.review)
        kept = decisions.decision(before.call_id, before.review, change, by, before.verdict)
        if kept:
            decisions.keep([kept])
            copy([traces])
    journal.announce()
    return _read(traces)


def decide_all(calls: Sequence[UUID], change: Change, by: str, bulk: Bulk) -> int:
    """Keep a change of these calls' reviews, as parts of one act; how many of them it changed anything in.

    A call that cannot be changed so, which would have too many tags, stays as it is.
    """
    groups = sorted(linker.components(calls), key=min)
    with transaction.atomic():
        share_in_transaction(TransactionLock.SAVE, (trace for group in groups for trace in group))
        verdicts = {call_id: verdict for call_id, verdict, _ in run(VERDICTS, [[min(g) for g in groups]])}
        histories, taken = _histories(groups), _exported(groups)
        made: list[Decision | None] = []
        for call in sorted(verdicts):
            with suppress(BadChange):
                before = review(histories[call])
                made.append(decisions.decision(call, before, change, by, verdicts[call], bulk))
        kept = [each for each in made if each]
        decisions.keep(kept)
        _copy(
            {
                each.trace_id: review([*histories[each.trace_id], each], exported=each.trace_id in taken)
                for each in kept
            }
        )
    journal.announce()
    return len(kept)


def calls_of(ids: Iterable[str]) -> dict[str, UUID]:
    """The call that each of these is any id of; ids that no call has are left out."""
    found = linker.components_of_ids(list(ids))
    stored = {call for (call,) in run(STORED, [[min(traces) for traces in found.values() if traces]])}
    return {id: min(traces) for id, traces in found.items() if traces and min(traces) in stored}


def matching(where: Where, most: int) -> list[UUID]:
    """Up to so many calls that a filter finds, in no order."""
    condition, parameters = where
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT call_id FROM call WHERE ({condition}) LIMIT %s", [*parameters, most])
        return [call for (call,) in cursor]


def with_decisions(folded: Sequence[tuple[Traces, Row]]) -> list[Row]:
    """Rows as they are saved: what people decided about any of a call's traces stands in it."""
    reviews = _reviews([traces for traces, _ in folded])
    return [
        row | dict(zip(COPIED, _copied(reviews[min(traces)], row["verdict"], row["flags"]), strict=True))
        for traces, row in folded
    ]


def copy(groups: Collection[Traces]) -> None:
    """Copy what stands of these calls into their rows, by those who hold their traces."""
    _copy(_reviews(groups))


def copy_since(moment: datetime) -> None:
    """The same of all calls that somebody decided about or exported since then."""
    copy(linker.components({*decisions.traces_since(moment), *exports.traces_since(moment)}))


def _copy(reviews: Mapping[UUID, Review]) -> None:
    rows = run(VERDICTS, [list(reviews)])
    given = [
        {"id": call, **dict(zip(COPIED, _copied(reviews[call], verdict, flags), strict=True))}
        for call, verdict, flags in rows
    ]
    run_each(COPY, [[orjson.dumps(given).decode()]])


def _read(traces: Traces) -> Reviewed | None:
    rows = run(VERDICTS + " ORDER BY call_id LIMIT 1", [list(traces)])
    if not rows:
        return None
    history = decisions.of_traces(traces)
    of_call = review(history, exported=bool(exports.exported(traces)))
    return Reviewed(rows[0][0], rows[0][1], of_call, history)


def _reviews(groups: Collection[Traces]) -> Mapping[UUID, Review]:
    """The review of each call, by its id."""
    histories = _histories(groups)
    taken = _exported(groups)
    return {call: review(history, exported=call in taken) for call, history in histories.items()}


def _histories(groups: Iterable[Traces]) -> dict[UUID, list[Decision]]:
    """What was decided about each call, oldest first, by its id."""
    call_of = {trace: min(group) for group in groups for trace in group}
    made: dict[UUID, list[Decision]] = {call: [] for call in call_of.values()}
    for decision in decisions.of_traces(call_of.keys()) if call_of else ():
        made[call_of[decision.trace_id]].append(decision)
    return made


def _exported(groups: Iterable[Traces]) -> set[UUID]:
    """Which of the calls somebody took away in a file."""
    call_of = {trace: min(group) for group in groups for trace in group}
    return {call_of[trace] for trace in exports.exported(call_of.keys())} if call_of else set()


def _copied(of: Review, verdict: str | None, flags: Sequence[str]) -> list[Any]:
    """The values of COPIED."""
    stands, votes = of.standing, of.votes(verdict)
    return [
        stands.state, stands.assignee, of.reviewer, list(stands.tags), votes.agreed, votes.disagreed,
        of.flags(flags, verdict), of.version,
    ]  # fmt: skip
