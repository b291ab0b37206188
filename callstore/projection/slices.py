"""Every call of a filter in statements of which none is long: for exports of any size."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db import connection

from callstore.projection.cross_call import join
from callstore.projection.queries import EVERY, Where
from callstore.report.document import Document

LOOKED_AT = 1_000  # calls of a statement, whatever it asks of them: a second for the most costly filter
FIRST = 100  # of the first, for which somebody waits
AT_ONCE, OUTLINES_AT_ONCE = 200, 1_000  # documents held in memory, and outlines

Place = list[Any]
NEWEST = "started_at DESC, call_id DESC"  # by which unknown starts, too, are one range of their index


class Order(NamedTuple):
    """Calls in the order of `key`, of which `value` is a place; from `begin`, no call's, to `end`."""

    those: str
    key: str
    value: str
    begin: Place
    end: Place


_FIRST, _LAST = "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"
NEWEST_FIRST = (
    Order(
        "started_at IS NOT NULL", "started_at, call_id", "%s::timestamptz, %s::uuid",
        ["infinity", _LAST], ["-infinity", _FIRST],
    ),
    Order("started_at IS NULL", "call_id", "%s::uuid", [_LAST], [_FIRST]),
)  # fmt: skip


def slices(where: Where = EVERY, *, outlines: bool = False) -> Iterator[list[Document]]:
    """Every call of the filter, newest first, those without a start last, in lists; many may be empty.

    With `outlines` a document is no more than its outline (`models.outline`), and read so much quicker.

    Nothing is open while a list is used, and nothing held but the list, which its user may clear. Each is as
    the store is when it is read: a call is neither repeated nor left out unless its start changes meanwhile.
    Raises django.db.DatabaseError.
    """
    looked_at = min(FIRST, LOOKED_AT)
    for order in NEWEST_FIRST:
        before = order.begin
        while before != order.end:
            until = _place_after(order, before, looked_at)
            yield from _between(where, order, before, until, outlines)
            before, looked_at = until, LOOKED_AT


def _place_after(order: Order, before: Place, calls: int) -> Place:
    """Where so many calls end, as many as a statement may look at."""
    rows = _run(
        f"SELECT {_written(order)} FROM call WHERE {order.those} AND ({order.key}) < ({order.value})"
        f" ORDER BY {NEWEST} OFFSET %s LIMIT 1",
        [*before, calls - 1],
    )
    return list(rows[0]) if rows else order.end


def _between(
    where: Where, order: Order, before: Place, until: Place, outlines: bool
) -> Iterator[list[Document]]:
    """The calls before one place up to another, which belongs to them."""
    condition, parameters = where
    columns, most = (join.OUTLINES, OUTLINES_AT_ONCE) if outlines else (join.COLUMNS, AT_ONCE)
    while True:
        rows = _run(
            f"SELECT {columns}, {_written(order)} FROM {join.JOIN} WHERE ({condition})"
            f" AND {order.those} AND ({order.key}) < ({order.value}) AND ({order.key}) >= ({order.value})"
            f" ORDER BY {NEWEST} LIMIT %s",
            [*parameters, *before, *until, most],
        )
        is_last, before = len(rows) < most, list(rows[-1][4:]) if rows else before
        found = [join.with_cross_findings(*row[:4]) for row in rows]
        del rows  # whoever uses the list may take his time
        yield found
        if is_last:
            return


def _written(order: Order) -> str:
    # Under other names, or the rows would be ordered by the text.
    return ", ".join(f"{column}::text AS {column}_written" for column in order.key.split(", "))


def _run(sql: str, parameters: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor)
