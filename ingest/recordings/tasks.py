"""Celery tasks: thin shells that decide when to try again."""

import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

from celery import shared_task
from django.conf import settings
from redis import Redis

from callstore.domain.facts import ids
from callstore.requests.recordings import (
    FetchRecording,
    FetchSessionRecording,
    RemoveRecording,
    TranscribeGap,
)
from callstore.requests.request import BadRequest
from ingest.arrivals import repeats
from ingest.dialects import parse
from ingest.recordings import session_content, take, transcribe, trouble
from ingest.recordings.transcriber import NotRead, transcriber
from ingest.recordings.transfer import FetchFailed

log = logging.getLogger(__name__)

# Seconds before each new attempt. A recording's URL is announced before its bytes are there; Twilio
# advises to wait. No wait is longer than half an hour, because Redis hands a task that waits an hour
# to a second worker; a day of half hours, then we give up.
WAITS = (2, 5, 15, 60, 300, *[1800] * 48)
RARELY = WAITS.index(1800)  # wrong credentials are mended by people: the quick attempts are left out
# Fetching and hearing nearly any call is done in a minute; longer ones may be done twice, which is harmless.
BUSY_S = 60
AUDIO = "recording_audio"  # the source that recordings are, once they were heard
CLAIM = "callstore:fetching:"
# A gap is asked for at every sweep. Until its reading is projected, and after a failure, it is left alone.
READING = "callstore:reading:"
READING_S = 120  # longer than the provider may take
AGAIN_S = 600
DAY_S = 86_400


@shared_task(bind=True, name=FetchRecording.TASK, max_retries=None)
def fetch_recording(self: Any, *given: Any, **named: Any) -> None:
    """Takes one recording into the log; asked again while another task is at it, it does nothing."""
    try:
        asked = FetchRecording.parse(given, named)
    except BadRequest as error:
        _refuse(given, named, error)
        return
    _attempt(
        self,
        asked.leg,
        asked.recording,
        lambda: take.take(asked.account_sid, asked.leg, asked.recording, asked.url),
    )


@shared_task(bind=True, name=FetchSessionRecording.TASK, max_retries=None)
def fetch_session_recording(self: Any, *given: Any, **named: Any) -> None:
    """The same of what OpenAI keeps of a session."""
    try:
        session = FetchSessionRecording.parse(given, named).session
    except BadRequest as error:
        log.warning("dropped a task %s: %s", FetchSessionRecording.TASK, error)
        return
    fetch = partial(session_content.download, session)
    _attempt(self, session, session, lambda: take.keep(session, session, fetch))


def _attempt(task: Any, leg: str, recording: str, fetch: Callable[[], None]) -> None:
    """One attempt of a task, and what follows from it: another later, or giving up."""
    if not _claim(recording, task.request.id):
        return
    wait = None
    repeats.fetched(AUDIO, again=bool(task.request.retries))
    try:
        fetch()
        trouble.over()
    except FetchFailed as failure:
        attempt = max(task.request.retries, RARELY if failure.refused else 0)
        wait = None if failure.permanent or attempt >= len(WAITS) else WAITS[attempt]
        if failure.ours:
            trouble.met(failure.reason)
        if wait is None or failure.refused or failure.ours:
            # A fault of ours passes: the sweep asks again when these attempts are over.
            take.give_up(leg, recording, failure, permanent=wait is None and not failure.ours)
        if wait is not None:
            task.request.retries = attempt
            raise task.retry(exc=failure, countdown=wait) from failure
    finally:
        repeats.flush()
        _hold(recording, task.request.id, wait)


@shared_task(name=TranscribeGap.TASK)
def transcribe_tail(*given: Any, **named: Any) -> None:
    """Has one gap of a recording read, where that is switched on; the sweep asks until it is."""
    try:
        asked, by = TranscribeGap.parse(given, named), transcriber()
    except BadRequest as error:
        log.warning("dropped a task %s: %s", TranscribeGap.TASK, error)
        return
    if by is None:
        return
    claim = f"{READING}{asked.recording}:{asked.start_s:.2f}"
    with Redis.from_url(settings.REDIS_URL) as redis:
        if not redis.set(claim, "1", nx=True, ex=READING_S):
            return
        try:
            transcribe.take(asked.leg, asked.recording, (asked.start_s, asked.end_s), asked.channel, by)
        except NotRead as failure:
            log.warning("a gap of %s was not read: %s", asked.recording, failure.reason)
            redis.set(claim, "1", ex=DAY_S if failure.permanent else AGAIN_S)


@shared_task(name=RemoveRecording.TASK)
def remove_recording(*given: Any, **named: Any) -> None:
    """Removes the sound of one old recording; where the storage is away it is asked for again in an hour."""
    try:
        asked = RemoveRecording.parse(given, named)
        take.remove_sound(asked.leg, asked.recording, asked.after_days)
    except BadRequest as error:
        log.warning("dropped a task %s: %s", RemoveRecording.TASK, error)
    except OSError as error:
        log.warning("recording %s is not removed yet: %s", asked.recording, error.strerror or error)


def _refuse(given: Sequence[Any], named: Mapping[str, Any], error: BadRequest) -> None:
    """Says for good that a recording cannot be asked for; where it is not known which, only our log can."""
    with suppress(BadRequest):
        asked = FetchRecording.unchecked(given, named)
        if ids.leg_subject(asked.leg) and parse.text(asked.recording):
            failure = FetchFailed("bad-request", f"cannot be asked for: {error}", permanent=True)
            take.give_up(asked.leg, asked.recording, failure, permanent=True)
            return
    log.warning("dropped a task %s: %s", FetchRecording.TASK, error)


def _claim(recording: str, task_id: str) -> bool:
    """True if this task (through all its attempts) is the one that fetches the recording now.

    Every fold and every sweep may ask for a recording that is not there yet; without the claim each
    would begin a day of attempts of its own. It is a hint in Redis: lost, it costs a second download.
    """
    with Redis.from_url(settings.REDIS_URL) as redis:
        if redis.set(CLAIM + recording, task_id, nx=True, ex=BUSY_S):
            return True
        mine: bool = redis.get(CLAIM + recording) == task_id.encode()
        return mine


def _hold(recording: str, task_id: str, wait: int | None) -> None:
    """Keeps the claim until the next attempt is over, or gives it back if there is none."""
    with Redis.from_url(settings.REDIS_URL) as redis:
        if wait is not None:
            redis.set(CLAIM + recording, task_id, ex=wait + BUSY_S)
        elif redis.get(CLAIM + recording) == task_id.encode():
            redis.delete(CLAIM + recording)
