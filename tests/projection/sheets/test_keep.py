"""A sheet tells of the calls that stand there now, or it is not read."""

from datetime import UTC, datetime, timedelta

import pytest

from callstore.people.review import Change
from callstore.projection import projector
from callstore.projection.rebuild import shadow
from callstore.projection.rebuild.swap import swap
from callstore.projection.retention import erasure, retirement
from callstore.projection.review import decisions
from callstore.projection.sheets import keep
from callstore.projection.sheets.periods import PERIOD
from tests.eventlog.tampering import sql
from tests.projection.facts import BEGAN, sid, status
from tests.projection.facts import keep as put

pytestmark = pytest.mark.django_db(transaction=True)

PERIOD_BEGAN = datetime(2026, 2, 2, tzinfo=UTC)  # of the six hours of BEGAN
ALL = (PERIOD_BEGAN - timedelta(days=30), PERIOD_BEGAN + timedelta(days=30))


@pytest.fixture(autouse=True)
def no_sheets():
    """Tables of no model are left as they are between tests."""
    yield
    sql("DELETE FROM call_sheet")
    sql("DELETE FROM call_sheet_late")


def called(leg, value="completed", at=0.0):
    """The traces of a call that was told of and projected."""
    traces = put(status(leg, value, at=at))
    projector.project(traces)
    return traces


def later(minutes=11):
    """As if what was noted and made had been so many minutes ago."""
    sql(f"UPDATE call_sheet_late SET noted_at = noted_at - interval '{minutes} minutes'")
    sql(f"UPDATE call_sheet SET made_at = made_at - interval '{minutes} minutes'")


def test_calls_of_days_that_are_over_have_a_sheet_and_those_of_today_have_none():
    called(sid())
    called(sid(), at=datetime.now(UTC).timestamp() - BEGAN)
    later()
    keep.make_lacking()
    assert keep.calls(*ALL) == 1
    assert keep.calls(PERIOD_BEGAN, PERIOD_BEGAN + PERIOD) == 1
    newest = max(period for (period,) in sql("SELECT period FROM call_sheet"))
    assert newest + PERIOD <= datetime.now(UTC) - timedelta(days=1)
    assert keep.make_lacking() == 0


def test_a_call_that_is_told_of_late_is_not_in_a_sheet_that_holds_until_that_is_made_anew():
    called(sid())
    later()
    keep.make_lacking()
    called(sid(), at=60)
    assert PERIOD_BEGAN not in keep.read(*ALL)
    assert keep.make_lacking() == 0  # somebody may be saving still, who noted already
    later()
    assert keep.make_lacking() == 1 and keep.calls(*ALL) == 2


def changed_decision(leg, traces):
    assert decisions.decide(leg, Change(state="investigating"), "somebody")


def changed_facts(leg, traces):
    put(status(leg, "failed", at=5))
    projector.project(traces)


def changed_start(leg, traces):
    """It began the day before, which its own save says nothing of."""
    put(status(leg, "ringing", at=-86_400))
    projector.project(traces)


def erased(leg, traces):
    erasure.redact(traces)


def retired(leg, traces):
    retirement.forget(traces)


@pytest.mark.parametrize("change", [changed_decision, changed_facts, changed_start, erased, retired])
def test_a_sheet_holds_no_longer_when_one_of_its_calls_changed(change):
    leg = sid()
    traces = called(leg)
    later()
    keep.make_lacking()
    assert PERIOD_BEGAN in keep.read(*ALL)
    change(leg, traces)
    assert PERIOD_BEGAN not in keep.read(*ALL)


def test_what_is_saved_of_a_call_of_today_notes_nothing():
    called(sid(), at=datetime.now(UTC).timestamp() - BEGAN)
    assert sql("SELECT count(*) FROM call_sheet_late") == [(0,)]


def test_no_sheet_outlives_a_rebuild_and_filling_the_second_set_ends_none():
    called(sid())
    later()
    keep.make_lacking()
    with shadow.alone():
        shadow.prepare(lambda *_: None, 1)
        assert PERIOD_BEGAN in keep.read(*ALL)
        swap()
    assert keep.read(*ALL) == {}


def test_notes_that_no_sheet_needs_are_forgotten():
    called(sid())
    later(61)
    keep.make_lacking()
    assert sql("SELECT count(*) FROM call_sheet_late") == [(0,)]
    called(sid(), at=60)
    sql("UPDATE call_sheet SET form = 'of another version'")
    assert keep.read(*ALL) == {}


def test_a_sheet_is_made_anew_once_a_day_and_holds_until_then():
    """Whoever saved calls and knew of no sheets, as in the midst of an upgrade, is made good for."""
    called(sid())
    later()
    keep.make_lacking()
    sql("DELETE FROM call_sheet_late")
    called(sid(), at=60)
    sql("DELETE FROM call_sheet_late")
    assert (keep.calls(*ALL), keep.make_lacking()) == (1, 0)
    sql("UPDATE call_sheet SET made_at = made_at - interval '25 hours' WHERE period = %s", PERIOD_BEGAN)
    assert (keep.make_lacking(), keep.calls(*ALL)) == (1, 2)
