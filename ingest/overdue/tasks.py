"""Celery task: what the projection noticed becomes a fact of the log."""

import logging
from typing import Any

from celery import shared_task

from callstore.eventlog.crypto import keyring
from callstore.eventlog.writing.append import append
from callstore.requests.overdue import CloseOverdue
from callstore.requests.request import BadRequest
from ingest.dialects import own_facts

log = logging.getLogger(__name__)


@shared_task(name=CloseOverdue.TASK)
def close_overdue(*given: Any, **named: Any) -> None:
    """Enter that a call is overdue, once for its last news; of an erased call nothing is entered."""
    try:
        asked = CloseOverdue.parse(given, named)
    except BadRequest as error:
        log.warning("dropped a task %s: %s", CloseOverdue.TASK, error)
        return
    if not keyring.is_destroyed(asked.subject):
        append([own_facts.call_overdue(asked.subject, asked.since)])
