"""What Celery is asked for, by name."""

import time
from datetime import UTC, datetime
from uuid import UUID

from celery import shared_task
from django.conf import settings

from callstore.projection import projector
from callstore.projection.changes import journal
from callstore.projection.cross_call import refresh as neighbours
from callstore.projection.requests import backfill, old_recordings, overdue, recordings, transcriptions
from callstore.projection.requests.ask import ask
from callstore.projection.review import exports
from callstore.projection.sheets import keep as sheets

_old = old_recordings.Walk()
STAND_IN = "/demo/twilio"  # callstore/rehearsal/demo/twilio_media.py


@shared_task(name="projection.project")
def project(traces: list[str]) -> None:
    """Project the calls of some leased traces, and fetch the recordings that they wait for."""
    ask(projector.project([UUID(trace) for trace in traces]))


@shared_task(name="projection.sweep")
def sweep() -> None:
    """Ask again for recordings whose fetch was lost, and for the words of gaps."""
    ask(recordings.due())
    if settings.TRANSCRIBE_TAIL:
        ask(transcriptions.unread())


@shared_task(name="projection.remove_recordings")
def remove_recordings() -> None:
    """Have the sound of old recordings removed, where it is not kept as long as their calls."""
    if settings.RECORDING_RETENTION_DAYS is not None:
        ask(_old.round(settings.RECORDING_RETENTION_DAYS, datetime.now(UTC)))


@shared_task(name="projection.trim_changes")
def trim_changes() -> None:
    """Forget which calls changed a quarter of an hour ago: no page is told of it any more."""
    journal.trim()


@shared_task(name="projection.make_sheets")
def make_sheets() -> None:
    """Count the calls of days that are over, so that an overview of many need not read them."""
    sheets.make_lacking()


@shared_task(name="projection.close_overdue")
def close_overdue() -> None:
    """Have the calls closed of which no news came for longer than a call mostly lasts."""
    ask(overdue.overdue(time.time()))


@shared_task(name="projection.ask_twilio")
def ask_twilio() -> None:
    """Have Twilio's API asked for what its callbacks lost. The demo's stand-in knows recordings alone."""
    if not settings.TWILIO_API_BASE_URL.endswith(STAND_IN):
        ask(backfill.due(time.time()))


@shared_task(name="projection.across")
def across() -> None:
    """Look at the recent calls together."""
    neighbours.refresh(time.time())


@shared_task(name="projection.flag_exported")
def flag_exported(export: str) -> None:
    """Give the calls of a large export their flag."""
    exports.flag_calls_of(UUID(export))
