"""Backup and restore as docs/operations.md has them: a dump into an empty cluster, and `check_restore`."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from io import BytesIO, StringIO
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from django.core.management import CommandError, call_command

from callstore.domain.facts.events import RecordingAnalysed
from callstore.local import servers
from callstore.media.storage import storage
from ingest.recordings import take
from tests.eventlog.conftest import empty_log  # noqa: F401
from tests.eventlog.drafts import leg
from tests.eventlog.old_months import old_log  # noqa: F401
from tests.eventlog.tampering import GUARDED
from tests.places import ROOT
from tests.test_retirement import clear, fact, keep
from tests.test_roles import SETTINGS, STATEMENTS

PAGE = (ROOT / "docs/operations.md").read_text()
CHAPTER = PAGE.partition("## Backup and restore\n")[2].partition("\n## ")[0]
# The chapter's own lines, with the tools of the embedded Postgres.
DUMP, RESTORE = (re.findall(rf"^({tool} .*)$", CHAPTER, re.M)[0] for tool in ("pg_dump", "pg_restore"))
SEAL = "from callstore.eventlog.proof.seals import seal; seal()"


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="callstore-restore-"))
    folder.chmod(0o711)
    for name in ("data", "first", "second"):
        (folder / name).mkdir(mode=0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def clusters(folder: Path) -> Iterator[list[str]]:
    """Two with the roles of docs/operations.md and an empty database each: host and port of each."""
    places, ends = [], []
    for name in ("first", "second"):
        server = servers.postgres(folder / name, durable=False)
        process = server.start(folder / f"{name}.log")
        ends.append(process)
        server.wait()
        with psycopg.connect(server.admin_url.rpartition("/")[0] + "/postgres", autocommit=True) as own:
            own.execute("DROP DATABASE callstore")
            own.execute("DROP ROLE callstore")
            for statement in STATEMENTS:
                if "ROLE callstore_app NOLOGIN" not in statement:
                    own.execute(statement)
        at = urlsplit(server.admin_url)
        places.append(f"{at.hostname}:{at.port}")
    yield places
    for process in ends:
        process.send_signal(signal.SIGINT)
        process.wait()


Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def run(folder: Path, clusters: list[str]) -> Run:
    """Runs a line of a shell in the clone against a cluster, by a role."""

    def run(cluster: int, role: str, line: str) -> subprocess.CompletedProcess[str]:
        path = f"{servers.postgres_binaries()}:{os.environ['PATH']}"
        there = {"PATH": path, "CALLSTORE_DATA_DIR": str(folder / "data"), "HOME": str(folder)}
        there["DATABASE_URL"] = f"postgresql://{role}:change-me@{clusters[cluster]}/callstore"
        line = line.replace("manage.py", f"{sys.executable} {ROOT / 'manage.py'}")
        given = {"env": {**there, **SETTINGS}, "cwd": folder, "capture_output": True, "text": True}
        return subprocess.run(["timeout", "120", "sh", "-c", line], **given)

    return run


def test_a_dump_is_restored_into_an_empty_cluster_and_what_is_damaged_is_named(run: Run, clusters) -> None:
    for role, line in (
        ("callstore_owner", "manage.py prepare"),
        ("callstore", "manage.py simulate --calls 3 --direct --brief"),
        ("callstore", f"manage.py shell -c '{SEAL}' && manage.py export_seals > seals.jsonl"),
        ("callstore_owner", DUMP),
    ):
        done = run(0, role, line)
        assert done.returncode == 0, done.stderr
    restored = run(1, "callstore_owner", RESTORE)
    assert restored.returncode == 0, restored.stderr

    refused = run(1, "callstore", "manage.py check_restore")
    assert refused.returncode == 1 and "only the owner" in refused.stderr, refused.stderr
    # Nothing was projected before the dump: what waited then is no difference.
    for _ in range(2):
        checked = run(1, "callstore_owner", "manage.py check_restore --seals seals.jsonl")
        assert checked.returncode == 0, checked.stdout + checked.stderr
        assert checked.stdout.startswith("Epoch 2, since "), checked.stdout
        assert "The log is proved" in checked.stdout and "Nothing differs." in checked.stdout
    assert run(1, "callstore", "manage.py check_restore").returncode == 0

    position = damage(f"postgresql://callstore_owner:change-me@{clusters[1]}/callstore")
    checked = run(1, "callstore_owner", "manage.py check_restore")
    assert checked.returncode == 1 and "Traceback" not in checked.stderr
    assert f"position {position}: the row is not what its digest says" in checked.stdout
    assert "seal 1 is not what its digest says" in checked.stdout
    assert "verdict_confidence is damaged, should be " in checked.stdout, checked.stdout
    assert "verify_log and rebuild found what is above" in checked.stderr


def damage(database: str) -> int:
    """Change a row, a seal and a read model as the owner; the row's position."""
    with psycopg.connect(database, autocommit=True) as own:
        for table, trigger in own.execute(GUARDED).fetchall():
            own.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
        [(position,)] = own.execute(
            "UPDATE log.event SET facts = facts || '{\"x\": 1}' WHERE position = (SELECT min(position)"
            " FROM log.event) RETURNING position"
        ).fetchall()
        own.execute("UPDATE log.seal SET sealed_at = sealed_at + interval '1 s' WHERE seal_no = 1")
        for table, trigger in own.execute(GUARDED).fetchall():
            own.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {trigger}")
        own.execute(
            "UPDATE call SET verdict_confidence = 'damaged'"
            " WHERE call_id = (SELECT max(call_id::text)::uuid FROM call)"
        )
    return int(position)


@pytest.mark.usefixtures("old_log")
def test_a_recording_that_was_not_brought_back_is_named_where_that_is_asked(settings, tmp_path) -> None:
    settings.RECORDING_STORAGE = str(tmp_path)
    clear()
    for sid in ("RE1", "RE2"):
        media, peaks = take.names(sid)
        storage().put(media, BytesIO(b"RIFF"))
        heard = RecordingAnalysed(
            recording=sid, analyser="1", duration_s=1.0, sample_rate=8000, channels=2, sha256="0",
            media=media, peaks=peaks, caller=(), agent=(), echo=(),
        )  # fmt: skip
        subject = leg()
        keep(fact("03-01", subject), fact("03-01", subject, f"analysed:{sid}", heard))
    out = StringIO()
    call_command("check_restore", recordings=True, stdout=out)
    assert "2 recordings are there" in out.getvalue() and "The restore is whole." in out.getvalue()
    storage().remove("RE2.wav")
    call_command("check_restore", stdout=StringIO())
    out = StringIO()
    with pytest.raises(CommandError, match="The restore is in doubt: recordings found what is above"):
        call_command("check_restore", recordings=True, stdout=out)
    assert "RE2.wav is not in RECORDING_STORAGE" in out.getvalue() and "RE1" not in out.getvalue()
