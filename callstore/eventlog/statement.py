"""Statements of the log, sent as they are: bound by the server, arrays and results in binary.

Django's own cursor writes parameters into the text of the statement; for a batch that halves the rate.
"""

from collections.abc import Sequence
from typing import Any

import psycopg
from django.db import connection
from psycopg.pq import Format


def run(sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    """All rows of one statement, in one round trip, on Django's connection and in its transaction if any.

    Raises django.db's errors, and is seen by its query log like any other statement.
    """
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    bare: Any = psycopg.Cursor(connection.connection)
    bare.format = Format.BINARY
    watched = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    with watched(bare) as cursor:
        cursor.execute(sql, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
