import pytest

from tests.findings.cross_call.stories import NOON, call, found, ordinary


def _lost(lengths, verdict="ai_silent_first"):
    return [call(f"x{n}", 30 * n, verdict, child_duration_s=length) for n, length in enumerate(lengths)]


def test_fires_when_legs_fail_after_the_same_time_again_and_again():
    result = found("timer_cluster", _lost([29, 29, 30, 29, 30, 61]) + ordinary(20))
    assert set(result) == {"x0", "x1", "x2", "x3", "x4"}
    assert len(result["x0"].calls) == 4


def test_names_a_timer_that_is_known():
    assert "32 s" in found("timer_cluster", _lost([31, 32, 32, 31, 32]))["x0"].says


@pytest.mark.parametrize(
    "calls",
    [
        _lost([29, 30, 29]),
        _lost(range(20, 60)),
        _lost([29] * 6, verdict="natural_end"),
        _lost([2] * 8, verdict="never_connected"),
    ],
    ids=["too few", "every length alike", "calls that did not fail", "refused at once"],
)
def test_stays_silent_for(calls):
    assert found("timer_cluster", calls) == {}


def test_admits_that_it_does_not_know_the_timer():
    finding = found("timer_cluster", _lost([29] * 5))["x0"]
    assert (finding.certainty, len(finding.missing)) == ("consistent", 1)


def test_stays_silent_for_calls_of_other_days():
    assert found("timer_cluster", [call(f"x{n}", 2 * 1440 * n, "ai_silent_first", child_duration_s=29)
                                   for n in range(6)]) == {}  # fmt: skip


def _at(*minutes, length=29):
    return [call(f"x{n}", m, "ai_silent_first", child_duration_s=length) for n, m in enumerate(minutes)]


def test_says_how_many_there_were_and_how_many_were_to_be_expected():
    """Of 58 calls around, evenly spread over as many lengths, three would have one of these."""
    finding = found("timer_cluster", _peak(11))["x0"]
    assert finding.says == (
        "11 AI legs failed after 60 s, give or take a second, where 3.0 were to be expected."
    )
    assert (finding.start, finding.end, finding.evidence) == (NOON, NOON + 600, ())


def _peak(high):
    """So many legs of a minute, 58 that lasted half a minute less or more, and some beyond."""
    peak = [call(f"x{n}", n, "ai_silent_first", child_duration_s=59 + n % 3) for n in range(high)]
    peak[0] = peak[0]._replace(child_duration_s=60)
    around = [call(f"a{n}", n, "ai_mute", child_duration_s=(30, 90)[n % 2]) for n in range(58)]
    beyond = [call(f"b{n}", n, "ai_mute", child_duration_s=91) for n in range(10)]
    return [*peak, *around, *beyond]


@pytest.mark.parametrize(("high", "stands_out"), [(10, False), (11, True)])
def test_a_peak_stands_four_standard_deviations_over_its_surroundings(high, stands_out):
    """Three are expected: 3 + 4 · √4 = 11."""
    assert ("x0" in found("timer_cluster", _peak(high))) == stands_out


@pytest.mark.parametrize(
    ("lengths", "fires"),
    [([29] * 4, True), ([29] * 3, False), ([5] * 4, True), ([4] * 4, False), ([29, 29, 29, 31], False)],
)
def test_four_legs_of_at_least_five_seconds_and_of_one_length_make_a_cluster(lengths, fires):
    assert ("x0" in found("timer_cluster", _lost(lengths))) == fires


@pytest.mark.parametrize(("length", "timer"), [
    (28, None), (29, "SIP's"), (35, "SIP's"), (36, None),
    (3596, None), (3597, "OpenAI's"), (3603, "OpenAI's"), (3604, None),
    (14396, None), (14397, "<Dial>"), (14403, "<Dial>"), (14404, None),
])  # fmt: skip
def test_a_timer_is_named_within_three_seconds(length, timer):
    says = found("timer_cluster", _lost([length] * 5))["x0"].says
    named = says.partition("expected")[2]
    assert named == "." if timer is None else named.startswith(f"; {timer}")


def test_calls_of_a_day_before_or_after_count():
    assert len(found("timer_cluster", _at(0, 0, 0, 1440))) == 4
    assert found("timer_cluster", _at(0, 0, 0, 1441)) == {}
