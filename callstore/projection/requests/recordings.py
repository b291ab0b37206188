"""Recordings that a call waits for, and when they are asked for again."""

from collections.abc import Mapping
from typing import Any

import orjson
from django.conf import settings

from callstore.domain.facts import ids
from callstore.eventlog.db.statement import run, run_each
from callstore.requests.recordings import LIVE_SESSION, Fetch, FetchRecording, FetchSessionRecording

SHORTEST_WAIT_S = 30
LONGEST_WAIT_S = 3600
AT_ONCE = 100


def wanted(document: Mapping[str, Any]) -> set[Fetch]:
    """The recordings that are complete at the provider and not yet analysed or given up here."""
    return {
        _request(entry)
        for entry in document.get("recordings") or ()
        if entry.get("status") == "completed" and entry.get("state") == "pending" and _can_be_had(entry)
    }


def due() -> set[Fetch]:
    """What calls still wait for though it was asked for; the longer a call waits, the rarer it is asked."""
    due = run("SELECT call_id FROM call WHERE fetch_at < now() ORDER BY fetch_at LIMIT %s", [AT_ONCE])
    rows = run_each(
        "UPDATE call SET fetch_at = now() + least(greatest(now() - saved_at, %s * interval '1 s'),"
        " %s * interval '1 s') WHERE call_id = %s AND fetch_at < now()"
        " RETURNING (document -> 'recordings')::text",
        [(SHORTEST_WAIT_S, LONGEST_WAIT_S, call_id) for (call_id,) in sorted(due)],
    )
    return {w for (text,) in rows for w in wanted({"recordings": orjson.loads(text)})}


def _can_be_had(entry: Mapping[str, Any]) -> bool:
    """What OpenAI keeps is asked for with a project's key, where there is one."""
    return entry["recording"] != entry.get("leg") or bool(settings.OPENAI_API_KEY)


def _request(entry: Mapping[str, Any]) -> Fetch:
    if LIVE_SESSION.fullmatch(entry["recording"]):
        return FetchSessionRecording(session=entry["recording"])
    # What the provider left out is left empty: whoever is asked says what is wrong with it.
    url = entry.get("url") or ""
    return FetchRecording(
        # Old facts do not say who told them; the URL names somebody whom its sender chose.
        account_sid=entry.get("account") or ids.account_sid_in(url) or "",
        leg=entry.get("leg") or "",
        recording=entry["recording"],
        url=url,
    )
