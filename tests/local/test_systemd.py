"""deploy/systemd runs the table of processes, each with what it must be told, and confines them."""

import base64
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from callstore.local.processes import BUCKET_SECRETS, processes, python
from tests.places import ROOT

UNITS = ROOT / "deploy" / "systemd"
COMMON = (UNITS / "callstore-.service.d" / "common.conf").read_text()
TABLE = {
    process.name: process for process in processes("127.0.0.1", 8000)
}  # a proxy stands on the same machine
PYTHON = "/opt/callstore/bin/python"
GUESSED = {"SECRET_KEY", "OIDC_CLIENT_SECRET"}
ANALYZE = shutil.which("systemd-analyze")


def unit(name: str) -> list[tuple[str, str]]:
    """The settings of a process's unit, in their order."""
    text = (UNITS / f"callstore-{name}.service").read_text()
    return re.findall(r"^(\w+)=(.*)$", text, re.M)


def test_there_is_a_unit_for_each_process_and_the_target_wants_it() -> None:
    there = {path.stem.removeprefix("callstore-") for path in UNITS.glob("*.service")}
    assert there == TABLE.keys() | {"prepare", "retire"}
    [wanted] = re.findall(r"^Wants=(.*)$", (UNITS / "callstore.target").read_text(), re.M)
    assert set(wanted.split()) == {f"callstore-{name}.service" for name in TABLE} | {"callstore-retire.timer"}


@pytest.mark.parametrize("name", sorted(TABLE))
def test_a_unit_runs_the_command_of_the_table_and_is_started_again(name: str) -> None:
    own, table = dict(unit(name)), TABLE[name]
    assert shlex.split(own["ExecStart"].replace("%%", "%")) == [PYTHON, *table.argv[1:]]
    assert own["TimeoutStopSec"] == str(table.stop_seconds)
    assert own["Restart"] == "always" and own["MemoryMax"]
    # Doors open although Postgres is away when the machine starts, and prepare fails.
    assert own["Wants"] == own["After"] == "callstore-prepare.service" and "Requires" not in own


def test_what_fails_is_tried_again_for_ever() -> None:
    prepare = dict(unit("prepare"))
    assert (prepare["Type"], prepare["Restart"], prepare["RestartSec"]) == ("oneshot", "on-failure", "10")
    assert "\n[Unit]\nStartLimitIntervalSec=0\n" in COMMON


def test_old_months_go_daily_or_half_an_hour_later_where_something_is_in_the_way() -> None:
    own = dict(unit("retire"))
    assert shlex.split(own["ExecStart"]) == [PYTHON, *python("retire_month", "--due")[1:]]
    assert own["ExecCondition"] == "/bin/sh -c 'test -n \"$$RETENTION_DAYS\"'"
    assert (own["Type"], own["Restart"]) == ("oneshot", "on-failure") and own["RestartSec"] == "1800"
    timer = dict(re.findall(r"^(\w+)=(.*)$", (UNITS / "callstore-retire.timer").read_text(), re.M))
    assert timer["OnCalendar"].startswith("*-*-*") and timer["Persistent"] == "yes"


@pytest.mark.parametrize("name", sorted(TABLE))
def test_a_unit_has_its_own_secrets_and_no_others(name: str) -> None:
    loaded = [value for key, value in unit(name) if key == "LoadCredential"]
    named = [value for key, value in unit(name) if key == "Environment"]
    # Those of a bucket come by a drop-in, where recordings lie in one.
    secrets = sorted(secret.lower() for secret in TABLE[name].secrets - BUCKET_SECRETS)
    assert loaded == [f"{secret}:/etc/callstore/secrets/{secret}" for secret in secrets]
    assert named == [f"{secret.upper()}_FILE=%d/{secret}" for secret in secrets]


def test_prepare_has_what_its_checks_ask_where_people_sign_in_by_openid_connect(tmp_path: Path) -> None:
    told = {"PATH": os.environ["PATH"], "CALLSTORE_DATA_DIR": str(tmp_path)}
    told |= {"OIDC_ISSUER": "https://id.example.com", "OIDC_CLIENT_ID": "callstore"}  # as in callstore.env
    own = {"DATABASE_URL": "postgresql://u@h/d", "REDIS_URL": "redis://h"}
    own["LOG_KEY"] = base64.b64encode(bytes(32)).decode()
    for key, value in unit("prepare"):
        if key == "Environment":
            name = value.partition("_FILE=")[0]
            (tmp_path / name).write_text(own.get(name, "x" * 50 if name in GUESSED else ""))
            told[f"{name}_FILE"] = str(tmp_path / name)
    command = [sys.executable, "manage.py", "check"]
    done = subprocess.run(command, cwd=ROOT, env=told, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_command_of_root_finds_what_it_needs_by_the_path_of_cron(tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "callstore.env").write_text("")
    for name in ("owner_database_url", "operator_database_url", "database_url"):
        (tmp_path / "secrets" / name).write_text("")
    told = {"PATH": "/usr/bin:/bin", "CALLSTORE_CONFIG": str(tmp_path), "CALLSTORE_DATA_DIR": str(tmp_path)}
    command = ["sh", str(ROOT / "deploy" / "callstore.sh"), "help"]
    done = subprocess.run(command, env=told, capture_output=True, text=True)
    assert "runuser: " in done.stderr and "not found" not in done.stderr  # no such user, or no such right


def test_every_unit_is_nobody_of_note_and_writes_nowhere_but_into_its_data() -> None:
    for said in (
        "User=callstore", "EnvironmentFile=/etc/callstore/callstore.env", "StateDirectory=callstore",
        "ProtectSystem=strict", "NoNewPrivileges=yes", "CapabilityBoundingSet=", "PrivateTmp=yes",
        "UMask=0077",
    ):  # fmt: skip
        assert f"\n{said}\n" in COMMON


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The units where systemd looks for them, with a Python that is there."""
    if ANALYZE is None:
        pytest.skip("no systemd-analyze here")
    shutil.copytree(UNITS, tmp_path, dirs_exist_ok=True)
    for path in tmp_path.glob("*.service"):
        path.write_text(path.read_text().replace(PYTHON, sys.executable))
    monkeypatch.setenv("SYSTEMD_UNIT_PATH", f"{tmp_path}:")
    return tmp_path


def test_systemd_understands_every_unit(installed: Path) -> None:
    command = [
        str(ANALYZE),
        "verify",
        *map(str, [*installed.glob("*.service"), *installed.glob("*.timer"), installed / "callstore.target"]),
    ]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_systemd_finds_little_that_a_hole_in_a_process_would_open(installed: Path) -> None:
    """Its own scale: 10.0 is a unit without any of it, below 2.0 it calls `OK` with a smile."""
    command = [str(ANALYZE), "security", "--offline=true", "--threshold=20"]
    done = subprocess.run(
        [*command, str(installed / "callstore-web.service")], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout
