"""Gaps whose words nobody knows, to be asked for where that is switched on."""

from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from callstore.eventlog.db.statement import run
from callstore.requests.recordings import TranscribeGap
from callstore.verdict.truncation import LOST_S

# Later than this nobody waits for the words; a provider that was away this long is asked by rebuilding.
WITHIN = "2 days"
AT_ONCE = 100


def unread() -> list[TranscribeGap]:
    """The gaps of recent calls that are over, long enough to be worth it, and without a reading so far."""
    rows = run(
        "SELECT (document -> 'gaps')::text, (document -> 'recordings')::text FROM call"
        " WHERE flags @> ARRAY['suspicious'] AND NOT flags @> ARRAY['live']"
        f" AND started_at > now() - interval '{WITHIN}' ORDER BY started_at DESC LIMIT %s",
        [AT_ONCE],
    )
    return [
        request
        for gaps, recordings in rows
        for request in _requests(orjson.loads(gaps or "[]"), orjson.loads(recordings or "[]"))
    ]


def _requests(
    gaps: Iterable[Mapping[str, Any]], recordings: Iterable[Mapping[str, Any]]
) -> list[TranscribeGap]:
    legs = {entry["recording"]: entry["leg"] for entry in recordings if not entry.get("removed_at")}
    return [
        TranscribeGap(
            leg=legs[gap["recording"]],
            recording=gap["recording"],
            start_s=gap["recording_start_s"],
            end_s=gap["recording_end_s"],
            channel=gap["recording_channel"],
        )
        for gap in gaps
        if gap.get("recording") in legs
        and gap["end_s"] - gap["start_s"] >= LOST_S
        and not any(words["track"] == "recording" for words in gap["words"])
    ]
