"""How long a reader's statement may take, and what it looks like when it took longer."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction
from psycopg.errors import QueryCanceled


class Overdue(Exception):
    """A statement took longer than we had patience for."""


@contextmanager
def patience(seconds: float) -> Iterator[None]:
    """A transaction in which each statement may take so long. Raises Overdue."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [f"{seconds * 1000:.0f}ms"])
            yield
    except OperationalError as error:
        if was_cancelled(error):
            raise Overdue from error
        raise


def was_cancelled(error: BaseException) -> bool:
    """True for a statement that was stopped on its way: by its timeout, or because its reader has gone."""
    return isinstance(error, OperationalError) and isinstance(error.__cause__, QueryCanceled)
