"""`up`, compose.yaml, the image and the handbook run the same commands: those of one table."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml
from celery.schedules import crontab
from django.core.management import call_command
from django.db import connection

from callstore import celery
from callstore.eventlog.db import locks
from callstore.local.processes import by_this_python, processes
from callstore.management.commands import prepare
from tests.places import ROOT

TABLE = {process.name: process for process in processes("0.0.0.0", 8000)}  # as a container is reached
NOT_OURS = {"proxy", "postgres", "citus", "valkey", "prepare", "operator", "retire"}  # servers; now and then
WEBS = {"doors", "pages"}  # each is web, for a part of what comes


def services() -> dict[str, dict[str, Any]]:
    composed = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    assert all(composed[name]["command"] == TABLE["web"].argv for name in WEBS)
    return {name: service for name, service in composed.items() if name not in NOT_OURS | WEBS}


def image_command() -> list[str]:
    text = (ROOT / "Dockerfile").read_text().replace("\\\n", "")
    command: list[str] = json.loads(re.findall(r"^CMD (.*)$", text, re.M)[0])
    return command


def test_the_image_serves_as_the_table_says() -> None:
    assert image_command() == TABLE["web"].argv


def test_no_http_2_is_spoken_whose_floods_nobody_tried() -> None:
    assert "--http=1" in TABLE["web"].argv and "--no-ws" in TABLE["web"].argv


def test_compose_runs_the_table() -> None:
    commands = {name: service["command"] for name, service in services().items()}
    assert commands == {name: process.argv for name, process in TABLE.items()}


def test_compose_waits_for_a_process_as_long_as_the_table_says() -> None:
    grace = {name: service.get("stop_grace_period", "10s") for name, service in services().items()}
    assert grace == {name: f"{process.stop_seconds}s" for name, process in TABLE.items()}


def test_whoever_reads_events_has_what_stands_in_for_a_call_id() -> None:
    assert {name for name, own in TABLE.items() if "LOG_KEY" in own.secrets} == {
        name for name, own in TABLE.items() if "SECRET_KEY" in own.secrets
    }


@pytest.mark.parametrize("name", ["worker", "fetcher", "watch"])
def test_without_a_secret_key_nobody_begins_to_read_events(name: str, tmp_path: Path) -> None:
    told = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/x", "REDIS_URL": "redis://127.0.0.1:1/0"}
    told |= {"PATH": os.environ["PATH"], "CALLSTORE_DATA_DIR": str(tmp_path), "LOG_KEY": "x" * 43 + "="}
    command = by_this_python(TABLE[name].argv)
    done = subprocess.run(command, cwd=ROOT, env=told, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "SECRET_KEY is not set: what stands for a SIP Call-ID could be guessed." in done.stderr


def test_no_process_asks_for_traces_that_another_cannot_send() -> None:
    told = {name for name, own in TABLE.items() if "OTEL_EXPORTER_OTLP_ENDPOINT" in own.settings}
    assert told == {"worker", "fetcher"}


@pytest.mark.django_db
def test_two_prepares_take_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    """While another connection holds the lock this one waits, and migrates when it has it."""
    number = [locks.Lock.PREPARE.value]
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as other:
        waited: list[float] = []

        def wait(seconds: float) -> None:
            waited.append(seconds)
            other.execute("SELECT pg_advisory_unlock(%s)", number)

        def migrate(*_: object, **__: object) -> None:
            [(free,)] = other.execute("SELECT pg_try_advisory_lock(%s)", number).fetchall()
            assert waited and not free

        monkeypatch.setattr(locks, "sleep", wait)
        monkeypatch.setattr(prepare, "call_command", migrate)
        monkeypatch.setattr(prepare, "collect", lambda: None)
        other.execute("SELECT pg_advisory_lock(%s)", number)
        call_command("prepare")
        assert waited == [locks.PAUSE_S]
        [(free,)] = other.execute("SELECT pg_try_advisory_lock(%s)", number).fetchall()
        assert free


def test_the_handbook_names_the_commands_of_the_table() -> None:
    text = (ROOT / "docs" / "operations.md").read_text()
    rows = re.findall(r"^ *\| (\w+) \| `(python [^`]+)` \|", text, re.M)
    assert {name: shlex.split(command) for name, command in rows} == {
        process.name: process.argv for process in processes("127.0.0.1", 8000)
    }


def test_beat_unpickles_nothing_and_writes_nothing(tmp_path: Path) -> None:
    command = by_this_python(TABLE["beat"].argv)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "CALLSTORE_LOG_LEVEL": "INFO"}
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True) as beat:
        assert beat.stderr
        # Where the database of the tests has no tables yet it does not lead.
        begun = ("beat: Starting", "Beat sends nothing")
        said = next(line for line in beat.stderr if any(word in line for word in (*begun, "Traceback")))
        beat.terminate()
    assert any(word in said for word in begun)
    assert list(tmp_path.iterdir()) == []


def test_no_task_waits_longer_than_a_minute_for_a_beat_that_remembers_nothing() -> None:
    for name, entry in celery.app.conf.beat_schedule.items():
        assert isinstance(entry["schedule"], crontab) or entry["schedule"] <= 60, name


def test_without_the_local_packages_up_says_what_to_install() -> None:
    run = "import runpy, sys; sys.modules['psutil'] = None; runpy.run_path('manage.py', run_name='__main__')"
    command = [sys.executable, "-c", run, "up", "--data-dir=/dev/null/data"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr == "CommandError: psutil is missing: install requirements-local.txt.\n"
