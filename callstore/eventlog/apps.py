from typing import Any

from django.apps import AppConfig
from django.db import connection
from django.db.models.signals import post_migrate


class EventlogConfig(AppConfig):
    name = "callstore.eventlog"
    label = "eventlog"

    def ready(self) -> None:
        # Sent for every app with models, of which this is none: done several times, it is done once.
        post_migrate.connect(begin_epoch)


def begin_epoch(**_: Any) -> None:
    """A log that was restored into another cluster begins a new epoch before anything is appended to it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regprocedure('log.settle_epoch()')")
        if cursor.fetchone()[0]:  # migrated back to before it
            cursor.execute("SELECT log.settle_epoch()")
