"""Whether LOG_KEY opens this log: compared at every start, and before anything is wrapped by it.

A key that is well formed but another one would split the log: what is written under it can be read by nobody
who has the right one.
"""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

from callstore.eventlog.crypto import digest, keys
from callstore.eventlog.db.statement import run

# The oldest of some that the index finds at once: in a log that was split, the wrong key came later.
OLDEST = """
SELECT key_id, wrapped FROM (
  SELECT key_id, wrapped, created_at FROM log.call_key WHERE wrapped IS NOT NULL ORDER BY key_id LIMIT 64
) AS sample ORDER BY created_at LIMIT 1
"""

_opened: set[tuple[str, ...]] = set()
_refused: set[tuple[str, ...]] = set()


def opens() -> bool:
    """Whether one of LOG_KEY opens the log, or the log holds nothing yet that could be opened.

    Asked of the database until it is true of a log that holds something. Raises django.db.DatabaseError, and
    ImproperlyConfigured without a usable LOG_KEY.
    """
    given = tuple(settings.LOG_KEYS)
    if given in _opened:
        return True
    oldest = run(OLDEST, [])
    if not all(keys.opens(*row) for row in oldest):
        _refused.add(given)
        return False
    _refused.discard(given)
    if oldest:
        _opened.add(given)
    return True


def was_refused() -> bool:
    """Whether LOG_KEY did not open the log when that was asked last. Asks no database itself."""
    return tuple(settings.LOG_KEYS) in _refused


def demand() -> None:
    """Raise WrongLogKey where LOG_KEY does not open the log. Who passes is about to write under it."""
    if not opens():
        raise keys.WrongLogKey
    _opened.add(tuple(settings.LOG_KEYS))


def fault() -> str | None:
    """What is wrong with the keys by which events are read; None where nothing is, or nobody can know now."""
    try:
        digest.demand_secret_key()
        return None if opens() else str(keys.WrongLogKey())
    except ImproperlyConfigured as error:
        return str(error)
    except DatabaseError:
        return None


def forget() -> None:
    """Ask again: for who has changed the log under a running process."""
    _opened.clear()
    _refused.clear()
