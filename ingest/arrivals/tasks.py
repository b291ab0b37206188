"""Celery task: counting what came."""

import logging

from celery import shared_task

from callstore.eventlog.reading.feed import OtherCluster
from ingest.arrivals import counts

log = logging.getLogger(__name__)


@shared_task(name="ingest.count_arrivals")
def count_arrivals() -> None:
    """Count on from where the last round ended."""
    try:
        counts.count()
    except OtherCluster as why:
        log.error("what came is not counted: %s", why)
