"""`up`, compose.yaml, the image and the handbook run the same commands: those of one table."""

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

from callstore.local.processes import processes
from tests.places import ROOT

# In a container web is reached from outside, and only /tmp belongs to beat.
TABLE = {process.name: process for process in processes("0.0.0.0", 8000, Path("/tmp"))}
NOT_OURS = {"postgres", "valkey", "prepare"}  # two servers, and what is done once


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


def test_without_the_local_packages_up_says_what_to_install() -> None:
    run = "import runpy, sys; sys.modules['psutil'] = None; runpy.run_path('manage.py', run_name='__main__')"
    command = [sys.executable, "-c", run, "up", "--data-dir=/dev/null/data"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr == "CommandError: psutil is missing: install requirements-local.txt.\n"
