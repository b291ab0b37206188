"""Lists read from a real streaming replica, which is behind: that is told, and what must be new is not."""

import json
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings as django_settings
from django.db import connection, connections

from callstore.eventlog.db.leader import Leadership
from callstore.local import servers
from callstore.local.account import account
from callstore.local.unprivileged import own_folder, run_as
from callstore.postgres import base, url
from callstore.projection import projector, replica
from dashboard.replica import HEADER
from tests.conftest import ADDRESSES, FOLDER
from tests.projection.facts import keep, sid, status

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("DATABASE_URL" not in ADDRESSES, reason="copies the Postgres that the tests start"),
]
LIST = "/api/v1/calls"


class Standby:
    """A running replica of the tests' own Postgres."""

    def __init__(self, server: servers.Server, process: "subprocess.Popen[bytes]") -> None:
        self.server, self.process = server, process
        self.leadership = Leadership("relay")

    @property
    def address(self) -> str:
        return self.server.admin_url.rpartition("/")[0] + f"/{connection.settings_dict['NAME']}"

    def ask(self, statement: str) -> object:
        with psycopg.connect(self.address, autocommit=True) as own:
            return own.execute(statement).fetchall()[0][0]

    def pause(self) -> None:
        self.ask("SELECT pg_wal_replay_pause()::text")
        until(lambda: self.ask("SELECT pg_get_wal_replay_pause_state()") == "paused")

    def catch_up(self) -> None:
        [(now,)] = sql("SELECT pg_current_wal_insert_lsn()::text")
        until(lambda: self.ask(f"SELECT pg_last_wal_replay_lsn() >= '{now}'::pg_lsn"))


def sql(statement: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def until(condition: Callable[[], object], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def standby(django_db_setup) -> Iterator[Standby]:
    folder = Path(tempfile.mkdtemp(prefix="callstore-replica-"))
    folder.chmod(0o711)
    access = FOLDER / "postgres" / "pg_hba.conf"
    access.write_text(access.read_text() + "host replication all 127.0.0.1/32 scram-sha-256\n")
    with psycopg.connect(ADDRESSES["DATABASE_URL"], autocommit=True) as own:
        own.execute("SELECT pg_reload_conf()")
    own_folder(folder / "copy")
    copy = [servers.postgres_binaries() / "pg_basebackup", "-d", ADDRESSES["DATABASE_URL"]]
    copy += ["-D", folder / "copy" / "data", "-R", "-X", "stream", "-c", "fast"]
    subprocess.run([*servers.CLEAN, *map(str, copy)], check=True, cwd="/", **run_as(account()))
    (folder / "copy" / "data").rename(folder / "postgres")
    shutil.copy(FOLDER / "servers.json", folder)  # the passwords came along
    server = servers.postgres(folder, durable=False)
    running = Standby(server, server.start(folder / "postgres.log"))
    server.wait()
    yield running
    running.process.send_signal(signal.SIGINT)
    running.process.wait()
    shutil.rmtree(folder)


@pytest.fixture
def read(standby: Standby, monkeypatch) -> Iterator[Standby]:
    """The replica, as DATABASE_REPLICA_URL names it; some relay leads, and says so every second."""
    made = {**connections.settings["default"], **url.replica(standby.address)}
    # Django's tests let nobody ask a database of the settings that it has not made itself.
    connections[replica.ALIAS] = base.DatabaseWrapper(made, replica.ALIAS)
    monkeypatch.setattr(replica, "is_there", lambda: True)
    replica.forget()
    standby.leadership = Leadership("relay")
    standby.leadership.claim()
    standby.catch_up()
    yield standby
    if standby.process.poll() is None:
        standby.ask("SELECT pg_wal_replay_resume()::text")
    connections[replica.ALIAS].close()
    connections[replica.ALIAS].close_pool()
    del connections[replica.ALIAS]
    replica.forget()


def a_call() -> str:
    leg = sid()
    projector.project(keep(status(leg, "completed")))
    return leg


def legs(answer) -> set[str]:
    assert answer.status_code == 200, answer.content
    return {call["parent_call_sid"] for call in json.loads(answer.content)["items"]}


def test_a_list_is_as_old_as_the_replica_and_says_so_and_what_must_be_new_is_not(read, admin_client):
    old = a_call()
    read.leadership.claim()
    read.catch_up()
    read.pause()
    new = a_call()
    answer = admin_client.get(LIST)
    assert legs(answer) == {old}
    assert 0 <= float(answer[HEADER]) < replica.MOST_BEHIND_S
    assert b"s behind: read from a replica" in admin_client.get("/calls").content
    assert b"s behind: read from a replica" in admin_client.get("/").content
    assert new not in admin_client.get("/api/v1/incidents.csv").getvalue().decode()
    newest = admin_client.get(LIST, headers={"Cache-Control": "no-cache"})
    assert legs(newest) == {old, new} and HEADER not in newest
    assert admin_client.get(f"{LIST}/{new}").status_code == 200  # one call is never behind
    reviewed = admin_client.post(f"{LIST}/{new}/review", {"state": "confirmed"}, "application/json")
    assert reviewed.status_code == 200, reviewed.content
    assert legs(admin_client.get(LIST)) == {old, new}  # who wrote sees what they wrote


def test_a_replica_that_is_too_far_behind_is_not_read(read, admin_client, monkeypatch):
    read.leadership.claim()
    read.catch_up()
    assert HEADER in admin_client.get(LIST)
    read.pause()
    new = a_call()
    monkeypatch.setattr(replica, "MOST_BEHIND_S", 0.5)
    until(lambda: HEADER not in admin_client.get(LIST))
    assert legs(admin_client.get(LIST)) == {new}


def test_a_replica_that_goes_away_lets_nobody_down(read, admin_client, monkeypatch):
    new = a_call()
    read.leadership.claim()
    read.catch_up()
    assert HEADER in admin_client.get(LIST)
    replica._look.until = time.monotonic() + 60  # nobody looks before the list does
    read.process.kill()
    read.process.wait()
    answer = admin_client.get(LIST)
    assert legs(answer) == {new} and HEADER not in answer
    assert admin_client.get("/").status_code == 200


def test_without_a_replica_nothing_is_told(admin_client):
    assert "replica" not in django_settings.DATABASES
    assert HEADER not in admin_client.get(LIST)
