"""`up`, compose.yaml, the image and the handbook run the same commands: those of one table."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml
from celery.schedules import crontab

from callstore import celery
from callstore.local.processes import by_this_python, processes
from tests.places import ROOT

TABLE = {process.name: process for process in processes("0.0.0.0", 8000)}  # as a container is reached
NOT_OURS = {"proxy", "postgres", "valkey", "prepare", "operator"}  # servers, and what is done once


def services() -> dict[str, dict[str, Any]]:
    composed = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    return {name: service for name, service in composed.items() if name not in NOT_OURS}


def image_command() -> list[str]:
    text = (ROOT / "Dockerfile").read_text().replace("\\\n", "")
    command: list[str] = json.loads(re.findall(r"^CMD (.*)$", text, re.M)[0])
    return command


def test_the_image_serves_as_the_table_says() -> None:
    assert image_command() == TABLE["web"].argv


def test_compose_runs_the_table() -> None:
    commands = {name: service.get("command", image_command()) for name, service in services().items()}
    assert commands == {name: process.argv for name, process in TABLE.items()}


def test_compose_waits_for_a_process_as_long_as_the_table_says() -> None:
    grace = {name: service.get("stop_grace_period", "10s") for name, service in services().items()}
    assert grace == {name: f"{process.stop_seconds}s" for name, process in TABLE.items()}


def test_the_handbook_names_the_commands_of_the_table() -> None:
    text = (ROOT / "docs" / "operations.md").read_text()
    rows = re.findall(r"^ *\| (\w+) \| `(python [^`]+)` \|", text, re.M)
    assert {name: shlex.split(command) for name, command in rows} == {
        name: process.argv for name, process in TABLE.items()
    }


def test_beat_unpickles_nothing_and_writes_nothing(tmp_path: Path) -> None:
    command = [*by_this_python(TABLE["beat"].argv), "--loglevel=INFO"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True) as beat:
        assert beat.stderr
        said = next(line for line in beat.stderr if "Beat sends nothing" in line or "Error:" in line)
        beat.terminate()
    assert "Beat sends nothing" in said  # it runs, and this database has no table of leaders
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
