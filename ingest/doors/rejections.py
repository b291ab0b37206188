"""Counting refusals: one row a door, reason and day."""

import logging
from datetime import UTC, datetime

from django.db import DatabaseError, connection

log = logging.getLogger(__name__)

_COUNT = """
INSERT INTO ingest_rejection AS r (door, reason, day, count) VALUES (%s, %s, %s, 1)
ON CONFLICT (door, reason, day) DO UPDATE SET count = r.count + 1
"""


def count(door: str, reason: str, received_at: float) -> None:
    """Adds one. A count that cannot be written is logged and lost: a refusal needs no database."""
    log.info("refused at %s: %s", door, reason)
    try:
        with connection.cursor() as cursor:
            cursor.execute(_COUNT, [door, reason, datetime.fromtimestamp(received_at, UTC).date()])
    except DatabaseError as error:
        log.warning("a refusal at %s was not counted: %s", door, error)
