"""Nobody plants what `up` obeys, and nobody else reads what its servers keep."""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management.base import CommandError

from callstore.local import orphans, servers, unprivileged
from callstore.local.account import account
from callstore.local.ownership import refuse_foreign
from tests.places import ROOT

root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files to somebody else")
STRANGER = pwd.getpwnam("nobody").pw_uid


@pytest.fixture
def data(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data folder below one that everybody may look into; what lies outside as root lies beside it."""
    home = Path(tempfile.mkdtemp(prefix="callstore-owned-"))
    home.chmod(0o755)
    monkeypatch.setattr(unprivileged, "OUTSIDE", home / "outside")
    (home / "data").mkdir(mode=0o700)
    yield home / "data"
    shutil.rmtree(home)


def up(data: Path) -> str:
    """What `up` on this folder says; it must refuse, and touch nothing."""
    before = {path.name for path in data.iterdir()}
    command = [sys.executable, "manage.py", "up", "--port", "9549", "--data-dir", str(data)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (1, "")
    assert {path.name for path in data.iterdir()} - {"up.lock"} == before
    [line] = done.stderr.splitlines()
    return line


@root_only
def test_a_folder_of_somebody_else_is_refused_in_one_sentence(data: Path) -> None:
    (data / "beat-schedule.dat").write_bytes(b"cos\nsystem\n(S'true'\ntR.")
    os.chown(data, STRANGER, -1)
    assert up(data).startswith(f"CommandError: {data} belongs to nobody, and root would obey it")


def test_a_folder_that_others_may_write_to_is_refused_in_one_sentence(data: Path) -> None:
    data.chmod(0o770)
    assert up(data).startswith(f"CommandError: {data} may be written by others")


@root_only
@pytest.mark.parametrize("name", ["servers", "servers.json", "log_key", "beat-schedule.dat"])
def test_a_file_of_somebody_else_is_refused_before_it_is_read(data: Path, name: str) -> None:
    (data / name).write_text("/etc\n")
    os.chown(data / name, STRANGER, -1)
    assert f"{data / name} belongs to nobody" in up(data)


@root_only
@pytest.mark.parametrize("whose", ["the link", "what it leads to"])
def test_a_link_of_somebody_else_is_not_followed(data: Path, whose: str) -> None:
    elsewhere = data.parent / "elsewhere"
    elsewhere.mkdir(mode=0o700)
    (data / "logs").symlink_to(elsewhere)
    os.chown(data / "logs" if whose == "the link" else elsewhere, STRANGER, -1, follow_symlinks=False)
    assert f"{data / 'logs'} belongs to nobody" in up(data)


@root_only
def test_servers_of_somebody_else_are_not_obeyed(data: Path) -> None:
    planted = data.parent / "planted"
    planted.mkdir(mode=0o711)
    (planted / "servers.json").write_text('{"postgres_password": "known"}')
    (data / "servers").write_text(f"{planted}\n")
    os.chown(planted / "servers.json", STRANGER, -1)
    os.chown(planted, STRANGER, -1)
    assert f"{planted} belongs to nobody" in up(data)


def test_what_is_ours_alone_is_taken_with_links_of_ours(data: Path) -> None:
    (data / "log_key").write_text("key")
    (data / "logs").symlink_to(data.parent)
    (data / "leads-nowhere").symlink_to(data.parent / "gone")
    refuse_foreign(data)
    (data / "log_key").chmod(0o666)
    with pytest.raises(CommandError, match="log_key may be written by others"):
        refuse_foreign(data)


def read_as(name: str, path: Path) -> int:
    """How reading a file as another user ends: 0 where it was read."""
    return subprocess.run(["cat", path], cwd="/", capture_output=True, **unprivileged.run_as(name)).returncode


@root_only
def test_another_process_of_nobody_reads_neither_the_cluster_nor_valkeys_password(data: Path) -> None:
    folder = unprivileged.servers_folder(data)
    servers.postgres(folder, durable=False)
    servers.valkey(folder)
    for path in ("postgres/PG_VERSION", "postgres/pg_hba.conf", "valkey/valkey.conf"):
        assert read_as(str(account()), folder / path) == 0
        assert read_as("nobody", folder / path) != 0


@root_only
def test_a_cluster_that_ran_as_nobody_is_given_to_the_account(data: Path) -> None:
    folder = unprivileged.servers_folder(data)
    servers.postgres(folder, durable=False)
    planted = folder / "postgres" / "planted"
    planted.symlink_to("/etc/shadow")
    for path in (folder / "postgres", *(folder / "postgres").rglob("*")):
        os.chown(path, STRANGER, -1, follow_symlinks=False)
    shadow = Path("/etc/shadow").stat().st_uid
    server = servers.postgres(folder, durable=False)
    assert (folder / "postgres" / "base").owner() == account() and Path("/etc/shadow").stat().st_uid == shadow
    process = server.start(data / "log")
    server.wait()
    orphans.end(data, folder)
    assert process.wait(20) == 0


@root_only
def test_servers_that_outlive_their_data_folder_name_it(data: Path) -> None:
    folder = unprivileged.servers_folder(data)
    assert (folder / "data-folder").read_text() == f"{data}\n"
