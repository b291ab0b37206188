"""Celery task: a round of asking the status feeds. It is the fetcher's, which alone may call out."""

from celery import shared_task
from django.conf import settings

from ingest.feeds import poll


@shared_task(name="ingest.poll_feeds")
def poll_feeds() -> None:
    """Ask the pages of STATUS_FEEDS."""
    poll.poll(settings.STATUS_FEEDS)
