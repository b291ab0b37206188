"""Where a call stands in a list: the call before it and the one after it."""

from typing import NamedTuple

from django.db import connection

from callstore.projection.queries import SORTABLE, Where


class Beside(NamedTuple):
    """The ids of the calls before and after one in a list; None at its ends."""

    before: str | None
    after: str | None


def beside(where: Where, sort: str, call_id: str) -> Beside:
    """The neighbours of a call among those of a filter, in the order of `queries.page`.

    The call itself may have left the filter. Raises ValueError for an unknown column.
    """
    column = sort.removeprefix("-")
    if column not in SORTABLE:
        raise ValueError(f"Calls cannot be sorted by {column!r}.")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column}::text FROM call WHERE call_id = %s", [call_id])
        row = cursor.fetchone()
    if row is None:
        return Beside(None, None)
    down, at = sort.startswith("-"), (row[0], call_id)
    if row[0] is None:  # behind all whose value is known
        before = _next(where, column, at, down=not down) or _next(where, column, None, down=not down)
        return Beside(before, _next(where, column, at, down=down))
    after = _next(where, column, at, down=down) or _next(where, column, (None, None), down=down)
    return Beside(_next(where, column, at, down=not down), after)


def _next(
    where: Where, column: str, after: tuple[str | None, str | None] | None, *, down: bool
) -> str | None:
    """The first call behind a place; of None among the known values, of (None, None) among the unknown."""
    condition, parameters = where
    sign, direction = ("<", "DESC") if down else (">", "ASC")
    values = [*parameters]
    known = after is None or after[0] is not None
    bounds = [f"({condition})", f"{column} IS {'NOT ' if known else ''}NULL"]
    if after and after[0] is not None:
        bounds.append(f"({column}, call_id) {sign} (%s, %s)")
        values += after
    elif after and after[1] is not None:
        bounds.append(f"call_id {sign} %s")
        values.append(after[1])
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT call_id FROM call WHERE {' AND '.join(bounds)}"
            f" ORDER BY {column} {direction}, call_id {direction} LIMIT 1",
            values,
        )
        row = cursor.fetchone()
    return str(row[0]) if row else None
