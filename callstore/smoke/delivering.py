"""A harmless delivery to one door: made, signed as its provider signs, and sent through PUBLIC_BASE_URL."""

import time
from email.utils import parsedate_to_datetime
from typing import NamedTuple

import httpx
from django.conf import settings

from ingest.providers.provider import NotConfigured, configured, discovered

NO_GET = 405


class Answer(NamedTuple):
    """What a door answered, and by how many seconds its Date differs from our clock; None without a Date.

    `reached` says whether it was a door that answered, which is known by its 405 to a GET; `status` is then
    that to the delivery, else that to the GET.
    """

    door: str
    reached: bool
    status: int
    off_s: float | None

    @property
    def is_taken(self) -> bool:
        return self.reached and 200 <= self.status < 300


def deliver(client: httpx.Client, door: str, run: str) -> Answer | None:
    """None for a door that has no secret here, or no harmless delivery. Raises httpx's errors."""
    provider = discovered()[door]
    if provider.harmless is None:
        return None
    try:
        bare = provider.harmless(run)
        secret = provider.secret(bare, configured(provider.setting))
    except NotConfigured:
        return None  # shut, perhaps on purpose: `manage.py check` warns of it
    ready = provider.sign(bare, secret=secret, base_url=settings.PUBLIC_BASE_URL)
    url, began = f"{settings.PUBLIC_BASE_URL}{ready.path}", time.time()
    answer = client.post(url, content=ready.body, headers=dict(ready.headers))
    off_s = _off_s(answer, began, time.time())
    if answer.is_success or (probed := client.get(url)).status_code == NO_GET:
        return Answer(door, True, answer.status_code, off_s)
    return Answer(door, False, probed.status_code, off_s)


def _off_s(answer: httpx.Response, began: float, ended: float) -> float | None:
    """How far the Date of an answer lies before or behind the time in which it was asked for."""
    try:
        said = parsedate_to_datetime(answer.headers["date"]).timestamp()
    except (KeyError, ValueError, TypeError):
        return None
    return said - began if said < began else max(0.0, said - ended)
