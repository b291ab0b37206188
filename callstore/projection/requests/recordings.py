"""Recordings that a call waits for, and asking the ingest side to fetch them."""

import logging
import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import orjson
from celery import current_app
from kombu.exceptions import OperationalError

from callstore.eventlog.db.statement import run, run_each

log = logging.getLogger(__name__)

FETCH = "ingest.fetch_recording"  # by name: the projection knows nothing of ingest
ACCOUNT = re.compile(r"/Accounts/(AC\w+)/")
SHORTEST_WAIT_S = 30
LONGEST_WAIT_S = 3600
AT_ONCE = 100


class Wanted(NamedTuple):
    """The arguments of the task that fetches one recording."""

    account: str | None
    leg: str | None
    recording: str
    url: str | None


def wanted(document: Mapping[str, Any]) -> set[Wanted]:
    """The recordings that are complete at the provider and not yet analysed or given up here."""
    return {
        Wanted(_account(entry.get("url")), entry.get("leg"), entry["recording"], entry.get("url"))
        for entry in document.get("recordings") or ()
        if entry.get("status") == "completed" and entry.get("state") == "pending"
    }


def ask(recordings: Iterable[Wanted]) -> None:
    """Enqueue the fetches. A message that is lost costs a wait: the sweep asks again."""
    for recording in recordings:
        try:
            current_app.send_task(FETCH, args=list(recording), retry=False)
        except OperationalError:
            log.warning("Recording %s was not asked for: no broker. The sweep will ask.", recording.recording)


def overdue() -> set[Wanted]:
    """What calls still wait for though it was asked for; the longer a call waits, the rarer it is asked."""
    due = run("SELECT call_id FROM call WHERE fetch_at < now() ORDER BY fetch_at LIMIT %s", [AT_ONCE])
    rows = run_each(
        "UPDATE call SET fetch_at = now() + least(greatest(now() - saved_at, %s * interval '1 s'),"
        " %s * interval '1 s') WHERE call_id = %s AND fetch_at < now()"
        " RETURNING (document -> 'recordings')::text",
        [(SHORTEST_WAIT_S, LONGEST_WAIT_S, call_id) for (call_id,) in sorted(due)],
    )
    return {w for (text,) in rows for w in wanted({"recordings": orjson.loads(text)})}


def _account(url: str | None) -> str | None:
    found = ACCOUNT.search(url or "")
    return found[1] if found else None
