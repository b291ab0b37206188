"""What Celery is asked for, by name."""

import logging
from datetime import UTC, datetime
from uuid import UUID

from celery import shared_task

from callstore.outbound import deliveries, nightly
from callstore.outbound.traces import setting
from callstore.outbound.traces.send import NotSent, send
from callstore.outbound.traces.spans import spans
from callstore.projection import queries
from callstore.projection.changes import settling

log = logging.getLogger(__name__)
TRACED_AT_MOST = 5  # attempts


@shared_task(name="outbound.settle")
def settle() -> None:
    """Tell of the verdicts that are settled, and have sent what is due."""
    now = datetime.now(UTC)
    settled = settling.settle(now)
    deliveries.spread(now)
    for endpoint in deliveries.due(now):
        deliver.delay(endpoint)
    if setting.OTLP_ENDPOINT:
        for call in settled:
            trace.delay(str(call))


@shared_task(name="outbound.deliver")
def deliver(endpoint: int) -> None:
    """Send an endpoint what is due."""
    if deliveries.deliver(endpoint, lambda: datetime.now(UTC)):
        deliver.delay(endpoint)


@shared_task(name="outbound.trace")
def trace(call: str, attempt: int = 1) -> None:
    """Send the trace of a call; where nobody takes it, a few times again."""
    document = queries.find(call)
    if document is None or not setting.OTLP_ENDPOINT:
        return
    told = spans(document, with_words=setting.WITH_WORDS)
    try:
        if told:
            send(UUID(document["call_id"]), told, setting.OTLP_ENDPOINT)
    except NotSent as why:
        log.warning(
            "the trace of a call was not sent (attempt %d): %s", attempt, why, extra={"call_id": call}
        )
        if attempt < TRACED_AT_MOST:
            trace.apply_async([call, attempt + 1], countdown=60 * attempt)


@shared_task(name="outbound.trim")
def trim() -> None:
    """Forget what was sent long ago."""
    deliveries.trim(datetime.now(UTC))


@shared_task(name="outbound.export_nightly")
def export_nightly() -> None:
    """Write out each day that is over and has no file yet."""
    now = datetime.now(UTC)
    settling.note_all()
    for day in nightly.missing(now.date()):
        try:
            nightly.write(day, now)
        except OSError as error:
            log.error("the calls of %s were not written out, and will be tried again: %s", day, error)
            return
