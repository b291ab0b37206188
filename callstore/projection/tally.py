"""Calls in numbers alone: how many, and when each began and ended."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import connection

from callstore.projection.queries import Where

if TYPE_CHECKING:  # most who count need no arrays, and their 10 MB
    import numpy as np
    from numpy.typing import NDArray

    Moments = tuple[NDArray[np.float64], NDArray[np.float64]]


def count(where: Where) -> int:
    """How many calls a filter finds, however many they are."""
    condition, parameters = where
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM call WHERE ({condition})", list(parameters))
        return int(cursor.fetchone()[0])


def verdicts(since: datetime) -> dict[str, int]:
    """How many calls that began since then have which verdict."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT verdict, count(*) FROM call WHERE started_at >= %s GROUP BY verdict", [since])
        return dict(cursor.fetchall())


def moments(where: Where) -> "Moments":
    """When the calls that a filter finds began and ended: two arrays in Unix seconds, each in rising order.

    A call that runs has no end; of one whose end is not known the end is its beginning.
    """
    import numpy as np

    condition, parameters = where
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT extract(epoch FROM started_at)::float8, CASE WHEN 'live' = ANY(flags) THEN NULL"
            " ELSE extract(epoch FROM coalesce(ended_at, started_at))::float8 END"
            f" FROM call WHERE started_at IS NOT NULL AND ({condition})",
            list(parameters),
        )
        rows: list[tuple[Any, Any]] = cursor.fetchall()
    began = np.array([began for began, _ in rows], np.float64)
    ended = np.array([ended for _, ended in rows if ended is not None], np.float64)
    return np.sort(began), np.sort(ended)
