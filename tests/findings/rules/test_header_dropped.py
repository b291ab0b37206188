import pytest

from callstore.domain.facts import events as ev
from tests.builders import CHILD
from tests.findings.stories import cut_off
from tests.judging import interval, rests_on


def _warned(code):
    return cut_off().add(f"twilio:{CHILD}", ev.ProviderWarned(level="warning", code=code), "00:18:17")


def test_fires_for_32113(find):
    assert find("header_dropped", _warned("32113")).certainty == "shown"


def test_stays_silent_for_another_warning(find):
    assert find("header_dropped", _warned("15003")) is None


def test_claims_nothing_without_a_warning(find):
    assert find("header_dropped", cut_off()) is None


def test_never_decides_the_verdict(verdict):
    assert verdict(_warned("32113")).cause == "silent_session_loss"


@pytest.mark.parametrize("code", ["32111", "32112", "32113", "13252"])
def test_fires_for_each_warning_of_a_header_that_is_left_out(find, code):
    assert code in find("header_dropped", _warned(code)).says


def test_rests_on_each_such_warning_and_names_each_code_once(find):
    story = _warned("32113")
    for code, clock in (
        ("15003", "00:18:18"),
        ("32111", "00:18:19"),
        ("13252", "00:18:20"),
        ("32112", "00:18:21"),
    ):
        story.add(f"twilio:{CHILD}", ev.ProviderWarned(level="warning", code=code), clock, precision=1000)
    finding = find("header_dropped", story)
    assert rests_on(story, finding) == [f"provider.warned 00:18:{second}" for second in (17, 19, 20, 21)]
    assert interval(finding) == ("00:18:17", "00:18:22")
    assert "(13252, 32111, 32112, 32113)" in finding.says
