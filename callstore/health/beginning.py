"""When this log was begun: what ended before was put in later, by an import or by the demo."""

from datetime import datetime
from functools import cache

from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Min


@cache
def log_began() -> datetime:
    """When the log's tables were made. Raises django.db.DatabaseError."""
    applied = MigrationRecorder.Migration.objects.filter(app="eventlog").aggregate(Min("applied"))
    began: datetime = applied["applied__min"]
    return began
