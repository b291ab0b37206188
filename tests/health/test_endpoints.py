"""/healthz and /readyz: true, quick, without a login and without a stack trace."""

import time
from typing import Any

import pytest
from django.test import Client

from callstore import celery
from callstore.base import heartbeat, valkey
from callstore.domain.facts.clock import Clock, Instant, unix
from callstore.eventlog.writing.append import append
from callstore.health import endpoints
from tests.eventlog.drafts import draft, leg

PARTS = ("relay", "worker", "fetcher")


@pytest.fixture(autouse=True)
def silence() -> None:
    """Nobody is alive."""
    valkey.valkey().delete(*map(heartbeat.key, PARTS))
    endpoints._months_in.cache_clear()


def test_alive_needs_nothing_else(client: Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}


@pytest.mark.django_db
def test_ready_when_everybody_answers(client: Client) -> None:
    for name in PARTS:
        heartbeat.beat(name)
    answer = client.get("/readyz")
    assert answer.status_code == 200
    parts = {"database": "ok", "relay": "ok", "worker": "ok", "fetcher": "ok", "months": "ok"}
    assert answer.json() == {"status": "ready", **parts}


@pytest.mark.django_db
def test_a_silent_process_is_named(client: Client) -> None:
    heartbeat.beat("relay")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["relay"] == "ok"
    assert answer.json()["worker"] == "silent for 12 s"


@pytest.mark.django_db
def test_calls_are_shown_without_a_fetcher_and_whoever_asks_is_told(client: Client) -> None:
    for name in ("relay", "worker"):
        heartbeat.beat(name)
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["fetcher"] == "silent for 12 s"


@pytest.mark.django_db
def test_what_is_amiss_with_the_months_is_told(client: Client) -> None:
    for name in PARTS:
        heartbeat.beat(name)
    append([draft(leg(), occurred=Instant(unix("2033-03-03T00:00:00Z"), Clock.APP))])
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["months"].startswith("1 events of 2033-03 lie in log.event_default")


@pytest.mark.parametrize(
    ("queues", "names"),
    [(["calls"], {"worker"}), (["recordings"], {"fetcher"}), (None, {"worker", "fetcher"})],
)
def test_a_worker_is_known_by_what_it_serves(queues: Any, names: Any) -> None:
    try:
        celery.app.amqp.queues.select(queues or list(celery.app.conf.task_queues))
        celery.report_heartbeat(None)
    finally:
        celery.app.amqp.queues.select([])
    assert {name for name in PARTS if valkey.valkey().exists(heartbeat.key(name))} == names


@pytest.mark.django_db
def test_valkey_away_is_said_and_raises_nothing(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    nobody = valkey.client("redis://127.0.0.1:1/0")
    monkeypatch.setattr(heartbeat, "valkey", lambda: nobody)
    began = time.monotonic()
    heartbeat.beat("relay")
    answer = client.get("/readyz")
    assert time.monotonic() - began < 2 * endpoints.PATIENCE_S
    assert answer.status_code == 503
    assert answer.json()["relay"] == "unknown: Valkey does not answer"


@pytest.mark.django_db
def test_a_database_that_refuses_is_said(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(**_: Any) -> None:
        raise endpoints.psycopg.OperationalError("refused")

    monkeypatch.setattr(endpoints.psycopg, "connect", refused)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["database"]) == (503, "does not answer")


def test_both_refuse_to_be_written_to(client: Client) -> None:
    assert client.post("/healthz").status_code == 405
    assert client.post("/readyz").status_code == 405
