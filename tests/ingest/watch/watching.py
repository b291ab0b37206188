"""Sentences for the tests of the observer: a watcher in this process, calls that are offered, their facts."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

from django.db import connection

from callstore.domain.facts.order import in_order
from callstore.domain.facts.record import Record
from callstore.eventlog.reading import read
from callstore.rehearsal.sideband.script import Said
from callstore.rehearsal.sideband.server import Sideband
from ingest.watch import watcher
from tests.ingest import deliveries as given

KEY = "sk-of-the-observer"


def rtc() -> str:
    return f"rtc_u1_{uuid4().hex}"


def said(type_: str, **fields: Any) -> Said:
    """A server event."""
    return Said(json.dumps({"type": type_, "event_id": f"event_{uuid4().hex[:12]}", **fields}))


def offer(call_id: str, child: str | None = None, kind: str = "realtime.call.incoming") -> None:
    """OpenAI's webhook comes in, now."""
    headers = [("X-Twilio-CallSid", child)] if child else []
    name = "call_id" if kind.startswith("realtime") else "session_id"
    delivery = given.webhook(kind, headers, **{name: call_id})
    now = time.time()
    body = json.loads(delivery.body) | {"created_at": int(now)}
    _take(given.replace(delivery, body=json.dumps(body).encode(), received_at=now))


def leg_is(status: str, child: str) -> None:
    """Twilio tells of the leg."""
    _take(given.replace(given.progress(CallSid=child, CallStatus=status), received_at=time.time()))


def _take(delivery: Any) -> None:
    from ingest.spool.keep import Verified, keep

    keep([Verified.of(delivery)])


def facts(call_id: str) -> list[Record]:
    """What the log has of the session, as it happened."""
    found = read.records(read.homes([f"openai:{call_id}"]))
    mine = [record for record in found if record.subject == f"openai:{call_id}"]
    return in_order(mine)


def watched(call_id: str) -> list[str]:
    """What observers told of themselves."""
    return [record.event.state for record in facts(call_id) if record.event.TYPE == "watch.changed"]


def types(call_id: str) -> list[str]:
    return [record.event.TYPE for record in facts(call_id)]


async def elsewhere(work: Callable[..., Any], *arguments: Any) -> Any:
    """What work with the database gives, done in a thread that gives its connection back."""

    def done() -> Any:
        try:
            return work(*arguments)
        finally:
            connection.close()

    return await asyncio.to_thread(done)


async def until(true: Callable[[], object], seconds: float = 20) -> Any:
    """What `true` gives as soon as that is something; asked in a thread, since it may ask the database."""
    deadline = time.monotonic() + seconds
    while not (found := await elsewhere(true)):
        assert time.monotonic() < deadline, "it did not come about in time"
        await asyncio.sleep(0.05)
    return found


@asynccontextmanager
async def watching(sideband: Sideband, settings: Any) -> AsyncIterator[asyncio.Event]:
    """A watcher of this process on a sideband, until the block ends; gives what stops it."""
    settings.OPENAI_API_KEY, settings.WATCHES = KEY, True
    settings.OPENAI_REALTIME_URL, settings.OPENAI_LIVE_URL = sideband.realtime_url, sideband.live_url
    stop = asyncio.Event()
    running = asyncio.create_task(watcher.run(stop))
    try:
        yield stop
    finally:
        stop.set()
        await running
