import pytest

from callstore.domain.facts import events as ev
from tests.builders import Story
from tests.findings.stories import refused
from tests.judging import interval, rests_on


def _asked_elsewhere(at="00:18:18.5"):
    story = Story().asked("00:17:52.3").child("initiated", "00:18:17", sequence=0).offered("00:18:17")
    story.api(at, "accept", status=404)
    story.child("failed", "00:18:47", sequence=1, sip_code=480, duration_s=0)
    return story.dial_action("00:18:47.4", dial_status="failed").parent("completed", "00:18:50", sequence=0)


def test_fires_when_a_fresh_call_is_not_known_and_says_that_one_call_proves_nothing(find, verdict):
    finding = find("region_mismatch", _asked_elsewhere())
    assert (finding.certainty, len(finding.missing)) == ("consistent", 1)
    result = verdict(_asked_elsewhere())
    assert (result.verdict, result.cause) == ("never_connected", "region_mismatch")


def test_stays_silent_for_a_late_accept(find):
    assert find("region_mismatch", _asked_elsewhere("00:18:30")) is None


def test_stays_silent_when_the_call_was_over_before_the_accept(find):
    story = refused().offered("00:18:17").api("00:18:19.5", "accept", status=404)
    assert find("region_mismatch", story) is None


def test_claims_nothing_when_no_accept_is_known(find):
    assert find("region_mismatch", refused().offered("00:18:17")) is None


def test_rests_on_the_webhook_the_accepts_and_the_end_of_the_leg(find):
    story = _asked_elsewhere().api("00:18:20", "accept", status=404)
    finding = find("region_mismatch", story)
    assert rests_on(story, finding) == [
        "session.offered 00:18:17", "api.called 00:18:18.500", "api.called 00:18:20", "leg.status 00:18:47"
    ]  # fmt: skip
    assert interval(finding) == ("00:18:17", "00:18:20")


@pytest.mark.parametrize(("clock", "fresh"), [("00:18:22.9", True), ("00:18:23.1", False)])
def test_a_webhook_is_fresh_for_five_seconds(find, clock, fresh):
    """It was made at 00:18:17, or any time of that second."""
    assert (find("region_mismatch", _asked_elsewhere(clock)) is not None) == fresh


@pytest.mark.parametrize(("action", "status"), [("accept", 403), ("reject", 404)])
def test_stays_silent_for_another_answer_or_another_question(find, action, status):
    story = Story().child("initiated", "00:18:17", sequence=0).offered("00:18:17")
    assert find("region_mismatch", story.api("00:18:18", action, status=status)) is None


def test_stays_silent_when_a_session_came_of_it(find):
    assert find("region_mismatch", _asked_elsewhere().frame(ev.FrameSeen, "00:18:30")) is None
    assert find("region_mismatch", _asked_elsewhere().api("00:18:20", "accept")) is None


def test_claims_nothing_without_the_webhook(find):
    story = Story().child("initiated", "00:18:17", sequence=0).api("00:18:18", "accept", status=404)
    assert find("region_mismatch", story) is None


def test_stays_silent_when_the_caller_was_gone_before_the_accept(find):
    story = Story().asked("00:17:52.3").child("initiated", "00:18:17", sequence=0).offered("00:18:17")
    story.parent("canceled", "00:18:18", sequence=0).api("00:18:18.5", "accept", status=404)
    assert find("region_mismatch", story) is None


def test_fires_while_the_leg_still_rings(find):
    story = Story().child("initiated", "00:18:17", sequence=0).offered("00:18:17")
    story.api("00:18:18.5", "accept", status=404)
    assert rests_on(story, find("region_mismatch", story)) == [
        "session.offered 00:18:17", "api.called 00:18:18.500"
    ]  # fmt: skip


def test_of_several_accepts_the_first_tells_whether_somebody_had_given_up(find):
    story = Story().asked("00:17:52.3").child("initiated", "00:18:17", sequence=0).offered("00:18:17")
    story.parent("canceled", "00:18:20", sequence=0).api("00:18:18.5", "accept", status=404)
    assert find("region_mismatch", story.api("00:18:21", "accept", status=404))


def test_late_accepts_beside_a_fresh_one_are_no_part_of_it(find):
    story = _asked_elsewhere().api("00:18:30", "accept", status=404)
    assert interval(find("region_mismatch", story)) == ("00:18:17", "00:18:18.500")


def test_needs_no_leg(find):
    story = Story().offered("00:18:17").api("00:18:18.5", "accept", status=404)
    assert rests_on(story, find("region_mismatch", story))[-1] == "api.called 00:18:18.500"
