"""What Celery is asked for, by name."""

import time
from uuid import UUID

from celery import shared_task
from django.conf import settings

from callstore.projection import across as neighbours
from callstore.projection import projector, recordings, tails


@shared_task(name="projection.project")
def project(traces: list[str]) -> None:
    """Project the calls of some leased traces, and fetch the recordings that they wait for."""
    recordings.ask(projector.project([UUID(trace) for trace in traces]))


@shared_task(name="projection.sweep")
def sweep() -> None:
    """Ask again for recordings whose fetch was lost, and for the words of gaps."""
    recordings.ask(recordings.overdue())
    if settings.TRANSCRIBE_TAIL:
        tails.ask(tails.unread())


@shared_task(name="projection.across")
def across() -> None:
    """Look at the recent calls together."""
    neighbours.refresh(time.time())
