"""The peer of projection_rate: a Celery task for each event, which folds and saves its call."""

from uuid import UUID

from celery import shared_task
from django.conf import settings
from redis import Redis

from callstore.celery import app

DONE = "bench:done"
QUEUE = "events"
app.conf.task_queues = {QUEUE: {}}
valkey = Redis.from_url(settings.REDIS_URL)


@shared_task(name="bench.project_event", queue=QUEUE)  # type: ignore[untyped-decorator]  # Celery has no types
def project_event(trace: str) -> None:
    """What the arrival of one event starts, where nothing is coalesced."""
    from callstore.projection import projector  # Celery reads this module before Django is set up

    projector.project([UUID(trace)], replay=True)
    valkey.incr(DONE)
