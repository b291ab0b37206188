"""Calls about which Twilio's API is to be asked now."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson

from callstore.domain.facts.ids import CALL_SID
from callstore.eventlog.db.statement import run, run_each
from callstore.requests.backfill import MOST_LEGS, AskTwilio

# A request that was lost on its way is sent again so much later; what was asked for is a fact by then.
LEASE = "2 minutes"
# What was due longer ago belongs to a call that was brought in later than it happened, or to a long outage:
# `manage.py backfill twilio` asks for those.
LATEST = "1 day"
AT_ONCE = 50
DUE = f"""
SELECT call_id FROM call
WHERE ask_at <= to_timestamp(%s) AND ask_at > to_timestamp(%s) - interval '{LATEST}'
ORDER BY ask_at LIMIT %s
"""
TAKE = f"""
UPDATE call SET ask_at = to_timestamp(%s) + interval '{LEASE}'
WHERE call_id = %s AND ask_at <= to_timestamp(%s)
RETURNING (document -> 'backfill')::text
"""


def ask_at(document: Mapping[str, Any]) -> datetime | None:
    """When Twilio is to be asked about a call next; None where nothing is to be asked, or it was erased."""
    at = (document.get("backfill") or {}).get("next_at")
    return None if at is None or document.get("erased_at") else datetime.fromisoformat(at)


def due(now: float) -> list[AskTwilio]:
    """What is to be asked at this moment (Unix seconds)."""
    found = run(DUE, [now, now, AT_ONCE])
    rows = run_each(TAKE, [(now, call_id, now) for (call_id,) in sorted(found)])
    parts = (orjson.loads(text) for (text,) in rows if text)
    return [request for part in parts if (request := _request(part))]


def _request(part: Mapping[str, Any]) -> AskTwilio | None:
    legs = [leg for leg in part["legs"] if CALL_SID.fullmatch(leg)][:MOST_LEGS]
    if not legs or not part["next_step"]:
        return None
    return AskTwilio(part["account"] or "", legs, part["next_step"], part["next_attempt"])
