"""A webhook that offers nothing: what `doctor --smoke` sends to the door."""

import time

import orjson

from ingest.dialects.own_facts import SMOKE_TEST
from ingest.providers.delivery import Delivery


def harmless(run: str) -> Delivery:
    """The webhook of a run, unsigned."""
    now = time.time()
    body = {"id": f"evt_{run}", "object": "event", "created_at": int(now), "type": SMOKE_TEST}
    return Delivery(
        door="openai",
        path="/hooks/openai/",
        headers={"content-type": "application/json", "webhook-id": f"wh_{run}"},
        body=orjson.dumps({**body, "data": {"run": run}}),
        received_at=now,
    )
