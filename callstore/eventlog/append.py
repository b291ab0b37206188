"""The one way into the log. Idempotent: the same fact again costs one round trip and adds nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from callstore.domain.clock import Clock, Instant
from callstore.domain.record import Draft
from callstore.eventlog import sqlfile
from callstore.eventlog.row import Row, row_of
from callstore.eventlog.statement import run
from callstore.eventlog.stream import Home, home_of

ONE = sqlfile.read("append_one")
MANY = sqlfile.read("append")
YEAR_5138 = 1e11  # in Unix seconds; as milliseconds it would be 1973, so both mistakes are caught


def append(drafts: Sequence[Draft]) -> list[int | None]:
    """Keep the drafts; for each the position of its new event, or None where the log had it already.

    One statement for any number of drafts, committed when this returns (unless the caller holds a
    transaction open); before it one for each subject that this process never met. The same key with
    other content goes to log.conflict. Raises django.db.DatabaseError; the drafts may be given again.
    """
    rows = _rows(drafts)
    # Two writers with the same facts wait for each other and never deadlock.
    order = sorted(range(len(rows)), key=lambda i: rows[i].key)
    positions: list[int | None] = [None] * len(rows)
    for i, position in zip(order, _write([rows[i] for i in order]), strict=True):
        positions[i] = position
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


def _write(rows: Sequence[Row]) -> list[int | None]:
    """Rows sorted by key to their positions; of equal keys only the first has one."""
    match rows:
        case []:
            return []
        case [row]:
            answers = run(ONE, row._asdict())
        case _:
            answers = run(MANY, [list(column) for column in zip(*rows, strict=True)])
    return [position for (position,) in answers]
