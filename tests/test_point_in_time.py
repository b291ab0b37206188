"""A database brought back to a moment, by the lines of docs/operations.md: archive, base backup, recovery."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from callstore.local import servers
from callstore.local.account import account
from callstore.local.servers import Server
from callstore.local.unprivileged import own_folder, run_as
from tests.places import ROOT
from tests.test_roles import SETTINGS

PAGE = (ROOT / "docs/operations.md").read_text()
CHAPTER = PAGE.partition("### Back to a moment\n")[2].partition("\n### ")[0]
CONFIGURED, COPY, RECOVERY = re.findall(r"```\n(.*?)```", CHAPTER, re.DOTALL)
SEAL = "from callstore.eventlog.proof.seals import seal; seal()"
EVENTS = "SELECT count(*) FROM log.event"


@pytest.fixture
def folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="callstore-moment-"))
    folder.chmod(0o711)
    for name in ("wal", "first", "second"):
        own_folder(folder / name)
    (folder / "data").mkdir()
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def start() -> Iterator[Callable[[Server, Path], "subprocess.Popen[bytes]"]]:
    running: list[subprocess.Popen[bytes]] = []

    def begin(server: Server, log: Path) -> "subprocess.Popen[bytes]":
        running.append(server.start(log))
        server.wait()
        return running[-1]

    yield begin
    for process in running:
        process.send_signal(signal.SIGINT)
        process.wait()


def test_the_log_is_brought_back_to_a_moment_and_is_whole(folder: Path, start) -> None:
    def ours(lines: str) -> str:
        return lines.replace("/srv/wal", str(folder / "wal"))

    first = archiving(servers.postgres(folder / "first", durable=False), ours(CONFIGURED), folder)
    process = start(first, folder / "first.log")
    run(folder, first, "manage.py prepare")
    run(folder, first, "manage.py simulate --calls 2 --direct --brief")
    run(
        folder,
        first,
        COPY.replace("--pgdata=base", f"--pgdata={folder / 'second' / 'base'}"),
        unprivileged=True,
    )
    run(folder, first, "manage.py simulate --calls 2 --direct --brief")
    run(folder, first, f"manage.py shell -c '{SEAL}' && manage.py export_seals > seals.jsonl")
    [(events,)], [(moment,)] = sql(first, EVENTS), sql(first, "SELECT clock_timestamp()::text")
    run(folder, first, "manage.py simulate --calls 2 --direct --brief")
    assert sql(first, EVENTS) > [(events,)]
    sql(first, "DROP TABLE call_words, neighbour")  # the accident
    [(last,)] = sql(first, "SELECT pg_walfile_name(pg_switch_wal())")
    until(lambda: (folder / "wal" / last).exists())
    process.send_signal(signal.SIGINT)
    process.wait()

    (folder / "second" / "base").rename(folder / "second" / "postgres")
    data = folder / "second" / "postgres"
    recovery = re.sub(r"(recovery_target_time = ').*'", rf"\g<1>{moment}'", ours(RECOVERY))
    with (data / "postgresql.auto.conf").open("a") as configured:
        configured.write(recovery)
    (data / "recovery.signal").touch()
    shutil.copy(folder / "first" / "servers.json", folder / "second")  # the passwords are those of the copy
    second = servers.postgres(folder / "second", durable=False)
    start(second, folder / "second.log")
    until(lambda: sql(second, "SELECT pg_is_in_recovery()") == [(False,)])

    run(folder, second, "manage.py prepare")
    checked = run(folder, second, "manage.py check_restore --seals seals.jsonl")
    assert sql(second, EVENTS) == [(events,)]
    assert checked.startswith("Epoch 2, since ") and "The restore is whole." in checked, checked


def archiving(server: Server, configured: str, folder: Path) -> Server:
    """The same server with these lines, to which its owner may connect for a base backup."""
    settings = re.findall(r"^(\w+) = '?(.*?)'?$", configured, re.M)
    access = folder / "first" / "postgres" / "pg_hba.conf"
    access.write_text(access.read_text() + "host replication all 127.0.0.1/32 scram-sha-256\n")
    given = [part for name, value in settings for part in ("-c", f"{name}={value}")]
    return replace(server, argv=[*server.argv, *given])


def run(folder: Path, server: Server, line: str, *, unprivileged: bool = False) -> str:
    """What a line of a shell says, which must succeed."""
    there = {
        "PATH": f"{servers.postgres_binaries()}:{os.environ['PATH']}",
        "CALLSTORE_DATA_DIR": str(folder / "data"),
    }
    there |= {"DATABASE_URL": server.admin_url, "REPLICATION_URL": server.admin_url, "HOME": str(folder)}
    line = line.replace("manage.py", f"{sys.executable} {ROOT / 'manage.py'}")
    whose = run_as(account()) if unprivileged else {}
    done = subprocess.run(
        ["sh", "-c", line], env={**there, **SETTINGS}, cwd=folder, capture_output=True, text=True, **whose
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def sql(server: Server, statement: str) -> list[tuple]:
    with psycopg.connect(server.admin_url, autocommit=True) as own:
        done = own.execute(statement)
        return done.fetchall() if done.description else []


def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.1)
