"""The proof goes on after a month has gone, and finds what it found before."""

import json
import re
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection

from callstore.eventlog.db.locks import Lock
from callstore.eventlog.proof import export, retired_leaves, seals
from callstore.eventlog.reading.feed import BEGINNING, Cursor, feed
from callstore.eventlog.retention import retire
from callstore.eventlog.writing.append import append
from ingest.retention import retirement as facts
from tests.eventlog.drafts import leg
from tests.eventlog.old_months import UNTIL, doubts, on, retire_months, tables
from tests.eventlog.tampering import await_feed, sql, unguarded

pytestmark = pytest.mark.usefixtures("old_log")


def test_the_proof_holds_before_and_after_and_counts_what_went(legs, capsys):
    assert doubts() == []
    retire_months()
    assert doubts() == []
    await_feed()
    seals.seal()
    assert doubts() == []
    call_command("verify_log")
    out = capsys.readouterr().out
    assert out.startswith("The log is proved: 12 events at")
    assert "7 of them were retired: their digests stayed." in out


def test_the_proof_holds_however_far_a_retirement_came(legs):
    [january, february] = retire.months(UNTIL)
    facts.exchange(january, UNTIL, (), retire.fence())
    assert doubts() == []
    traces = [trace for some in retire.leftovers(january._replace(gone=True)) for trace in some]
    retire.forget(january, traces)
    assert doubts() == []
    sql("SELECT log.set_apart('2025-02-01', '2025-02-01', '{}')")
    retired_leaves.keep(2, retire._going(february))
    assert doubts() == []
    retire_months()
    assert doubts() == []
    assert tables() == ["event_2025_03"]


def test_seals_that_were_exported_before_are_those_of_the_log_after(legs):
    known = {line["seal"]: line["this"] for line in export.lines()}
    before = list(export.lines(events=True))
    retire_months()
    assert doubts(known) == []
    assert list(export.lines(events=True))[: len(before)] == before
    assert list(export.lines(1, events=True))[:2] == before[10:]


def test_an_export_after_a_retirement_can_be_checked_elsewhere(legs, tmp_path):
    retire_months()
    await_feed()
    seals.seal()
    [script] = re.findall(r"```python\n(.*?)```", Path("docs/proof.md").read_text(), re.S)
    lines = "\n".join(map(json.dumps, export.lines(events=True)))
    done = subprocess.run([sys.executable, "-I", "-c", script], input=lines, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count(": good") == 4


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("UPDATE log.event SET type = 'x' WHERE bucket = '2025-03-01'", "row is not what its digest says"),
        ("DELETE FROM log.event WHERE bucket = '2025-03-01'", "6 events, though 9 were sealed"),
        ("UPDATE log.retired SET leaves = set_byte(leaves, 60, get_byte(leaves, 60) # 1)",
         "retirement 1 (2025-01): its digests are not those that were kept"),
        ("UPDATE log.retired SET leaves = set_byte(leaves, 30, get_byte(leaves, 30) # 1)",
         "its events are not those that were sealed"),
        ("DELETE FROM log.retired", "its digests are not those that were kept"),
        ("DELETE FROM log.retirement WHERE no = 2", "retirement 2 (2025-02) is told of, but missing"),
        ("UPDATE log.retirement SET events = 2 WHERE no = 1", "retirement 1 (2025-01): no event tells of it"),
        ("DELETE FROM log.event WHERE type = 'month.retired'", "retirement 2 (2025-02): no event"),
        ("DELETE FROM log.seal WHERE seal_no = 1", "seal 1 is missing"),
    ],
)  # fmt: skip
def test_tampering_after_a_retirement_is_found(legs, change, found):
    retire_months()
    await_feed()
    seals.seal()
    assert doubts() == []
    with unguarded():
        sql(change)
    assert any(found in line for line in doubts())


def test_events_that_are_passed_off_as_retired_are_found(legs):
    """By an owner who moves digests of March where those of retired months lie, and enters that."""
    retire_months()
    with unguarded():
        rows = sql(
            "SELECT epoch, xid::text::bigint, position, row_sha FROM log.event"
            " WHERE bucket = '2025-03-01' ORDER BY epoch, xid, position"
        )
        retired_leaves.keep(3, [(Cursor(*row[:3]), bytes(row[3])) for row in rows])
        sql("DELETE FROM log.event WHERE bucket = '2025-03-01'")
        sql("INSERT INTO log.retirement (no, month, events, digest) SELECT 3, '2025-03-01', 3, sha256(leaves)"
            " FROM log.retired WHERE no = 3")  # fmt: skip
    assert "retirement 3 (2025-03): no event tells of it" in doubts()


def test_a_changed_row_is_not_passed_over_by_retiring_it(legs):
    [(victim,)] = sql("SELECT max(position) FROM log.event WHERE bucket = '2025-02-01'")
    with unguarded():
        sql("UPDATE log.event SET facts = '{}' WHERE position = %s", victim)
    with pytest.raises(retire.NotRetired, match=f"position {victim}: the row is not what its digest says"):
        retire_months()
    assert tables() == ["event_2025_02", "event_2025_02_kept", "event_2025_03"]


def test_a_removed_row_is_missed_in_its_seal_also_after_its_month_went(legs):
    with unguarded():
        sql("DELETE FROM log.event WHERE bucket = '2025-02-01' AND dedup_key = '2'")
    retire_months()
    assert any("8 events, though 9 were sealed" in line for line in doubts())


def test_a_month_that_a_proof_is_reading_waits(legs):
    lines = export.lines(events=True)
    next(lines)
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as own:
        [(free,)] = own.execute("SELECT pg_try_advisory_lock(%s)", [Lock.RETIRE.value]).fetchall()
        assert not free
    lines.close()


def test_what_is_not_sealed_does_not_go(legs, monkeypatch):
    append([on("02-03", legs[1], "unsealed")])
    monkeypatch.setattr(seals, "seal", lambda: 0)
    with pytest.raises(retire.NotRetired, match="not sealed yet"):
        retire_months()
    assert "event_2025_02" in tables()


def test_leaves_are_found_behind_any_place_however_they_were_packed(old_log, monkeypatch):
    monkeypatch.setattr(retired_leaves, "TOGETHER", 2)
    a = leg()
    append([on("02-01", a, f"{n:02}") for n in range(25)])
    await_feed()
    seals.seal()
    there = [(entry.at, entry.row_sha) for entry in feed(BEGINNING)]
    retire_months()
    assert sql("SELECT count(*) FROM log.retired") == [(13,)]
    assert list(retired_leaves.leaves(BEGINNING)) == there
    for n, (at, _) in enumerate(there):
        assert list(retired_leaves.leaves(at)) == there[n + 1 :]
