"""The numbers of many calls: each is that of the list it leads to."""

from datetime import UTC, datetime, timedelta

import pytest

from callstore.projection import queries
from callstore.projection.models import CallRow
from callstore.search.compile import compiled
from callstore.search.errors import QueryError
from callstore.search.overview.frame import MOST_STEPS, frame
from callstore.search.overview.overview import overview
from callstore.search.parser import parse
from callstore.search.window import within
from tests.dashboard.calls.listed import CUT_OFF, put

NOW = datetime(2026, 4, 14, tzinfo=UTC)


def of(q="", since="2026-04-13", until=""):
    return overview(parse(q), frame(since, until, NOW), NOW)


@pytest.mark.django_db
def test_every_group_counts_the_calls_of_the_query_in_the_window_and_no_other():
    put(**CUT_OFF, agent_name="booking", agent_version="1", detection_lag_s=4, response_time_p50_s=0.8,
        caller_speech_end_to_child_end_s=0.2)  # fmt: skip
    put(30, verdict="natural_end", agent_name="booking", agent_version="1", detection_lag_s=8)
    put(90, verdict="natural_end", agent_name="sales", agent_version="7", region="ie1")
    put(-60 * 24, verdict="natural_end", agent_name="sales", agent_version="7")
    found = of()
    assert (found.calls, found.suspicious.count, found.suspicious.of) == (3, 1, 3)
    assert [(each.value, each.calls) for each in found.verdicts] == [
        ("natural_end", 2),
        ("ai_silent_first", 1),
    ]
    assert {each.value: each.calls for each in found.gaps}["5s..14999ms"] == 1
    assert {each.value: each.calls for each in found.to_end}["<500ms"] == 1
    assert (found.detection_lag_s.n, found.detection_lag_s.p50) == (2, 6)
    assert [(each.value, each.calls) for each in found.warnings] == [("32113", 1)]
    agents = {each.version: each for each in found.agents}
    assert (agents["1"].calls, agents["1"].suspicious.count, agents["1"].response_time_s.n) == (2, 1, 1)
    whole = next(each for each in found.changes if not each.key)
    assert (whole.now.of, whole.before.of, whole.difference.changed) == (3, 1, False)
    assert of("agent:booking").calls == 2 and of("agent:booking").agents[0].version == "1"


@pytest.mark.django_db
def test_steps_add_up_to_all_calls_those_that_ran_into_the_window_in_the_first():
    put(-30, verdict="natural_end", ended_at="2026-04-13T00:05:00+00:00")
    put(1)
    found = of()
    assert found.calls == sum(step.calls for step in found.over_time) == 2
    assert found.over_time[0].calls == 2 and found.over_time[0].verdicts == {"natural_end": 1, "unjudged": 1}
    q = within(parse(""), found.frame.window)
    assert queries.count(compiled(q, NOW)) == found.calls


@pytest.mark.django_db
def test_a_change_is_named_first_and_only_where_it_is_one():
    at = datetime(2026, 4, 13, 12, tzinfo=UTC)
    for day, bad in ((0, 30), (1, 2)):
        for n in range(60):
            flags = ["suspicious"] if n < bad else []
            put(-60 * 24 * day, flags=flags, agent_version="9", region="ie1" if n < 5 else "us1")
    assert CallRow.objects.filter(started_at__lt=at).count() == 120
    found = of(since="2026-04-13", until="2026-04-13")
    changed = [(each.key, each.value) for each in found.changes if each.difference.changed]
    assert set(changed) == {("", ""), ("version", "9"), ("region", "us1")}
    assert [each.difference.changed for each in found.changes][: len(changed)] == [True] * len(changed)
    assert found.places[0].value == "us1"  # the other is of five calls


def test_a_frame_is_of_few_steps_and_as_long_as_the_time_before_it():
    for days in (0.01, 1, 7, 31, 365, 9000):
        one = frame(f"-{max(1, int(days * 24))}h", "", NOW)
        assert 1 <= len(one.steps) <= MOST_STEPS + 1
        assert one.before.until == one.since and one.since - one.before.since == one.until - one.since
    assert frame("", "", NOW).since == NOW - timedelta(days=7)
    with pytest.raises(QueryError):
        frame("2026-04-14", "2026-04-01", NOW)
