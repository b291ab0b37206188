"""/healthz and /readyz: true, quick, without a login and without a stack trace."""

import time
from typing import Any

import pytest
from django.test import Client

from callstore import health

PARTS = ("relay", "worker")


@pytest.fixture(autouse=True)
def silence() -> None:
    """Nobody is alive."""
    health._valkey().delete(*map(health._key, PARTS))


def test_alive_needs_nothing_else(client: Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}


@pytest.mark.django_db
def test_ready_when_everybody_answers(client: Client) -> None:
    for name in PARTS:
        health.beat(name)
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ready", "database": "ok", "relay": "ok", "worker": "ok"}


@pytest.mark.django_db
def test_a_silent_process_is_named(client: Client) -> None:
    health.beat("relay")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["relay"] == "ok"
    assert answer.json()["worker"] == "silent for 12 s"


@pytest.mark.django_db
def test_valkey_away_is_said_and_raises_nothing(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    nobody = health._client("redis://127.0.0.1:1/0")
    monkeypatch.setattr(health, "_valkey", lambda: nobody)
    began = time.monotonic()
    health.beat("relay")
    answer = client.get("/readyz")
    assert time.monotonic() - began < 2 * health.PATIENCE_S
    assert answer.status_code == 503
    assert answer.json()["relay"] == "unknown: Valkey does not answer"


@pytest.mark.django_db
def test_a_database_that_refuses_is_said(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(**_: Any) -> None:
        raise health.psycopg.OperationalError("refused")

    monkeypatch.setattr(health.psycopg, "connect", refused)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["database"]) == (503, "does not answer")


def test_a_heartbeat_goes_stale_by_itself() -> None:
    health.beat("worker")
    assert 0 < health._valkey().ttl(health._key("worker")) <= health.SILENT_AFTER_S


def test_both_refuse_to_be_written_to(client: Client) -> None:
    assert client.post("/healthz").status_code == 405
    assert client.post("/readyz").status_code == 405
