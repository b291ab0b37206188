"""On a Postgres of one's own: the roles of docs/operations.md, made first, late or not at all."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from callstore.local import servers
from tests.places import ROOT

PAGE = (ROOT / "docs/operations.md").read_text()
[SQL] = re.findall(r"```sql\n(.*?CREATE DATABASE.*?)```", PAGE, re.DOTALL)
STATEMENTS = [statement.strip() for statement in SQL.split(";") if statement.strip()]
ROLE_LINES = [
    statement for statement in STATEMENTS if "callstore_app" in statement or "callstore_operator" in statement
]
LEGS = "SELECT DISTINCT subject FROM log.stream WHERE subject LIKE 'twilio:CA%'"
SETTINGS = {
    "SECRET_KEY": "x" * 50,
    "LOG_KEY": "a2V5LW9mLXRoZS10ZXN0cy1rZXktb2YtdGhlLXRlc3Q=",
    "REDIS_URL": "redis://127.0.0.1:1",
}


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="callstore-roles-"))
    folder.chmod(0o711)
    (folder / "data").mkdir()
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def cluster(folder: Path) -> Iterator[str]:
    """The address of its superuser."""
    server = servers.postgres(folder, durable=False)
    process = server.start(folder / "postgres.log")
    server.wait()
    yield server.admin_url.rpartition("/")[0] + "/postgres"
    process.send_signal(signal.SIGINT)
    process.wait()


@pytest.fixture
def admin(cluster: str) -> Iterator[Callable[..., None]]:
    """Runs statements as a superuser of a cluster that has no role and no database of ours."""
    with psycopg.connect(cluster, autocommit=True) as own:
        own.execute("DROP DATABASE IF EXISTS callstore WITH (FORCE)")
        for role in ("callstore", "callstore_hand", "callstore_operator", "callstore_app", "callstore_owner"):
            own.execute(f"DROP ROLE IF EXISTS {role}")

        def run(*statements: str) -> None:
            for statement in statements:
                own.execute(statement)

        yield run


@pytest.fixture
def manage(cluster: str, folder: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs a command with the DATABASE_URL of a role that docs/operations.md has made."""
    at = urlsplit(cluster)

    def run(role: str, *arguments: str, seconds: float = 60) -> subprocess.CompletedProcess[str]:
        url = f"postgresql://{role}:change-me@{at.hostname}:{at.port}/callstore"
        there = {"PATH": os.environ["PATH"], "CALLSTORE_DATA_DIR": str(folder / "data"), "DATABASE_URL": url}
        command = ["timeout", str(seconds), sys.executable, str(ROOT / "manage.py"), *arguments]
        return subprocess.run(command, env={**there, **SETTINGS}, capture_output=True, text=True)

    return run


def test_the_statements_of_the_page_are_all_that_prepare_and_the_application_need(admin, manage) -> None:
    admin(*STATEMENTS)
    prepared = manage("callstore_owner", "prepare")
    assert prepared.returncode == 0, prepared.stderr
    for command in (["check", "--database", "default"], ["verify_log"], ["rebuild", "--check"]):
        done = manage("callstore", *command)
        assert done.returncode == 0, done.stderr


def test_without_the_role_prepare_stops_and_says_what_to_run(admin, manage) -> None:
    admin(*(statement for statement in STATEMENTS if statement not in ROLE_LINES))
    done = manage("callstore_owner", "prepare")
    assert done.returncode == 1
    assert "CREATE ROLE callstore_app NOLOGIN;\n" in done.stderr
    assert "CREATE ROLE callstore LOGIN PASSWORD '…' IN ROLE callstore_app;\n" in done.stderr
    assert "Traceback" not in done.stderr


def test_roles_that_are_made_late_are_healed_by_prepare(admin, manage) -> None:
    admin(*(statement for statement in STATEMENTS if statement not in ROLE_LINES))
    assert manage("callstore_owner", "migrate").returncode == 0
    admin(*ROLE_LINES)
    for command in (["check", "--database", "default"], ["verify_log"], ["migrate"], ["relay"]):
        done = manage("callstore", *command, seconds=5 if command == ["relay"] else 60)
        assert done.returncode
        assert "permission denied for " in done.stderr and "Traceback" not in done.stderr, command
        assert done.stderr.count("permission denied") == 1, done.stderr
    looked = manage("callstore", "doctor", "--smoke")
    assert looked.returncode == 1 and "it lacks INSERT on log.event, " in looked.stdout, looked.stderr
    assert manage("callstore_owner", "prepare").returncode == 0
    assert "lacks" not in manage("callstore", "doctor", "--smoke").stdout
    for command in (["check", "--database", "default"], ["verify_log"]):
        done = manage("callstore", *command)
        assert done.returncode == 0, done.stderr


def test_migrate_as_the_application_is_one_sentence(admin, manage) -> None:
    admin(*STATEMENTS)
    assert manage("callstore_owner", "prepare").returncode == 0
    done = manage("callstore", "migrate")
    assert done.returncode == 1 and "permission denied for " in done.stderr
    assert "Traceback" not in done.stderr and "owner" in done.stderr


def test_the_owner_scrubs_and_is_told_which_last_step_is_not_its_own(admin, manage, cluster) -> None:
    admin(*STATEMENTS)
    assert manage("callstore_owner", "prepare").returncode == 0
    sent = manage("callstore", "simulate", "--calls", "2", "--direct")
    assert sent.returncode == 0, sent.stderr
    assert manage("callstore", "rebuild", "--processes", "1").returncode == 0
    database = cluster.rpartition("/")[0] + "/callstore"
    with psycopg.connect(database, autocommit=True) as own:
        legs = own.execute(LEGS).fetchall()
        first, *_, last = (leg.removeprefix("twilio:") for (leg,) in legs)
        done = manage("callstore_owner", "erase", first, "--reason", "asked for", "--scrub")
        assert done.returncode == 0, done.stderr
        assert "is erased." in done.stdout
        assert "GRANT pg_checkpoint TO callstore_owner;\n" in done.stderr
        assert "GRANT EXECUTE ON FUNCTION pg_switch_wal() TO callstore_owner;\n" in done.stderr
        own.execute("GRANT pg_checkpoint TO callstore_owner")
        own.execute("GRANT EXECUTE ON FUNCTION pg_switch_wal() TO callstore_owner")
    done = manage("callstore_owner", "erase", last, "--reason", "asked for", "--scrub")
    assert done.returncode == 0 and "GRANT" not in done.stderr, done.stderr
