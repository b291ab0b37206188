"""Delivers a scenario to a running instance: over HTTP, signed as the providers sign."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import httpx
from django.conf import settings

from callstore.rehearsal.scenarios import scenario as scenarios
from callstore.rehearsal.scenarios.rebase import rebased
from callstore.rehearsal.scenarios.scenario import Scenario
from ingest.providers.app import setting as app
from ingest.providers.delivery import Delivery
from ingest.providers.provider import NotConfigured, configured, discovered
from ingest.providers.setting import Setting

Secrets = TypeVar("Secrets")

TIMEOUT_S = 30
STAND_IN = "/demo/twilio"


class SendingFailed(Exception):
    """The instance cannot be reached, or this call cannot be signed for it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one delivery."""

    delivery: Delivery
    status: int

    @property
    def refused(self) -> bool:
        return self.status >= 300


def moved_to_now(scenario: Scenario, speed: float | None) -> Scenario:
    """The call with fresh ids, ending now, or, sent at `speed`, when its end will have been sent."""
    first = scenario.deliveries[0].received_at
    end = scenarios.ended_at(scenario)
    ahead = (end - first) / speed if speed else 0.0
    return rebased(scenario, round(time.time() + ahead - end))


def send(scenario: Scenario, url: str, speed: float | None = None) -> Iterator[Answer]:
    """Sends every delivery in its order and yields each answer, at `speed` times its pace or at once.

    Signs over PUBLIC_BASE_URL, or over `url` where that is not set. Raises SendingFailed.
    """
    base = settings.PUBLIC_BASE_URL or url
    for delivery in scenario.deliveries:
        _secret(delivery)  # before the first is sent: half a call would be worse than none
    began, first = time.monotonic(), scenario.deliveries[0].received_at
    with httpx.Client(base_url=url, timeout=TIMEOUT_S, follow_redirects=False) as client:
        for delivery in scenario.deliveries:
            if speed:
                due = began + (delivery.received_at - first) / speed
                time.sleep(max(0.0, due - time.monotonic()))
            yield deliver(client, delivery, base)


def deliver(client: httpx.Client, delivery: Delivery, base: str) -> Answer:
    """Sends one delivery, signed over `base` as if it were made now. Raises SendingFailed."""
    now = replace(delivery, received_at=time.time())
    ready = discovered()[delivery.door].sign(now, secret=_secret(delivery), base_url=base)
    try:
        answer = client.post(ready.path, content=ready.body, headers=dict(ready.headers))
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise SendingFailed(f"{client.base_url} does not answer: {error}") from error
    return Answer(delivery, answer.status_code)


def accepted(answers: Sequence[Answer]) -> int:
    """How many deliveries were taken. Raises SendingFailed if any was refused."""
    refused = [answer for answer in answers if answer.refused]
    if refused:
        raise SendingFailed(
            f"{len(refused)} of {len(answers)} deliveries were refused, first {refused[0].delivery.path} "
            f"with {refused[0].status}: do the secrets and PUBLIC_BASE_URL here match the instance's?"
        )
    return len(answers)


def offer_recording(scenario: Scenario, url: str) -> str:
    """Gives the recording to the instance's stand-in for Twilio. Says in one line where it will come from."""
    path, media = scenarios.recording_path(scenario), scenarios.sound(scenario)
    if media is None or path is None:
        return "no recording"
    token = value_or_demo(app.SETTING)[0]
    try:
        answer = httpx.put(
            f"{url}{STAND_IN}{path}.wav",
            content=media,
            headers={"authorization": f"Bearer {token}"},
            timeout=TIMEOUT_S,
        )
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise SendingFailed(f"{url} does not answer: {error}") from error
    if answer.status_code in (404, 413):  # where there is no such place, no body of its size is read
        return "recording: this instance is no demo and will fetch it from Twilio (TWILIO_API_BASE_URL)"
    if answer.is_error:
        raise SendingFailed(f"the recording was refused: {answer.status_code}")
    return f"recording: {len(media):,} bytes put where the instance will fetch them"


def _secret(delivery: Delivery) -> str:
    provider = discovered()[delivery.door]
    try:
        return provider.secret(delivery, value_or_demo(provider.setting))
    except NotConfigured as error:
        raise SendingFailed(f"a delivery at {delivery.door} cannot be signed: {error}") from error


def value_or_demo(setting: Setting[Secrets]) -> Secrets:
    """The secrets of a provider as they stand in the environment; the demo's where none are set."""
    return configured(setting) or setting.read(setting.demo)
