"""How much the database holds, since when, and for how long."""

from datetime import datetime
from typing import NamedTuple

from django.conf import settings

from callstore.eventlog.db.statement import run
from callstore.health.beginning import log_began


class Storage(NamedTuple):
    """Bytes of the database, since when the log takes facts in, and for how many days; None for ever."""

    bytes: int
    since: datetime
    days: int | None


def storage() -> Storage:
    """What is stored now. Raises django.db.DatabaseError."""
    [(size,)] = run("SELECT pg_database_size(current_database())", [])
    return Storage(size, log_began(), settings.RETENTION_DAYS)
