"""Recordings whose sound was kept for long enough."""

from datetime import datetime, timedelta
from uuid import UUID

import orjson

from callstore.eventlog.db.statement import run
from callstore.requests.recordings import RemoveRecording

LOOKED_AT = 1_000  # calls of one statement
AT_ONCE = 10_000  # recordings of one round
LATE = timedelta(days=3)  # so long after its call a recording may still be fetched
CALLS = """
SELECT started_at, call_id, jsonb_path_query_array(document, '$.recordings[*] ? (@.media != null)')::text
FROM (
  SELECT started_at, call_id, document FROM call
  WHERE started_at < %s AND (started_at, call_id) > (%s, %s) ORDER BY started_at, call_id LIMIT %s
) older ORDER BY started_at, call_id
"""
FIRST = datetime.fromisoformat("0001-01-02T00:00:00+00:00")
NO_CALL = UUID(int=0)


class Walk:
    """From the oldest call on to those of so many days ago; a next round begins where there may be some.

    A round that is full is gone on with by the next, so that what is asked for in vain keeps nothing waiting.
    """

    def __init__(self) -> None:
        self._first: datetime | None = None  # when the first call began of which there was one
        self._after = FIRST, NO_CALL

    def round(self, days: int, now: datetime) -> list[RemoveRecording]:
        """The recordings that are to go, the oldest first."""
        until, found = now - timedelta(days=days), list[RemoveRecording]()
        while len(found) < AT_ONCE and (rows := run(CALLS, [until, *self._after, LOOKED_AT])):
            for started_at, call_id, recordings in rows:
                self._after = (started_at, call_id)
                for entry in orjson.loads(recordings):
                    self._first = self._first or started_at
                    found.append(RemoveRecording(entry["leg"], entry["recording"], days))
        if len(found) < AT_ONCE:
            # What is asked for may get lost: as long as there is some, it is begun with again.
            since = min(self._first or until, until) - LATE
            self._first, self._after = None, (since, NO_CALL)
        return found
