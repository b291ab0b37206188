import io

import pytest
from django.core.management import CommandError, call_command

from callstore.eventlog.heads import errors
from callstore.projection import projector, queries
from callstore.projection.worklist import parking
from tests.projection.facts import keep, sid, sql, status

pytestmark = pytest.mark.django_db


@pytest.fixture
def parked(monkeypatch):
    """The leg of a call that could not be projected and was parked; its rules are mended now."""
    sql("UPDATE log.head SET done = version, since = NULL, lease = '-infinity', error = NULL")
    leg = sid()
    traces = keep(status(leg, "completed", caller="+15550199"))

    def failing(records, tools):
        raise ValueError("+15550199 is no number")

    with monkeypatch.context() as broken:
        broken.setattr(projector, "report", failing)
        for _ in range(parking.MOST_ATTEMPTS):
            projector.project(traces)
    assert not queries.find(leg)
    return leg


def replay(*arguments: str) -> str:
    out = io.StringIO()
    call_command("replay", *arguments, stdout=out, stderr=out)
    return out.getvalue()


def test_parked_calls_are_shown_with_their_error_and_nothing_personal(parked):
    shown = replay()
    assert "ValueError in failing" in shown and "5 attempts" in shown and "1 parked" in shown
    assert "+15550199" not in shown
    assert not queries.find(parked)


def test_parked_calls_are_projected_when_asked_for(parked):
    assert "1 of 1 projected" in replay("--parked")
    assert queries.find(parked)
    assert errors.all_set_aside() == []
    assert "0 parked" in replay()


def test_one_call_is_projected_by_any_of_its_ids(parked):
    assert "1 of 1 projected" in replay("--call", parked)
    assert queries.find(parked)


def test_a_call_that_fails_again_stays_parked_and_is_told(parked, monkeypatch):
    def failing(records, tools):
        raise KeyError("+15550199")

    monkeypatch.setattr(projector, "report", failing)
    with pytest.raises(CommandError, match="1 could not be projected"):
        replay("--parked")
    [failure] = errors.all_set_aside()
    assert failure.error.startswith("KeyError in failing")


def test_an_unknown_call_is_refused():
    with pytest.raises(CommandError, match="No call has the id"):
        replay("--call", "CAnothing")
