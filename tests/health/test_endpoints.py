"""/healthz and /readyz: true, quick, without a login and without a stack trace."""

import base64
import logging.config
import os
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
from django.db import ProgrammingError
from django.test import Client
from psycopg.errors import InsufficientPrivilege

from callstore import celery
from callstore.base import heartbeat, valkey
from callstore.domain.facts.clock import Clock, Instant, unix
from callstore.eventlog.crypto import key_check
from callstore.eventlog.proof import seals
from callstore.eventlog.writing.append import append
from callstore.health import endpoints
from callstore.local.processes import by_this_python, processes
from callstore.postgres import reachable
from tests.eventlog import tampering
from tests.eventlog.drafts import draft, leg
from tests.projection.test_pipeline import url as database_url

PARTS = ("relay", "worker", "fetcher", "beat", "watch")


@pytest.fixture(autouse=True)
def silence() -> None:
    """Nobody is alive."""
    valkey.valkey().delete(*map(heartbeat.key, PARTS))
    endpoints.forget()
    endpoints.month_alarms.cache_clear()


def test_alive_needs_nothing_else(client: Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}


@pytest.mark.django_db
def test_ready_when_everybody_answers(client: Client) -> None:
    for name in PARTS:
        heartbeat.beat(name)
    answer = client.get("/readyz")
    assert answer.status_code == 200
    said = answer.json()
    assert (said.pop("status"), said.pop("last_seal_age_s")) == ("ready", None)
    assert said.pop("refused") == {}
    assert said.pop("spool") == {"bytes": 0, "records": 0, "oldest_s": None}
    assert said.pop("status_feeds") == {}
    assert said == dict.fromkeys(("database", "log_key", "months", "recordings", *PARTS), "ok")


@pytest.mark.django_db
def test_a_silent_process_is_named(client: Client) -> None:
    heartbeat.beat("relay")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["relay"] == "ok"
    assert answer.json()["worker"] == "silent for 12 s"


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_they_answer_whatever_name_they_are_asked_by(client: Client, path: str, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["callstore.example.com"]
    for name in PARTS:
        heartbeat.beat(name)
    for host in ("127.0.0.1:18000", "10.0.0.7", "no name at all"):
        assert client.get(path, headers={"host": host}).status_code == 200


def test_another_name_is_one_short_line_a_minute_in_the_log(
    client: Client, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.ALLOWED_HOSTS = ["callstore.example.com"]
    logging.getLogger("django.security.DisallowedHost").filters.clear()
    logging.config.dictConfig(settings.LOGGING)  # a filter that nobody has gone through
    logging.getLogger().addHandler(caplog.handler)
    for number in range(100):
        answer = client.get("/calls", headers={"host": f"evil-{number}.example.com" + "m" * 2000})
        assert answer.status_code == 400
    lines = [line for line in caplog.text.splitlines() if line]
    assert len(lines) == 1 and "Invalid HTTP_HOST header: 'evil-0." in lines[0] and len(lines[0]) < 500


@pytest.mark.django_db
def test_whoever_asks_often_costs_postgres_one_connection_a_second(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect, made = reachable.psycopg.connect, []

    def counted(**options: Any) -> Any:
        made.append(options)
        return connect(**options)

    monkeypatch.setattr(reachable.psycopg, "connect", counted)
    now = time.monotonic()
    monkeypatch.setattr(endpoints, "monotonic", lambda: now)
    assert len({client.get("/readyz").content for _ in range(20)}) == 1
    assert len(made) == 1
    now += endpoints.AS_GOOD_AS_NEW_S
    client.get("/readyz")
    assert len(made) == 2


@pytest.mark.django_db
def test_a_key_that_does_not_open_the_log_is_not_ready(client: Client, settings: Any) -> None:
    for name in PARTS:
        heartbeat.beat(name)
    append([draft(leg())])
    settings.LOG_KEYS = [base64.b64encode(b"w" * 32).decode()]
    key_check.forget()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["log_key"]) == (503, "does not open this log")


@pytest.mark.django_db(transaction=True)
def test_the_age_of_the_last_seal_is_told(client: Client) -> None:
    append([draft(leg())])
    tampering.await_feed()
    seals.seal()
    assert 0 <= client.get("/readyz").json()["last_seal_age_s"] < 60


@pytest.mark.django_db
def test_calls_are_shown_without_beat_and_whoever_asks_is_told(client: Client) -> None:
    for name in ("relay", "worker", "fetcher"):
        heartbeat.beat(name)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["beat"]) == (200, "silent for 60 s")


@pytest.mark.django_db(transaction=True)
def test_beat_lives_by_the_tasks_that_it_sends_and_is_silent_within_90_s_of_its_end(
    tmp_path: Path, settings: Any
) -> None:
    url = settings.REDIS_URL.rpartition("/")[0] + "/7"  # nobody works on its queues
    with valkey.client(url) as own:
        own.flushdb()
        [beat] = [p for p in processes("127.0.0.1", 0) if p.name == "beat"]
        running = subprocess.Popen(
            by_this_python(beat.argv),
            cwd=settings.BASE_DIR,
            env={**os.environ, "REDIS_URL": url, "DATABASE_URL": database_url()},
        )
        try:
            eventually(lambda: own.exists(heartbeat.key("beat")))
            eventually(lambda: own.llen("calls") and own.ttl(heartbeat.key("beat")) > 55)
        finally:
            running.kill()
            running.wait()
        assert 0 < own.ttl(heartbeat.key("beat")) <= 60
        own.flushdb()


def eventually(true: Any, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.1)


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
    assert time.monotonic() - began < 2 * reachable.PATIENCE_S
    assert answer.status_code == 503
    assert answer.json()["relay"] == "unknown: Valkey does not answer"


@pytest.mark.django_db
def test_a_database_that_refuses_is_said(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(**_: Any) -> None:
        raise reachable.psycopg.OperationalError("refused")

    monkeypatch.setattr(reachable.psycopg, "connect", refused)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["database"]) == (503, "does not answer")


@pytest.mark.django_db
def test_a_database_that_lets_this_role_read_nothing_is_told_from_one_that_is_away(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused() -> bool:
        raise ProgrammingError("permission denied for table django_migrations") from InsufficientPrivilege()

    monkeypatch.setattr(endpoints, "_migrated", refused)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["database"]) == (503, "lets this role read nothing")


def test_both_refuse_to_be_written_to(client: Client) -> None:
    assert client.post("/healthz").status_code == 405
    assert client.post("/readyz").status_code == 405
