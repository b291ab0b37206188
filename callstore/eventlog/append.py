"""The one way into the log. Idempotent: the same fact again costs one round trip and adds nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from callstore.domain.clock import Clock, Instant
from callstore.domain.record import Draft
from callstore.eventlog import sqlfile
from callstore.eventlog.row import Row, row_of
from callstore.eventlog.statement import run
from callstore.eventlog.stream import Home, home_of

STATEMENT = sqlfile.read("append")
YEAR_5138 = 1e11  # in Unix seconds; as milliseconds it would be 1973, so both mistakes are caught


def append(drafts: Sequence[Draft]) -> list[int | None]:
    """Keep the drafts; for each the position of its new event, or None where the log had it already.

    One statement for any number of drafts, committed when this returns (unless the caller holds a
    transaction open); before it one for each subject that this process never met. The same key with
    other content goes to log.conflict. Raises django.db.DatabaseError; the drafts may be given again.
    """
    rows = _rows(drafts)
    positions: list[int | None] = [None] * len(rows)
    waiting = set(range(len(rows)))
    while waiting:
        batch = _first_of_each_key(waiting, rows)
        answers = run(STATEMENT, [list(column) for column in zip(*(rows[i] for i in batch), strict=True)])
        for i, (position, settled) in zip(batch, answers, strict=True):
            if settled:
                positions[i] = position
                waiting.discard(i)
        # What is left met an equal key, in this batch or in one that committed while we waited for it: the
        # statement could not see the other's content to compare. The next one can.
        waiting -= _repeats(waiting, batch, rows)
    return positions


def _rows(drafts: Iterable[Draft]) -> list[Row]:
    homes: dict[str, Home] = {}
    rows = []
    for draft in map(_datable, drafts):
        if draft.subject not in homes:
            homes[draft.subject] = home_of(draft)
        rows.append(row_of(draft, homes[draft.subject]))
    return rows


def _datable(draft: Draft) -> Draft:
    """A moment that no calendar has (a sender's nonsense) gives way to that of receipt; the body keeps it."""
    if 0 <= draft.occurred.at < YEAR_5138:
        return draft
    return replace(draft, occurred=Instant(draft.received_at, Clock.RECEIVER))


def _first_of_each_key(waiting: Iterable[int], rows: Sequence[Row]) -> list[int]:
    """Row numbers, sorted by key: two writers with the same facts wait for each other and never deadlock."""
    first = {rows[i].key: i for i in sorted(waiting, reverse=True)}
    return [first[key] for key in sorted(first)]


def _repeats(waiting: Iterable[int], batch: Iterable[int], rows: Sequence[Row]) -> set[int]:
    sent = {(rows[i].key, rows[i].mac) for i in batch}
    return {i for i in waiting if (rows[i].key, rows[i].mac) in sent} - set(batch)
