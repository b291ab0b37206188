"""A full disk: the recording and /readyz say that it is, and when there is room the recording is fetched."""

import errno
import os
import subprocess

import pytest

from callstore.domain.facts.events import RecordingAnalysed, RecordingFailed
from callstore.health import endpoints
from callstore.media.folder import Folder
from callstore.media.storage import storage
from ingest.recordings import tasks, trouble
from tests.ingest.recordings.test_take import SOUND, facts, given, run, twilio, waits  # noqa: F401  (fixtures)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_trouble():
    trouble.over()
    endpoints.forget()
    yield
    trouble.over()


@pytest.fixture
def small_disk(twilio, settings, tmp_path):  # noqa: F811  (fixtures)
    """A filesystem of 512 kB for recordings; what is called makes it 16 MB."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("only root may mount a small filesystem, where it may mount at all")
    settings.RECORDING_STORAGE = str(folder)
    yield lambda: subprocess.run(["mount", "-o", "remount,size=16m", str(folder)], check=True)
    subprocess.run(["umount", str(folder)], check=True)


def said(client):
    endpoints.forget()
    return client.get("/readyz").json()["recordings"]


def test_a_full_disk_is_told_and_passes(given, small_disk, client, monkeypatch):  # noqa: F811  (fixtures)
    _, leg, recording, _ = given
    assert len(SOUND) > 512 * 1024
    assert said(client) == "ok"
    with monkeypatch.context() as once:
        assert waits(given, once, 0) == 2
        assert waits(given, once, 4) == 300
    [fact] = facts(leg)
    assert fact.event == RecordingFailed(recording=recording, reason="disk full", permanent=False)
    assert list(storage().root.iterdir()) == []
    assert said(client) == "disk full"
    small_disk()
    run(given, task_id="one", retries=5).get()
    assert {type(fact.event) for fact in facts(leg)} == {RecordingFailed, RecordingAnalysed}
    assert said(client) == "ok"


def test_it_is_never_given_up_for_good(given, small_disk, monkeypatch):  # noqa: F811  (fixtures)
    assert waits(given, monkeypatch, len(tasks.WAITS)) is None
    [fact] = facts(given[1])
    assert not fact.event.permanent


@pytest.mark.parametrize(
    ("number", "reason"),
    [(errno.ENOSPC, "disk full"), (errno.EDQUOT, "disk full"), (errno.EACCES, "not kept: Permission denied")],
)
def test_every_fault_of_the_storage_is_a_reason(given, client, monkeypatch, number, reason):  # noqa: F811  (fixtures)
    def broken(*_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Folder, "put", broken)
    assert waits(given, monkeypatch, 0) == 2
    [fact] = facts(given[1])
    assert (fact.event.reason, fact.event.permanent) == (reason, False)
    assert said(client) == reason
