"""The questions readers ask: one call, a page, how many; of a call its events, history and gist.

A call is a plain document. A `Where` is an SQL condition over the columns of `call` and its parameters;
("TRUE", []) is every call. For the partial index, write the founding filter as `flags @> ARRAY['truncated']`;
what was said is asked of `projection.words`.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple, TypeAlias
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models

from callstore.base import sealed
from callstore.domain.call.fold import fold
from callstore.domain.facts.clock import unix
from callstore.domain.facts.events import CallNoted
from callstore.domain.facts.record import Record
from callstore.eventlog.db.statement import run
from callstore.eventlog.heads import versions
from callstore.eventlog.reading import read
from callstore.projection.cross_call import join
from callstore.projection.linker import component_of_id as component_of_id
from callstore.projection.models import CallRow
from callstore.projection.on_request import live
from callstore.projection.on_request.as_of import AsOf as AsOf
from callstore.projection.on_request.as_of import as_of as as_of
from callstore.projection.on_request.events import Order as Order
from callstore.projection.on_request.events import TooLarge as TooLarge
from callstore.projection.on_request.events import deliveries as deliveries
from callstore.projection.on_request.events import event as event
from callstore.projection.on_request.events import events as events
from callstore.projection.on_request.facts import facts as facts
from callstore.projection.patience import TooSlow, patience
from callstore.projection.retention.retirement import expired as expired
from callstore.report import history as snapshots
from callstore.report.document import Document
from callstore.report.document_parts import NotePart
from callstore.report.report import note_parts

Where: TypeAlias = tuple[str, Sequence[Any]]

EVERY: Where = ("TRUE", ())
NEWEST_FIRST = "-started_at"
MOST_COUNTED = 10_000

UNSORTED = (
    "version", "review_version", "outline", "outline_version", "saved_at", "fetch_at", "ask_at",
)  # fmt: skip
SORTABLE = frozenset(
    field.name
    for field in CallRow._meta.concrete_fields
    if not isinstance(field, ArrayField | models.JSONField | models.GeneratedField)
    and field.name not in UNSORTED
)
# Sorted by which a page is one range of an index, however many calls there are.
INDEXED = frozenset(
    index.fields[0]
    for index in CallRow._meta.indexes
    if index.fields[1:] == ["call_id"] and index.condition is None
)


# A page is read in its order, until it is full. Where the calls that meet the condition are so rare that this
# takes longer, they are all found first, by whatever index there is, and then put in order.
SOON_S, FOUND_WITHIN_S = 0.05, 1.0
FOUND = """
WITH found AS MATERIALIZED (SELECT {column}, call_id FROM call WHERE ({condition}) AND {bounds})
{shown} WHERE call_id IN (SELECT call_id FROM found ORDER BY {order} LIMIT %s) ORDER BY {order}"""


class Page(NamedTuple):
    """Some documents in order, and the cursor of the next page, None on the last."""

    items: list[Document]
    next_cursor: str | None


def find(id: str) -> Document | None:
    """The call that this is an id of: ours, of any of its traces, a Twilio call SID or an AI call id."""
    traces = component_of_id(id)
    with connection.cursor() as cursor:
        # While a merge is under way the row may still stand at another trace than the smallest.
        cursor.execute(
            f"SELECT {join.COLUMNS} FROM {join.JOIN} WHERE call_id = ANY(%s) ORDER BY call_id LIMIT 1",
            [traces],
        )
        found = cursor.fetchone()
    return join.with_cross_findings(*found) if found else None


def page(
    where: Where = EVERY,
    sort: str = NEWEST_FIRST,
    cursor: str | None = None,
    limit: int = 50,
    rarely: Where | None = None,
) -> Page:
    """Up to `limit` calls after `cursor`, sorted by a column (`-column` descends), unknown values last.

    Calls with equal values follow each other by call id, so a page never repeats or skips one. `rarely` is
    the same condition in the words that suit it where few calls of many meet it (`search.facets.rare`).
    Raises ValueError for an unknown column and for a cursor that is not ours or of another sort.
    """
    _sorted_by(sort)
    rarely = rarely or where
    after = _open_cursor(cursor, sort) if cursor else None
    rows: list[tuple[Any, ...]] = []
    if after is None or after[0] is not None:
        rows = _rows(where, rarely, sort, after, known=True, limit=limit + 1)
    if len(rows) <= limit:
        after_unknown = after if after and after[0] is None else None
        rows += _rows(where, rarely, sort, after_unknown, known=False, limit=limit + 1 - len(rows))
    last = rows[limit - 1] if len(rows) > limit else None
    return Page(
        [join.with_cross_findings(*parts) for _, _, *parts in rows[:limit]],
        _sealed(sort, last[0], last[1]) if last else None,
    )


def count(where: Where = EVERY) -> int:
    """How many calls the filter finds; counting stops at one more than MOST_COUNTED."""
    condition, parameters = where
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM (SELECT 1 FROM call WHERE ({condition}) LIMIT %s) AS found",
            [*parameters, MOST_COUNTED + 1],
        )
        return int(cursor.fetchone()[0])


def history(call_id: UUID | str) -> snapshots.History:
    """What was known of a call when, folded from the log on request and never stored.

    Raises report.history.TooLong for a call of more events than are folded for a history.
    """
    return snapshots.history(facts(str(call_id)), settings.FINISH_TOOLS)


def notes(call: Document) -> list[NotePart]:
    """A call's notes, oldest first, those included that the projection has not come to yet."""
    traces = component_of_id(call["call_id"])
    if all(head.version == head.done for head in versions.read(traces).values()):
        return call.get("notes") or []
    began = call.get("started_at")
    written = fold(read.of_type(traces, CallNoted.TYPE)).notes
    return note_parts(written, unix(began) if began else None)


def gist(id: str) -> list[Record]:
    """The events of the call that any id belongs to as the log has them now, projected or not; [] if none.

    Nothing personal is among them, and of the events that only pass by just each subject's last.
    """
    return live.records(id)


def _rows(
    where: Where, rarely: Where, sort: str, after: tuple[Any, str] | None, *, known: bool, limit: int
) -> list[tuple[Any, ...]]:
    # Known and unknown values are two queries: each then is one range of the index (column, call_id),
    # which a comparison that mentions NULL is not.
    column, direction = _sorted_by(sort)
    values: list[Any] = []
    bounds = f"{column} IS {'NOT ' if known else ''}NULL"
    if after is not None:
        sign = "<" if direction == "DESC" else ">"
        bounds += f" AND ({column}, call_id) {sign} (%s, %s)" if known else f" AND call_id {sign} %s"
        values += after if known else after[1:]
    order = f"{column} {direction}, call_id {direction}"
    shown = f"SELECT {column}::text AS value, call_id, {join.COLUMNS} FROM {join.JOIN}"
    condition, parameters = where
    in_order = (
        f"{shown} WHERE ({condition}) AND {bounds} ORDER BY {order} LIMIT %s",
        [*parameters, *values, limit],
    )
    if condition == EVERY[0]:
        return run(*in_order)
    try:
        with patience(SOON_S):
            return run(*in_order)
    except TooSlow:
        pass
    condition, parameters = rarely
    found = FOUND.format(shown=shown, column=column, condition=condition, bounds=bounds, order=order)
    try:
        with patience(FOUND_WITHIN_S):
            return run(found, [*parameters, *values, limit])
    except TooSlow:  # they are not so few
        return run(*in_order)


def _sorted_by(sort: str) -> tuple[str, str]:
    column = sort.removeprefix("-")
    if column not in SORTABLE:
        raise ValueError(f"Calls cannot be sorted by {column!r}; they can by {', '.join(sorted(SORTABLE))}.")
    return column, "DESC" if sort.startswith("-") else "ASC"


def _sealed(sort: str, value: str | None, call_id: UUID) -> str:
    # Nobody reads it: what it is sorted by may be a caller's number.
    return sealed.seal([sort, value, str(call_id)], "calls.cursor")


def _open_cursor(cursor: str, sort: str) -> tuple[str | None, str]:
    sealed_sort, value, call_id = sealed.unseal(cursor, "calls.cursor")
    if sealed_sort != sort:
        raise ValueError(f"This cursor belongs to the sort {sealed_sort!r}, not to {sort!r}.")
    return value, call_id
