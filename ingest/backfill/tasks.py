"""Celery task: ask Twilio about a call, when the projection noticed that something may be missing."""

import logging
from typing import Any

from celery import shared_task
from django.conf import settings
from redis import Redis

from callstore.requests.backfill import AskTwilio
from callstore.requests.request import BadRequest
from ingest.backfill.attempts import attempt, told
from ingest.backfill.take import Erased

log = logging.getLogger(__name__)

# A call that is folded again while Twilio is being asked is asked for anew: one at a time is enough. It is a
# hint in Redis: lost, it costs a second look, which adds nothing.
CLAIM = "callstore:asking:"
BUSY_S = 110  # less than the sweep waits before it asks again


@shared_task(name=AskTwilio.TASK)
def ask_twilio(*given: Any, **named: Any) -> None:
    """Make one attempt at a step; what is not answered is asked for again by the schedule."""
    try:
        asked = AskTwilio.parse(given, named)
    except BadRequest as error:
        log.warning("dropped a task %s: %s", AskTwilio.TASK, error)
        return
    claim = f"{CLAIM}{asked.legs[0]}:{asked.step}:{asked.attempt}"
    with Redis.from_url(settings.REDIS_URL) as redis:
        if not redis.set(claim, "1", nx=True, ex=BUSY_S):
            return
    try:
        taken = attempt(asked.account_sid, asked.legs, asked.step, asked.attempt)
    except Erased:
        return
    if taken and taken.failures:
        found_by = {"subjects": [f"twilio:{leg}" for leg in asked.legs]}
        log.warning("Twilio did not tell all of %s: %s", asked.legs[0], told(taken.failures), extra=found_by)
