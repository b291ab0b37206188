"""Who is near a call in time, however many they are."""

from callstore.findings.cross_call.window import NAMED, TimeWindow
from tests.findings.cross_call.stories import call, found


def test_a_neighbourhood_reaches_as_far_on_either_side_and_includes_its_edges():
    calls = TimeWindow([call(f"c{minute}", minute) for minute in (9, 0, 5, 4, 1)])
    near = calls.within(calls.times[2], within_s=180)
    assert [calls.calls[n].call_id for n in near] == ["c1", "c4", "c5"]
    assert calls.lasting(near) == (calls.times[1], calls.times[3])


def test_of_many_the_closest_are_named_and_never_the_call_itself():
    calls = [call(f"c{n}", n / 10, "ai_closed_first") for n in range(100)]
    for each in (calls[0], calls[50], calls[99]):
        named = found("provider_incident", calls)[each.call_id].calls
        assert NAMED - 1 <= len(named) <= NAMED and each.call_id not in named
        assert all(abs(int(id_[1:]) - int(each.call_id[1:])) <= NAMED for id_ in named)


def test_calls_of_one_moment_are_all_neighbours():
    calls = [call(name, 0, "ai_closed_first") for name in ("a", "b", "c")]
    assert set(found("provider_incident", calls)["b"].calls) == {"a", "c"}


def test_a_call_as_far_as_the_neighbourhood_reaches_is_in_it_and_one_beyond_is_not():
    calls = TimeWindow([call(f"c{minute}", minute) for minute in range(10)])
    assert calls.within(calls.times[4], within_s=180) == range(1, 8)


def test_of_many_as_many_are_named_before_as_after():
    calls = [call(f"c{n}", n / 10, "ai_closed_first") for n in range(100)]
    named = found("provider_incident", calls)
    assert named["c50"].calls == tuple(f"c{n}" for n in range(40, 60) if n != 50)
    assert named["c0"].calls == tuple(f"c{n}" for n in range(1, 20))
    assert named["c99"].calls == tuple(f"c{n}" for n in range(80, 99))
