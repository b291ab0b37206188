"""A month goes from the log with its calls, and nothing else does; the proof goes on."""

import json
import re
import subprocess
import sys
import threading
from datetime import UTC, date, datetime
from pathlib import Path

import psycopg
import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction

from callstore.domain.clock import Clock, Instant, unix
from callstore.domain.events import AppSaid
from callstore.eventlog import export, read, retired, retirement, seals, stream, verify
from callstore.eventlog.append import append
from callstore.eventlog.feed import BEGINNING, Cursor, feed
from callstore.eventlog.retirement import Month
from ingest import retirement as facts
from tests.eventlog.drafts import child_of, draft, leg
from tests.eventlog.tampering import settle, sql, unguarded

UNTIL = date(2025, 2, 1)
TABLES = "SELECT relname::text FROM pg_class WHERE relnamespace = 'log'::regnamespace AND relkind = 'r'"


@pytest.fixture
def old_log(empty_log):
    """A log with partitions for the first months of 2025, which no other test uses."""
    sql(
        "SELECT log.ensure_month(m::date) FROM generate_series('2025-01-01'::date, '2025-03-01', '1 month') m"
    )
    yield
    for name in tables():
        sql(f"DROP TABLE log.{name}")


pytestmark = pytest.mark.usefixtures("old_log")


def tables() -> list[str]:
    return sorted(name for (name,) in sql(TABLES) if name.startswith("event_2025"))


def on(day: str, subject: str, key: str = "1", **other):
    """A fact of that day of 2025, received at once."""
    at = unix(f"2025-{day}T12:00:00Z")
    return draft(subject, key, occurred=Instant(at, Clock.PROVIDER, 1000), received_at=at + 0.3, **other)


def retire(until: date = UNTIL, staying=()) -> list[Month]:
    """All that the command does to the log."""
    gone = []
    for month in retirement.months(until):
        if not month.gone:
            facts.exchange(month, until, staying)
            month = month._replace(gone=True)
        for traces in retirement.leftovers(month):
            retirement.forget(month, traces)
        retirement.drop(month)
        gone.append(month)
    return gone


def doubts(known=None) -> list[str]:
    return list(verify.doubts(known or {}, lambda events: None))


@pytest.fixture
def legs(old_log):
    """A leg of January, February and March each, with three facts, sealed together, and one of today."""
    january, february, march = leg(), leg(), leg()
    for key in "123":
        append([on("01-31", january, key), on("02-01", february, key), on("03-01", march, key)])
    settle()
    seals.seal()
    append([on("02-02", february, "later")])
    settle()
    seals.seal()
    return january, february, march


def test_the_calls_of_a_month_and_of_those_before_it_go_and_the_others_stay(legs):
    march = legs[2]
    trace = read.trace_of(march)
    assert [month.first.month for month in retire()] == [1, 2]
    assert [read.trace_of(subject) for subject in legs] == [None, None, trace]
    assert len(read.records([trace])) == 3
    assert tables() == ["event_2025_03"]
    assert sql("SELECT count(*) FROM log.stream") == [(2,)]  # the retirements' is the other
    assert sql("SELECT count(*) FROM log.call_key") == [(2,)]
    assert sql("SELECT trace_id FROM log.head") == [(trace,)]


def test_contradictions_of_a_call_go_with_it(legs):
    append([on("02-01", legs[1], "1", event=AppSaid(what="deployed"))])
    append([on("03-01", legs[2], "1", event=AppSaid(what="deployed"))])
    retire()
    assert sql("SELECT bucket FROM log.conflict") == [(date(2025, 3, 1),)]


def test_the_proof_holds_before_and_after_and_counts_what_went(legs, capsys):
    assert doubts() == []
    retire()
    assert doubts() == []
    settle()
    seals.seal()
    assert doubts() == []
    call_command("verify_log")
    assert capsys.readouterr().out.startswith("The log is proved: 12 events at")
    assert retired.size() == 7


def test_the_proof_holds_however_far_a_retirement_came(legs):
    [january, february] = retirement.months(UNTIL)
    facts.exchange(january, UNTIL, ())
    assert doubts() == []
    traces = [trace for some in retirement.leftovers(january._replace(gone=True)) for trace in some]
    retirement.forget(january, traces)
    assert doubts() == []
    sql("SELECT log.set_apart('2025-02-01', '2025-02-01', '{}')")
    retired.keep(2, retirement._going(february))
    assert doubts() == []
    retire()
    assert doubts() == []
    assert tables() == ["event_2025_03"]


def test_seals_that_were_exported_before_are_those_of_the_log_after(legs):
    known = {line["seal"]: line["this"] for line in export.lines()}
    before = list(export.lines(events=True))
    retire()
    assert doubts(known) == []
    assert list(export.lines(events=True))[: len(before)] == before
    assert list(export.lines(1, events=True))[:2] == before[10:]


def test_an_export_after_a_retirement_can_be_checked_elsewhere(legs, tmp_path):
    retire()
    settle()
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
    retire()
    settle()
    seals.seal()
    assert doubts() == []
    with unguarded():
        sql(change)
    assert any(found in line for line in doubts())


def test_events_that_are_passed_off_as_retired_are_found(legs):
    """By an owner who moves digests of March where those of retired months lie, and enters that."""
    retire()
    with unguarded():
        rows = sql(
            "SELECT epoch, xid::text::bigint, position, row_sha FROM log.event"
            " WHERE bucket = '2025-03-01' ORDER BY epoch, xid, position"
        )
        retired.keep(3, [(Cursor(*row[:3]), bytes(row[3])) for row in rows])
        sql("DELETE FROM log.event WHERE bucket = '2025-03-01'")
        sql("INSERT INTO log.retirement (no, month, events, digest) SELECT 3, '2025-03-01', 3, sha256(leaves)"
            " FROM log.retired WHERE no = 3")  # fmt: skip
    assert "retirement 3 (2025-03): no event tells of it" in doubts()


def test_a_changed_row_is_not_passed_over_by_retiring_it(legs):
    [(victim,)] = sql("SELECT max(position) FROM log.event WHERE bucket = '2025-02-01'")
    with unguarded():
        sql("UPDATE log.event SET facts = '{}' WHERE position = %s", victim)
    with pytest.raises(
        retirement.NotRetired, match=f"position {victim}: the row is not what its digest says"
    ):
        retire()
    assert tables() == ["event_2025_02", "event_2025_02_kept", "event_2025_03"]


def test_a_removed_row_is_missed_in_its_seal_also_after_its_month_went(legs):
    with unguarded():
        sql("DELETE FROM log.event WHERE bucket = '2025-02-01' AND dedup_key = '2'")
    retire()
    assert any("8 events, though 9 were sealed" in line for line in doubts())


def test_a_call_that_is_to_stay_stays_whole_until_its_time(legs):
    january = legs[0]
    trace = read.trace_of(january)
    before = read.listing([trace])
    retire(staying=[trace])
    assert read.listing([trace]) == before
    assert append([on("02-20", january, "late")]) != [None]
    assert append([on("02-20", january, "late")]) == [None]
    assert doubts() == []
    settle()
    seals.seal()
    assert [month.first.month for month in retire()] == [1]
    assert read.trace_of(january) is None
    assert doubts() == []
    assert [entry.events for entry in retired.entered()] == [0, 4, 4]


def test_what_stays_is_guarded_like_everything_else(legs):
    retire(staying=[read.trace_of(legs[0])])
    for verb in (
        "UPDATE log.event_2025_01 SET type = 'x'",
        "DELETE FROM log.event_2025_01",
        "TRUNCATE log.event_2025_01",
    ):
        with pytest.raises(DatabaseError, match="the log only grows"):
            sql(verb)


def test_of_what_is_of_no_call_each_fact_goes_with_the_month_that_it_came_in():
    deployed = [on(day, "app:shop", day, event=AppSaid(what="deployed"), source="app")
                for day in ("01-10", "02-10", "03-10")]  # fmt: skip
    append(deployed)
    settle()
    trace = read.trace_of("app:shop")
    retire()
    assert [r.key for r in read.records([trace])] == ["03-10"]
    assert append([deployed[2]]) == [None]
    append([on("03-12", "app:shop", "another", event=AppSaid(what="deployed"), source="app")])
    assert len(read.records([trace])) == 2
    assert doubts() == []


@pytest.mark.parametrize("remembered", [True, False])
def test_a_late_fact_of_a_retired_call_begins_a_call_of_this_month(legs, remembered):
    gone = read.trace_of(legs[0])
    for month in retirement.months(UNTIL):  # nothing is forgotten yet: that takes its time
        facts.exchange(month, UNTIL, ())
    if not remembered:
        stream._homes.clear()
    [position] = append([on("01-31", legs[0], "late", raw=b"said late")])
    trace = read.trace_of(legs[0])
    assert trace != gone
    assert [r.position for r in read.records([trace])] == [position]
    assert read.raw(position) == b"said late"
    [(bucket,)] = sql("SELECT bucket FROM log.event WHERE position = %s", position)
    assert bucket == datetime.now(UTC).date().replace(day=1)
    assert append([on("01-31", legs[0], "late")]) == [None]
    assert doubts() == []
    retire()
    assert read.trace_of(legs[0]) == trace
    assert doubts() == []


def test_a_late_child_of_a_retired_parent_and_a_first_fact_of_a_retired_month_do_so_too(legs):
    retire()
    child, unheard = leg(), leg()
    assert None not in append([on("01-31", child, refs=child_of(legs[0])), on("01-05", unheard)])
    assert read.trace_of(child) == read.trace_of(legs[0])
    now = datetime.now(UTC).date().replace(day=1)
    assert set(sql("SELECT bucket FROM log.event WHERE subject = ANY(%s)", [child, unheard])) == {(now,)}
    assert sql("SELECT count(*) FROM log.event_default") == [(0,)]


def test_one_late_fact_holds_up_no_other_of_its_batch(legs):
    retire_all_but_forgetting()
    new = leg()
    assert None not in append([on("01-31", legs[0], "late"), on("03-05", legs[2], "4"), draft(new)])
    assert len(read.records([read.trace_of(legs[2])])) == 4


def retire_all_but_forgetting() -> None:
    for month in retirement.months(UNTIL):
        facts.exchange(month, UNTIL, ())


def test_the_application_finds_a_new_home_too(legs):
    retire_all_but_forgetting()
    stream._homes.clear()
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE callstore_app")
        try:
            assert append([on("01-31", legs[0], "late")]) != [None]
            with pytest.raises(DatabaseError, match="permission denied"):
                sql("SELECT log.forget('2025-01-01', '{}')")
        finally:
            cursor.execute("RESET ROLE")


def test_nobody_forgets_what_the_log_still_holds(legs):
    append([on("03-01", legs[2], "1", event=AppSaid(what="deployed"))])
    retire(staying=[read.trace_of(legs[0])])
    before = sql("SELECT count(*) FROM log.stream")
    sql("SELECT log.vacate(ARRAY(SELECT subject FROM log.stream))")
    assert sql("SELECT count(*) FROM log.stream") == before
    for table in ("stream", "call_key", "conflict", "retired", "retirement"):
        with pytest.raises(DatabaseError, match="the log only grows"):
            sql(f"DELETE FROM log.{table}")


def test_a_fact_that_comes_while_a_month_goes_is_not_lost(legs, monkeypatch):
    january = legs[0]
    keep = retired.keep

    def slowly(no, leaves):
        kept = keep(no, leaves)
        append([on("01-31", january, "just now")])
        return kept

    monkeypatch.setattr(retired, "keep", slowly)
    with pytest.raises(retirement.NotRetired, match="something came for 2025-01 meanwhile"):
        retire()
    monkeypatch.setattr(retired, "keep", keep)
    assert len(read.records([read.trace_of(january)])) == 4
    assert doubts() == []
    settle()
    retire()
    assert doubts() == []


def test_writers_of_other_months_go_on_while_a_month_goes(legs):
    with psycopg.connect(**connection.get_connection_params()) as reader:
        reader.execute("SELECT count(*) FROM log.event")  # holds up the exchange
        done = threading.Event()

        def retiring():
            retire()
            done.set()
            connection.close()

        thread = threading.Thread(target=retiring, daemon=True)
        thread.start()
        for n in range(20):
            assert append([on("03-02", legs[2], f"meanwhile {n}")]) != [None]
        assert not done.is_set()
        reader.rollback()
    assert done.wait(30)
    thread.join(30)
    assert len(read.records([read.trace_of(legs[2])])) == 23
    assert doubts() == []


def test_readers_of_the_feed_miss_nothing_of_what_stays(legs):
    [first, *_] = feed(BEGINNING)
    rest = {entry.at for entry in feed(first.at) if entry.subject == legs[2]}
    retire()
    assert rest <= {entry.at for entry in feed(first.at)}


def test_a_month_that_a_proof_is_reading_waits(legs):
    lines = export.lines(events=True)
    next(lines)
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as own:
        [(free,)] = own.execute("SELECT pg_try_advisory_lock(%s)", [retired.RETIRING]).fetchall()
        assert not free
    lines.close()


def test_what_is_not_sealed_does_not_go(legs, monkeypatch):
    append([on("02-03", legs[1], "unsealed")])
    monkeypatch.setattr(seals, "seal", lambda: 0)
    with pytest.raises(retirement.NotRetired, match="not sealed yet"):
        retire()
    assert "event_2025_02" in tables()


def test_a_late_fact_within_a_transaction_is_refused_not_misplaced(legs):
    retire_all_but_forgetting()
    with pytest.raises(IntegrityError, match="the calls of 2025-01 are retired"), transaction.atomic():
        append([on("01-31", legs[0], "late")])
