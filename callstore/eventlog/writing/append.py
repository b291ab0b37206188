"""The one way into the log. Idempotent: the same fact again costs one round trip and adds nothing."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from django.db import IntegrityError, connection, transaction

from callstore.domain.facts.clock import Clock, Instant
from callstore.domain.facts.record import Draft
from callstore.eventlog.db import sqlfile
from callstore.eventlog.db.statement import run
from callstore.eventlog.writing.homes import Home, forget_homes, homes_of, remember_homes
from callstore.eventlog.writing.pg_arrays import pack
from callstore.eventlog.writing.row import Row, row_of

ONE = sqlfile.read("append_one")
MANY = sqlfile.read("append")
KINDS = re.findall(r"%b::(\w+)\[\]", MANY)  # of the parameters, in their order
YEAR_5138 = 1e11  # in Unix seconds; as milliseconds it would be 1973, so both mistakes are caught


def append(drafts: Sequence[Draft]) -> list[int | None]:
    """Keep the drafts; for each the position of its new event, or None where the log had it already.

    One statement for any number of drafts, committed when this returns (unless the caller holds a
    transaction open); before it one round trip for the subjects that this process never met. The same key
    with other content goes to log.conflict. Raises django.db.DatabaseError; the drafts may be given again.
    """
    try:
        return _append(drafts)
    except IntegrityError:
        if connection.in_atomic_block:
            raise
        forget_homes(draft.subject for draft in drafts)  # a month was retired, and one of them with it
        return _append(drafts)


def _append(drafts: Iterable[Draft]) -> list[int | None]:
    datable = [_datable(draft) for draft in drafts]
    homes = homes_of(datable)
    positions = keep(rows_of(datable, homes))
    transaction.on_commit(partial(remember_homes, homes))
    return positions


def rows_of(drafts: Iterable[Draft], homes: Mapping[str, Home]) -> list[Row]:
    """The drafts as rows in their homes."""
    return [row_of(draft, homes[draft.subject]) for draft in drafts]


def keep(rows: Sequence[Row]) -> list[int | None]:
    """Append the rows, in one statement; the positions as `append` gives them."""
    match rows:
        case []:
            return []
        case [row]:
            [(position,)] = run(ONE, row._asdict())
            return [position]
    # Two writers with the same facts wait for each other and never deadlock. Of equal keys the first is kept.
    order = sorted(range(len(rows)), key=lambda i: rows[i].key)
    *columns, _ = zip(*(rows[i] for i in order), strict=True)
    calls = {row.subject for row in rows if row.of_a_call}
    parameters = [pack(kind, values) for kind, values in zip(KINDS, [*columns, calls], strict=True)]
    positions: list[int | None] = [None] * len(rows)
    for n, position in run(MANY, parameters):
        positions[order[n - 1]] = position
    return positions


def _datable(draft: Draft) -> Draft:
    """A moment that no calendar has (a sender's nonsense) gives way to that of receipt; the body keeps it."""
    if 0 <= draft.occurred.at < YEAR_5138:
        return draft
    return replace(draft, occurred=Instant(draft.received_at, Clock.RECEIVER))
