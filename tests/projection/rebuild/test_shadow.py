"""The whole log projected again beside what is live, and swapped."""

import io
import os
import re
import signal
import subprocess
import sys
from threading import Event, Thread

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from callstore.domain.analysis.finish_tools import FinishTools
from callstore.domain.facts.events import LegStatus
from callstore.eventlog.heads import versions
from callstore.projection import projector, queries
from callstore.projection.rebuild import fill, shadow, swap
from callstore.projection.rebuild.diff import differences
from callstore.projection.rebuild.scope import Scope
from callstore.projection.saving import FACTS
from callstore.projection.worklist import heads
from tests.projection.facts import (
    ASTRAY,
    call_ids,
    fact,
    keep,
    offered,
    recorded,
    rtc,
    said,
    sid,
    sql,
    status,
)
from tests.projection.test_pipeline import url

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch):
    """Every trace is a chunk of its own; there are none but this test's, and no rebuild is under way."""
    sql("DELETE FROM log.head")
    sql("TRUNCATE rebuild.run")
    monkeypatch.setattr(shadow, "CHUNK", 1)


def a_call() -> set:
    """A call of three traces that met late, in as many chunks."""
    parent, child, session = sid(), sid(), rtc()
    traces = keep(status(parent, "in-progress")) | keep(status(child, "ringing", at=1))
    traces |= keep(said(session, "Hello\0 there", at=3))
    keep(
        offered(session, child, at=2),
        status(child, "completed", parent=parent, at=9),
        recorded(parent, sid("RE")),
    )
    assert len(traces) == 3
    return traces


def some_calls(number: int) -> set:
    traces = set().union(*(a_call() for _ in range(number)))
    projector.project(traces)
    assert len(call_ids(traces)) == number
    return traces


def stored() -> list[tuple]:
    """Every fact of every row, as text: bit for bit."""
    return sql(f"SELECT ({', '.join(FACTS)})::text FROM call ORDER BY call_id") + sql(
        "SELECT trace_id, ref FROM trace_ref ORDER BY 1, 2"
    )


def rebuild(*arguments: str) -> str:
    out = io.StringIO()
    call_command("rebuild", *arguments, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def is_right() -> bool:
    return list(differences(Scope(), lambda _: None)) == []


def test_a_rebuild_equals_what_was_projected_live_bit_for_bit():
    some_calls(5)
    live = stored()
    sql("DELETE FROM call; DELETE FROM trace_ref")
    assert "5 calls: 0 verdicts change" in rebuild()
    assert stored() == live
    assert is_right()


def test_it_shows_how_far_it_is_at_every_stage(capsys):
    events = sum(head.version for head in versions.read(some_calls(1)).values())
    call_command("rebuild", "--processes", "1")
    drawn = capsys.readouterr().err
    for stage in ("ids    ", "calls  "):
        assert re.search(rf"{stage}\[#+\] 100% {events} of {events}, +[\d.]+ events/s\n", drawn)


def test_several_processes_give_the_same():
    some_calls(3)
    live = stored()
    assert "0 calls are told otherwise, 0 appear, 0 vanish" in rebuild("--processes", "2")
    assert stored() == live


def test_the_swapped_tables_have_the_indexes_and_grants_of_the_old():
    def shape():
        indexes = sql(
            "SELECT indexdef FROM pg_indexes"
            " WHERE schemaname = 'public' AND tablename IN ('call', 'trace_ref')"
        )
        grants = sql(
            "SELECT oid::regclass::text, relacl::text FROM pg_class WHERE relname IN ('call', 'trace_ref')"
        )
        return sorted(indexes), sorted(grants)

    rebuild()
    before = shape()
    rebuild()
    assert shape() == before and "call_clean_but_cut_off" in str(before) and "callstore_app" in str(before)


def test_the_application_may_rebuild_though_it_owns_nothing():
    some_calls(2)
    live = stored()
    sql("SET ROLE callstore_app")
    try:
        rebuild("--processes", "1")
    finally:
        sql("RESET ROLE")
    assert stored() == live


def test_new_rules_show_which_verdicts_change_before_they_are_live(monkeypatch):
    traces = some_calls(2)
    [call_id, _] = call_ids(traces)
    was = queries.find(str(call_id))["verdict"]
    report = projector.report
    monkeypatch.setattr(
        projector, "report", lambda records, tools: {**report(records, tools), "verdict": "limit_reached"}
    )
    shown = rebuild("--no-swap", "--processes", "1")
    assert "2 verdicts change, 2 calls are told otherwise" in shown
    assert f"{was} → limit_reached: 2" in shown and f"  {call_id}\n" in shown
    assert queries.find(str(call_id))["verdict"] == was
    rebuild("--processes", "1")
    assert queries.find(str(call_id))["verdict"] == "limit_reached"


def test_a_rebuild_that_was_killed_goes_on_where_it_was():
    some_calls(4)
    live = stored()
    folded = "SELECT count(*) FROM rebuild.chunk WHERE folded"
    killed = subprocess.run(
        [sys.executable, "-c", KILLED_AFTER_FIVE],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DATABASE_URL": url()},
        capture_output=True,
        text=True,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert sql(folded) == [(5,)]
    assert stored() == live
    done = []
    fill_one = fill.fill
    with pytest.MonkeyPatch.context() as watched:
        watched.setattr(fill, "fill", lambda chunk: done.append(chunk) or fill_one(chunk))
        rebuild("--processes", "1")
    assert len(done) == 12 - 5
    assert stored() == live


KILLED_AFTER_FIVE = """
import os, signal
import django
os.environ["DJANGO_SETTINGS_MODULE"] = "callstore.settings"
django.setup()
from callstore.projection.rebuild import fill, shadow
shadow.CHUNK = 1
fill_one, done = fill.fill, []
def killed_later(chunk):
    if len(done) == 5:
        os.kill(os.getpid(), signal.SIGKILL)
    done.append(chunk)
    return fill_one(chunk)
fill.fill = killed_later
shadow.prepare(lambda *_: None, 1)
"""


@pytest.mark.parametrize("what", ["code", "finish tools"])
def test_what_other_code_or_other_tools_began_is_thrown_away(monkeypatch, settings, what):
    some_calls(1)
    rebuild("--no-swap")
    if what == "code":
        monkeypatch.setattr(shadow, "fold_code", lambda: "other rules")
    else:
        settings.FINISH_TOOLS = FinishTools.of(["say_goodbye"])
    done = []
    fill_one = fill.fill
    monkeypatch.setattr(fill, "fill", lambda chunk: done.append(chunk) or fill_one(chunk))
    rebuild("--no-swap", "--processes", "1")
    assert len(done) == 3


def test_facts_that_come_while_it_runs_are_in_it_or_found_by_the_relay(monkeypatch):
    traces = some_calls(2)
    [call_id, other] = call_ids(traces)
    leg = queries.find(str(call_id))["child_call_sid"]
    fill_one, swap_once = fill.fill, swap._swap
    new = []

    def fill_while_more_arrives(chunk):
        keep(fact(f"twilio:{leg}", LegStatus(status="busy"), at=len(new)))
        new.extend(a_call())
        return fill_one(chunk)

    def swap_while_more_arrives():
        new.extend(a_call())
        keep(status(queries.find(str(other))["parent_call_sid"], "completed", at=60))
        swap_once()

    monkeypatch.setattr(fill, "fill", fill_while_more_arrives)
    monkeypatch.setattr(swap, "_swap", swap_while_more_arrives)
    rebuild("--processes", "1")
    everything = {*traces, *new}
    dirty = {trace for trace, head in versions.read(everything).items() if head.version > head.done}
    assert len(call_ids(everything)) == 2 + 6, "those that came at the swap are not lost but behind"
    assert len(dirty) == 4
    assert not sql(ASTRAY)
    projector.project(dirty)
    assert len(call_ids(everything)) == 9
    assert is_right()


def test_workers_that_save_while_it_swaps_lose_nothing(monkeypatch):
    monkeypatch.setattr(shadow, "CHUNK", 20)
    legs = [sid() for _ in range(20)]
    keep(*(status(leg, "in-progress") for leg in legs))
    stop, errors = Event(), []

    def work():
        try:
            while not stop.is_set():
                keep(
                    *(status(sid(), "completed", parent=leg, at=30) for leg in legs[:3]),
                    status(sid(), "busy"),
                )
                projector.project([claimed.trace for claimed in heads.claim(20)])
                legs.append(legs.pop(0))
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    workers = [Thread(target=work, daemon=True) for _ in range(2)]
    for worker in workers:
        worker.start()
    try:
        for _ in range(4):
            rebuild("--processes", "1")
    finally:
        stop.set()
        for worker in workers:
            worker.join()
    assert not errors
    sql("UPDATE log.head SET lease = '-infinity'")
    while claimed := heads.claim(20):
        projector.project([one.trace for one in claimed])
    assert is_right()


def test_a_call_that_cannot_be_folded_is_named_and_keeps_no_other_from_its_place(monkeypatch):
    traces = some_calls(2)
    [good, bad] = call_ids(traces)
    leg = queries.find(str(bad))["parent_call_sid"]
    report = projector.report

    def failing(records, tools):
        if any(leg in record.subject for record in records):
            raise ValueError("+15550199")
        return report(records)

    monkeypatch.setattr(projector, "report", failing)
    out = io.StringIO()
    with pytest.raises(CommandError, match="3 traces could not be projected"):
        call_command("rebuild", "--processes", "1", stdout=out, stderr=io.StringIO())
    assert "ValueError in failing" in out.getvalue() and "+15550199" not in out.getvalue()
    assert "1 verdicts change" not in out.getvalue() and "Swapped" in out.getvalue()
    assert call_ids(traces) == [good, bad], "it shows what was known before"
    assert {t for t, head in versions.read(traces).items() if head.version > head.done} >= {bad}
    monkeypatch.undo()
    projector.project(traces)
    assert is_right()


def test_two_rebuilds_do_not_meet(monkeypatch):
    prepare = shadow.prepare
    met = []

    def prepare_beside_another(*arguments):
        second = subprocess.run(
            [sys.executable, "manage.py", "rebuild"],
            cwd=settings.BASE_DIR,
            env={**os.environ, "DATABASE_URL": url()},
            capture_output=True,
            text=True,
        )
        met.append((second.returncode, second.stderr))
        return prepare(*arguments)

    monkeypatch.setattr(shadow, "prepare", prepare_beside_another)
    rebuild("--processes", "1")
    [(code, said)] = met
    assert code == 1 and "another rebuild is under way" in said and "Traceback" not in said
