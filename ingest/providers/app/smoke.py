"""A batch with one event that says nothing, as large as a door takes: what `doctor --smoke` sends to it."""

import time

import orjson

from ingest.dialects.own_facts import SMOKE_TEST
from ingest.providers.app.unpack import LIMIT
from ingest.providers.delivery import Delivery


def harmless(run: str) -> Delivery:
    """The batch of a run, unsigned, of exactly as many bytes as a proxy must let through."""
    return Delivery(
        door="app",
        path="/hooks/app/",
        headers={"content-type": "application/cloudevents-batch+json"},
        body=_batch(run, "x" * (LIMIT - len(_batch(run, "")))),
        received_at=time.time(),
    )


def _batch(run: str, padding: str) -> bytes:
    event = {"specversion": "1.0", "id": run, "source": "/callstore/doctor", "type": SMOKE_TEST}
    return orjson.dumps([{**event, "data": {"run": run, "padding": padding}}])
