"""Gaps whose words nobody knows, and asking the ingest side to have them read, where that is switched on."""

import logging
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import orjson
from celery import current_app
from django.db import connection
from kombu.exceptions import OperationalError

from callstore.verdict.truncation import LOST_S

log = logging.getLogger(__name__)

READ = "ingest.transcribe_tail"  # by name: the projection knows nothing of ingest
# Later than this nobody waits for the words; a provider that was away this long is asked by rebuilding.
WITHIN = "2 days"
AT_ONCE = 100


class Tail(NamedTuple):
    """The arguments of the task that has one gap read; `channel` is the caller's, 1 or 2."""

    leg: str
    recording: str
    start_s: float
    end_s: float
    channel: int


def unread() -> list[Tail]:
    """The gaps of recent calls that are over, long enough to be worth it, and without a reading so far."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (document -> 'gaps')::text, (document -> 'recordings')::text FROM call"
            f" WHERE flags @> ARRAY['suspicious'] AND NOT flags @> ARRAY['live']"
            f" AND started_at > now() - interval '{WITHIN}' ORDER BY started_at DESC LIMIT %s",
            [AT_ONCE],
        )
        rows = [(orjson.loads(gaps or "[]"), orjson.loads(recordings or "[]")) for gaps, recordings in cursor]
    return [tail for gaps, recordings in rows for tail in _tails(gaps, recordings)]


def _tails(gaps: Iterable[Mapping[str, Any]], recordings: Iterable[Mapping[str, Any]]) -> list[Tail]:
    legs = {entry["recording"]: entry["leg"] for entry in recordings}
    return [
        Tail(
            legs[gap["recording"]],
            gap["recording"],
            gap["recording_start_s"],
            gap["recording_end_s"],
            gap["recording_channel"],
        )
        for gap in gaps
        if gap.get("recording") in legs
        and gap["end_s"] - gap["start_s"] >= LOST_S
        and not any(words["track"] == "recording" for words in gap["words"])
    ]


def ask(tails: Iterable[Tail]) -> None:
    """Enqueue the readings. A message that is lost is sent again by the next sweep."""
    for tail in tails:
        try:
            current_app.send_task(READ, args=list(tail), retry=False)
        except OperationalError:
            log.warning("A gap of %s was not asked for: no broker. The sweep will ask.", tail.recording)
