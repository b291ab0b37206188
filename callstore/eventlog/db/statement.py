"""Statements of the log, sent as they are: bound by the server, arrays and results in binary.

Django's own cursor writes parameters into the text of the statement; for a batch that halves the rate.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.utils import CursorWrapper
from psycopg.pq import Format


def run(sql: str, parameters: Sequence[Any] | Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """All rows of one statement, in one round trip, on Django's connection and in its transaction if any.

    Raises django.db's errors, and is seen by its query log like any other statement (without its text once
    it is prepared).
    """
    with _cursor() as cursor:
        cursor.execute(sql, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def run_each(sql: str, each: Sequence[Sequence[Any]]) -> list[tuple[Any, ...]]:
    """One statement with each of some parameters, in this order, in one round trip and one transaction.

    All rows that they return. Where several writers take locks, an order that they share keeps them from
    deadlocks; the plan of one statement over all rows would choose its own.
    """
    found: list[tuple[Any, ...]] = []
    if each:
        with _cursor() as cursor:
            cursor.executemany(sql, each)
            more = True
            while more:
                found += cursor.fetchall() if cursor.description else []
                more = cursor.nextset()
    return found


class _Binary(psycopg.Cursor[Any]):
    def executemany(self, query: Any, params_seq: Any, *, returning: bool = True) -> None:
        super().executemany(query, params_seq, returning=returning)


def _cursor() -> CursorWrapper:
    connection = connections[DEFAULT_DB_ALIAS]  # looked up once: the proxy does it at each attribute
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    bare: Any = _Binary(connection.connection)
    bare.format = Format.BINARY
    watched = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    return watched(bare)
