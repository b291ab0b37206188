"""Sending a test event: signed as each sender signs, over HTTP, through the doors that everybody uses.

It is read as `smoke.tested`, of no call: it is kept, sealed and verified like all else, and never projected.
"""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from uuid import uuid4

import httpx
import orjson
from django.conf import settings

from callstore.eventlog.reading import read
from callstore.requests.trial import Trial, Way
from ingest.dialects.own_facts import SMOKE_TEST
from ingest.providers.delivery import Delivery
from ingest.providers.provider import NotConfigured, configured, discovered

DOOR, SUBJECT = "app", "smoke:app"
PATIENCE_S = 5.0  # of each way; somebody waits for the page
KEPT_WITHIN_S = 3.0  # what is not in the log by then is in the spool
AGAIN_S = 0.05


def send(own: str) -> Trial:
    """One to our own address, and one a door through PUBLIC_BASE_URL; each by its own way at once.

    In the log is looked for the first of the application's that was taken. Raises django.db.DatabaseError.
    """
    began = time.monotonic()
    runs = [uuid4().hex, uuid4().hex]
    with httpx.Client(timeout=PATIENCE_S, trust_env=False) as client, ThreadPoolExecutor() as senders:
        asked = [
            senders.submit(_way, client, name, base, delivery)
            for name, base, delivery in _deliveries(own, *runs)
        ]
        ways = [each.result() for each in asked]
    taken = next((run for run, way in zip(runs, ways, strict=False) if way.is_well), None)
    position = _position(taken) if taken else None
    after = time.monotonic() - began if position is not None else None
    return Trial(ways, position, after)


def _deliveries(own: str, run: str, other: str) -> Iterator[tuple[str, str, Delivery]]:
    """What each way is called, the address at which it begins, and what is sent, unsigned; ours first.

    A token proves who sent it, and not where to: a proxy that changes the address is found by those alone
    that sign it.
    """
    yield "Our own door", own, _event(run)
    if not settings.PUBLIC_BASE_URL:
        return
    yield "As senders reach it", settings.PUBLIC_BASE_URL, _event(other)
    for door, provider in discovered().items():
        if door != DOOR and provider.harmless is not None:
            with suppress(NotConfigured):  # shut, perhaps on purpose
                bare = provider.harmless(uuid4().hex)
                provider.secret(bare, configured(provider.setting))
                yield f"As {door} signs", settings.PUBLIC_BASE_URL, bare


def _way(client: httpx.Client, name: str, base: str, bare: Delivery) -> Way:
    url, began = f"{base}{bare.path}", time.monotonic()
    provider = discovered()[bare.door]
    try:
        secret = provider.secret(bare, configured(provider.setting))
        ready = provider.sign(bare, secret=secret, base_url=base)
        answer = client.post(url, content=ready.body, headers=dict(ready.headers))
    except NotConfigured as error:
        return Way(name, url, None, 0.0, f"{error}: the door has no secret to be shown.")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        why = str(error) or type(error).__name__
        return Way(name, url, None, time.monotonic() - began, f"No answer: {why}.")
    took = time.monotonic() - began
    return Way(name, url, answer.status_code, took, _fault(answer))


def _fault(answer: httpx.Response) -> str:
    if answer.is_redirect:
        return "It was sent elsewhere by a redirect, in which a form is lost."
    if not answer.is_success:
        return (
            "It was not taken: on its way the path, a header or the host is changed, or other tokens are set."
        )
    return ""


def _event(run: str) -> Delivery:
    event = {
        "specversion": "1.0",
        "id": run,
        "source": "/callstore/test",
        "type": SMOKE_TEST,
        "data": {"run": run},
    }
    return Delivery(
        door=DOOR,
        path=f"/hooks/{DOOR}/",
        headers={"content-type": "application/cloudevents-batch+json"},
        body=orjson.dumps([event]),
        received_at=time.time(),
    )


def _position(run: str) -> int | None:
    """Where the log has it; None where it does not within KEPT_WITHIN_S."""
    ends = time.monotonic() + KEPT_WITHIN_S
    while True:
        records = read.records(read.homes([SUBJECT]))
        if found := next((record for record in records if record.key == f"smoke:{run}"), None):
            return found.position
        if time.monotonic() >= ends:
            return None
        time.sleep(AGAIN_S)
