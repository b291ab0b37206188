"""How long a reader's statement may take, and what it looks like when it took longer."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction
from psycopg.errors import QueryCanceled

# Never longer than the connection allows, where 0 allows any time.
BOUNDED = """
WITH before AS MATERIALIZED (SELECT current_setting('statement_timeout') AS told)
SELECT told FROM before WHERE set_config('statement_timeout',
  least(nullif(extract(epoch FROM told::interval), 0) * 1000, %s)::int::text, true) IS NOT NULL"""
RESTORED = "SELECT set_config('statement_timeout', %s, true)"


class TooSlow(Exception):
    """A statement took longer than we had patience for."""


@contextmanager
def patience(seconds: float) -> Iterator[None]:
    """A transaction in which each statement may take so long. Raises TooSlow."""
    within = connection.in_atomic_block  # whose statements have all their time again afterwards
    began = time.monotonic()
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(BOUNDED, [round(seconds * 1000)])
            [before] = cursor.fetchone()
            yield
            if within:
                cursor.execute(RESTORED, [before])
    except OperationalError as error:
        if was_cancelled(error) and time.monotonic() - began >= seconds:
            raise TooSlow from error  # else its reader has gone, and nothing is asked for him any more
        raise


def was_cancelled(error: BaseException) -> bool:
    """True for a statement that was stopped on its way: by its timeout, or because its reader has gone."""
    return isinstance(error, OperationalError) and isinstance(error.__cause__, QueryCanceled)
