"""Sending a test event: signed as the application signs, over HTTP, through the door that everybody uses.

It is read as `smoke.tested`, of no call: it is kept, sealed and verified like all else, and never projected.
"""

import time
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
    """One event to our own address and one through PUBLIC_BASE_URL; in the log is looked for the first taken.

    Raises django.db.DatabaseError.
    """
    began = time.monotonic()
    runs = {"Our own door": (own, uuid4().hex)}
    if settings.PUBLIC_BASE_URL:
        runs["As senders reach it"] = settings.PUBLIC_BASE_URL, uuid4().hex
    with httpx.Client(timeout=PATIENCE_S, trust_env=False) as client:
        ways = {run: _way(client, name, base, run) for name, (base, run) in runs.items()}
    taken = next((run for run, way in ways.items() if way.is_well), None)
    position = _position(taken) if taken else None
    after = time.monotonic() - began if position is not None else None
    return Trial(list(ways.values()), position, after)


def _way(client: httpx.Client, name: str, base: str, run: str) -> Way:
    url, began = f"{base}/hooks/{DOOR}/", time.monotonic()
    try:
        ready = _signed(run)
        answer = client.post(url, content=ready.body, headers=dict(ready.headers))
    except NotConfigured as error:
        return Way(name, url, None, 0.0, f"{error}: the door has no token to be shown.")
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


def _signed(run: str) -> Delivery:
    event = {
        "specversion": "1.0",
        "id": run,
        "source": "/callstore/test",
        "type": SMOKE_TEST,
        "data": {"run": run},
    }
    bare = Delivery(
        door=DOOR,
        path=f"/hooks/{DOOR}/",
        headers={"content-type": "application/cloudevents-batch+json"},
        body=orjson.dumps([event]),
        received_at=time.time(),
    )
    provider = discovered()[DOOR]
    token = provider.secret(bare, configured(provider.setting))
    return provider.sign(bare, secret=token, base_url="")


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
