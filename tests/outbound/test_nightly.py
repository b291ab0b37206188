"""The settled calls of a day are written once, without what is personal; missed days are made up for."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from callstore.outbound import nightly, tasks
from callstore.outbound.models import NightlyFile
from callstore.projection import projector
from callstore.projection.changes import settling
from callstore.report.document import stable_fields
from callstore.settlement.models import Settlement
from tests.projection.facts import keep, offered, rtc, said, sid, status

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)
TODAY, YESTERDAY = NOW.date(), NOW.date() - timedelta(days=1)


@pytest.fixture
def folder(settings, tmp_path) -> Path:
    settings.RECORDING_STORAGE = str(tmp_path / "recordings")
    return tmp_path / "recordings"


def settled(day: datetime) -> str:
    leg, child, session = sid(), sid(), rtc()
    projector.project(
        keep(
            status(leg, "completed", at=9, caller="+15550142"),
            status(child, "completed", parent=leg, at=8),
            offered(session, child),
            said(session, "my card is 4111"),
        )
    )
    settling.settle(NOW + timedelta(hours=2))
    Settlement.objects.filter(told_at__gt=NOW).update(told_at=day)
    return leg


def test_a_day_is_written_with_its_manifest_and_checksum_and_without_what_is_personal(folder):
    legs = {settled(NOW - timedelta(days=1)) for _ in range(3)}
    settled(NOW)
    tasks.export_nightly()
    keys = nightly.names(YESTERDAY)
    assert {path.name for path in folder.iterdir()} == set(keys.values())
    written = (folder / keys["calls"]).read_bytes()
    calls = [json.loads(line) for line in written.splitlines()]
    assert {call["parent_call_sid"] for call in calls} == legs
    assert [call["call_id"] for call in calls] == sorted(call["call_id"] for call in calls)
    manifest = json.loads((folder / keys["manifest"]).read_bytes())
    digest = hashlib.sha256(written).hexdigest()
    assert manifest["calls"] == 3 and manifest["schema"] == nightly.SCHEMA
    assert manifest["files"] == [{"name": keys["calls"], "bytes": len(written), "sha256": digest}]
    assert (folder / keys["checksum"]).read_text() == f"{digest}  {keys['calls']}\n"
    assert b"5550142" not in written and b"4111" not in written
    assert set(calls[0]) | nightly.LEFT_OUT == set(stable_fields())


def test_a_day_that_was_written_is_not_written_again_and_a_missed_one_is(folder, capsys):
    settled(NOW - timedelta(days=3))
    tasks.export_nightly()
    assert sorted(NightlyFile.objects.values_list("calls", flat=True)) == [0, 0, 1]
    before = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    settled(NOW - timedelta(days=1))
    tasks.export_nightly()
    assert {path: path.stat().st_mtime_ns for path in folder.iterdir()} == before
    call_command("export_nightly", "--day", str(YESTERDAY))
    assert "0 calls" in capsys.readouterr().out
    call_command("export_nightly", "--day", str(YESTERDAY), "--again")
    assert "1 calls" in capsys.readouterr().out
    for wrong in (["--day", str(TODAY)], ["--day", "yesterday"], ["--again"]):
        with pytest.raises(CommandError):
            call_command("export_nightly", *wrong)


def test_a_storage_that_fails_is_tried_again_the_next_time(folder, settings):
    settled(NOW - timedelta(days=1))
    folder.write_text("a file where the folder should be")
    tasks.export_nightly()
    assert not NightlyFile.objects.exists()
    folder.unlink()
    tasks.export_nightly()
    assert NightlyFile.objects.get().calls == 1
