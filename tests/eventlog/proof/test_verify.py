"""The proof finds what was done to the log, and says where. It is done for real, by the tables' owner."""

import re

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from callstore.domain.facts.events import AppSaid, LegStatus
from callstore.eventlog.crypto import digest
from callstore.eventlog.proof import export, scan, seals, verify
from callstore.eventlog.retention import months
from callstore.eventlog.writing.append import append
from tests.eventlog.drafts import draft, leg
from tests.eventlog.tampering import await_feed, sql, unguarded

pytestmark = pytest.mark.usefixtures("empty_log")


TAMED = (
    "CREATE OR REPLACE FUNCTION log.refuse_change() RETURNS trigger"
    " LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'"
)


def doubts(known=None) -> list[str]:
    return list(verify.doubts(known or {}, lambda events: None))


@pytest.fixture
def positions(empty_log):
    """Three sealed stretches of four events each, of two calls, and two events that nobody has sealed yet."""
    a, b = leg(), leg()
    kept = []
    for stretch in range(3):
        for n in (0, 1):
            kept += append([draft(a, f"{stretch}{n}"), draft(b, f"{stretch}{n}", LegStatus(status="busy"))])
        await_feed()
        seals.seal()
    kept += append([draft(a, "tail"), draft(b, "tail")])
    return sorted(kept)


def test_an_honest_log_leaves_no_doubt(positions, capsys):
    append([draft(f"app:{leg()}", event=AppSaid(what="deployed"), source="app")])
    assert doubts() == []
    call_command("verify_log")
    out = capsys.readouterr()
    assert out.out.startswith("The log is proved: 15 events at")
    assert "3 wait for the next seal" in out.out
    assert re.search(r"\] 100% 15 of 15, +[\d.]+ events/s *\n$", out.err)


def test_an_empty_log_leaves_no_doubt():
    assert doubts() == []


def test_the_application_may_prove_it(positions):
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE callstore_app")
        try:
            call_command("verify_log")
            assert len(list(export.lines(events=True))) == 15
        finally:
            cursor.execute("RESET ROLE")


@pytest.mark.parametrize(
    "change",
    [
        "facts = jsonb_set(facts, '{status}', '\"busy \"')",
        "body = set_byte(body, 40, get_byte(body, 40) # 1)",
        "mac = set_byte(mac, 31, get_byte(mac, 31) # 128)",
        "personal = NULL",
        "row_sha = set_byte(row_sha, 0, get_byte(row_sha, 0) # 1)",
        "occurred_at = occurred_at + interval '1 microsecond'",
        "received_at = received_at - interval '1 microsecond'",
        "type = 'leg.summarised'",
        "source_sequence = 0",
        "refs = '{}' || ARRAY['rule=id']",
        "dedup_key = dedup_key || ' '",
        "precision_ms = precision_ms + 1",
    ],
)
@pytest.mark.parametrize("which", [5, -1])
def test_a_changed_byte_is_found_at_its_position(positions, change, which):
    victim = sql("SELECT position FROM log.event WHERE personal IS NOT NULL ORDER BY position")[which][0]
    with unguarded():
        sql(f"UPDATE log.event SET {change} WHERE position = %s", victim)
    assert f"position {victim}: the row is not what its digest says" in doubts()


def test_a_removed_row_is_found_in_its_seal_and_its_call(positions):
    [(trace,)] = sql("SELECT trace_id FROM log.event WHERE position = %s", positions[5])
    with unguarded():
        sql("DELETE FROM log.event WHERE position = %s", positions[5])
    assert doubts() == [
        f"{second(positions)}: 3 events, though 4 were sealed",
        f"trace {trace}: 6 events, though 7 were appended",
    ]


def test_an_inserted_row_is_found_in_its_seal(positions):
    copy(positions[5], xid="xid", key="'false'")
    found = doubts()
    assert any(line.startswith("seal 2 ") and "5 events, though 4 were sealed" in line for line in found)
    assert any("the row is not what its digest says" in line for line in found)


def test_an_inserted_row_that_no_seal_covers_is_counted(positions):
    subject = leg()
    [position] = append([draft(subject)])
    [(trace,)] = sql("SELECT trace_id FROM log.event WHERE position = %s", position)
    sql("UPDATE log.head SET version = version - 1 WHERE trace_id = %s", trace)
    assert doubts() == [f"trace {trace}: 1 events, though 0 were appended"]


def copy(position: int, xid: str, key: str) -> None:
    columns = ", ".join(c for c in ("epoch", *digest.COVERED, "row_sha") if c != "dedup_key")
    sql(
        f"INSERT INTO log.event (xid, dedup_key, {columns}) SELECT {xid}, {key}, {columns} FROM log.event"
        " WHERE position = %s",
        position,
    )


@pytest.mark.parametrize("place", ["position", "xid"])
def test_a_swapped_pair_is_found_in_its_seal(positions, place):
    pair = (positions[4], positions[6])
    with transaction.atomic():
        with unguarded():
            sql("ALTER TABLE log.event ALTER position DROP IDENTITY")
            sql(
                f"UPDATE log.event e SET {place} = o.{place} FROM log.event o"
                " WHERE (e.position, o.position) IN ((%s, %s), (%s, %s))",
                *(*pair, *reversed(pair)),
            )
        found = doubts()
        transaction.set_rollback(True)
    assert found == [f"{second(positions)}: its events are not those that were sealed, or not in their order"]


def second(positions) -> str:
    return f"seal 2 (behind position {positions[3]}, up to position {positions[7]})"


def test_a_cut_tail_is_found_whether_it_was_sealed_or_not(positions):
    with unguarded():
        sql("DELETE FROM log.event WHERE position > %s", positions[9])
    seal, *counts = doubts()
    assert seal.startswith("seal 3 ") and seal.endswith("2 events, though 4 were sealed")
    assert [line.partition(": ")[2] for line in counts] == ["5 events, though 7 were appended"] * 2


def test_a_tail_cut_with_its_seal_is_found_by_the_counts_and_by_an_export(positions):
    known = {line["seal"]: line["this"] for line in export.lines()}
    with unguarded():
        sql("DELETE FROM log.event WHERE position > %s", positions[7])
        sql("DELETE FROM log.seal WHERE seal_no = 3")
    assert len(doubts()) == 2
    sql("UPDATE log.head SET version = 4")
    assert doubts() == []
    assert doubts(known) == ["seal 3 is missing"]


def test_a_log_sealed_anew_is_found_by_an_export(positions, tmp_path):
    file = tmp_path / "seals.jsonl"
    with file.open("w") as out:
        call_command("export_seals", stdout=out)
    call_command("verify_log", seals=file)
    with unguarded():
        sql("DELETE FROM log.event WHERE position = %s", positions[5])
        sql("DELETE FROM log.seal")
    sql("UPDATE log.head h SET version = (SELECT count(*) FROM log.event e WHERE e.trace_id = h.trace_id)")
    await_feed()
    seals.seal()
    assert doubts() == []
    with pytest.raises(CommandError, match="in doubt: 3 reasons"):
        call_command("verify_log", seals=file)


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("DELETE FROM log.seal WHERE seal_no = 2", "seal 2 is missing"),
        ("UPDATE log.seal SET n = 5 WHERE seal_no = 2", "seal 2 is not what its digest says"),
        ("UPDATE log.seal SET sealed_at = now() WHERE seal_no = 2", "seal 2 is not what its digest says"),
        ("UPDATE log.seal SET prev = this WHERE seal_no = 2", "seal 2 does not follow seal 1"),
        (
            "UPDATE log.seal SET to_position = 0, to_xid = '1' WHERE seal_no = 2",
            "seal 2 does not follow seal 1",
        ),
    ],
)
def test_a_seal_that_was_touched_is_named(positions, change, found):
    with unguarded():
        sql(change)
    assert found in doubts()


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (
            "ALTER TABLE log.event_2026_04 DISABLE TRIGGER append_only",
            "log.event_2026_04: no trigger refuses DELETE",
        ),
        (
            "ALTER TABLE log.event_default ENABLE TRIGGER append_only",  # but not ALWAYS
            "log.event_default: no trigger refuses UPDATE",
        ),
        ("DROP TRIGGER append_only ON log.seal", "log.seal: no trigger refuses TRUNCATE"),
        ("DROP TABLE log.conflict", "log.conflict is missing"),
        ("GRANT DELETE ON log.event_2026_04 TO callstore_app", "callstore_app may DELETE log.event_2026_04"),
        ("GRANT UPDATE (facts) ON log.event TO PUBLIC", "callstore_app may UPDATE log.event"),
        ("ALTER TABLE log.stream OWNER TO callstore_app", "callstore_app owns log.stream"),
        ("GRANT EXECUTE ON FUNCTION log.destroy_keys TO callstore_app", "callstore_app may destroy keys"),
        ("GRANT EXECUTE ON FUNCTION log.rewrap_keys TO PUBLIC", "callstore_app may wrap keys anew"),
        (
            "CREATE ROLE stranger IN ROLE callstore_app; GRANT TRUNCATE ON log.stream TO stranger",
            "stranger may TRUNCATE log.stream",
        ),
        ("CREATE ROLE stranger SUPERUSER IN ROLE callstore_app", "stranger is a superuser"),
        ("ALTER ROLE callstore_app RENAME TO stranger", "the role callstore_app is missing"),
        (
            TAMED,
            "log.refuse_change() is not the function that it was",
        ),
    ],
)
def test_a_guard_that_was_lifted_is_named(change, found):
    with transaction.atomic():
        sql(change)
        assert any(line.startswith(found) for line in doubts())
        transaction.set_rollback(True)
    assert doubts() == []


def test_numbers_that_are_spelled_in_two_ways_raise_no_doubt():
    a = leg()
    odd = [LegStatus(status="é\u2028\x7f\x1f", duration_s=value) for value in (1.5e-7, 1e16, 2.5, -0.0, 1e-5)]
    append([draft(a, str(n), event) for n, event in enumerate(odd)])
    assert doubts() == []
    assert all(row.holds for row in scan.rows(lambda events: None))


def test_a_doubtful_log_makes_the_command_fail(positions, capsys):
    with unguarded():
        sql("UPDATE log.event SET type = 'x'")
    with pytest.raises(CommandError, match="The log is in doubt: 14 reasons"):
        call_command("verify_log")
    assert capsys.readouterr().out.count("the row is not what its digest says") == 14


@pytest.mark.parametrize("text", ["", "{}", "no json", '{"seal": 1}', "[1]", "1"])
def test_what_is_no_export_is_refused_politely(tmp_path, text):
    file = tmp_path / "seals.jsonl"
    file.write_text(text)
    with pytest.raises(CommandError, match=r"seals.jsonl (is no export of seals|holds no seal)"):
        call_command("verify_log", seals=file)


def test_the_command_speaks_of_what_lies_in_the_default_partition(capsys, monkeypatch):
    monkeypatch.setattr(months, "alarms", lambda: ["something is amiss"])
    call_command("verify_log")
    assert "Note: something is amiss." in capsys.readouterr().out


def test_a_log_from_another_cluster_is_doubted_until_migrated(positions):
    with transaction.atomic():
        with unguarded():
            sql("UPDATE log.epoch SET system_identifier = 1")
        assert doubts() == [
            "the log comes from another cluster: run `manage.py migrate`, which begins a new epoch"
        ]
        call_command("migrate", verbosity=0)
        assert doubts() == []
        transaction.set_rollback(True)
