import pytest

from callstore.domain.facts import events as ev
from tests.builders import Story, answered_call
from tests.findings.stories import refused
from tests.judging import interval, rests_on


def _rings_out(*statuses: int, offered=True, dial="in-progress") -> Story:
    """The leg rings for 30 s while accepts are refused, one a second from 00:18:18.5."""
    story = Story().asked("00:17:52.3").child("initiated", "00:18:17", sequence=0)
    if offered:
        story.offered("00:18:17")
    for second, status in enumerate(statuses):
        story.api(f"00:18:{18 + second}.5", "accept", status=status)
    story.child("no-answer", "00:18:47", sequence=1, sip_code=487, duration_s=0)
    return story.dial_action("00:18:47.4", status=dial, dial_status="no-answer")


@pytest.mark.parametrize("statuses", [(401, 401, 401), (400,), (429, 500, 503), (404, 404)])
def test_fires_when_every_accept_was_answered_with_an_error(find, verdict, statuses):
    story = _rings_out(*statuses) if statuses[0] != 404 else _late_accepts(*statuses)
    assert find("accept_refused", story).certainty == "shown"
    result = verdict(story)
    assert (result.verdict, result.cause, result.ended_first_by) == (
        "never_connected", "accept_refused", "unknown"
    )  # fmt: skip


def _late_accepts(*statuses: int) -> Story:
    """Refused with 404 when the webhook was no longer fresh, and the leg rang on."""
    story = Story().child("initiated", "00:18:17", sequence=0).offered("00:18:17")
    for second, status in enumerate(statuses):
        story.api(f"00:18:{25 + second}", "accept", status=status)
    return story.child("no-answer", "00:18:47", sequence=1).dial_action("00:18:47.4", dial_status="no-answer")


def test_stays_silent_when_one_of_them_was_taken(find):
    for statuses in ((401, 200), (200, 409), (404, 200)):
        assert find("accept_refused", _rings_out(*statuses)) is None


def test_a_404_that_a_later_accept_answers_with_success_was_a_race(find, verdict):
    story = answered_call().api("00:18:18.5", "accept", status=404).api("00:18:19", "accept")
    story.frame(ev.FrameSeen, "00:18:24").dial_action("00:18:52.4")
    assert find("accept_refused", story) is None and find("region_mismatch", story) is None
    assert verdict(story).verdict != "never_connected"


def test_stays_silent_for_the_region_mismatch_that_a_fresh_404_is(find, verdict):
    story = _rings_out(404, 404)
    assert find("accept_refused", story) is None
    assert verdict(story).cause == "region_mismatch"


def test_stays_silent_when_the_leg_was_answered_or_a_session_was_seen(find):
    assert find("accept_refused", answered_call().api("00:18:18", "accept", status=401)) is None
    assert find("accept_refused", _rings_out(401).frame(ev.FrameSeen, "00:18:20")) is None


def test_claims_nothing_when_no_accept_or_not_its_answer_is_known(find):
    assert find("accept_refused", _rings_out()) is None
    assert find("accept_refused", _rings_out(401, None)) is None
    ringing = Story().child("ringing", "00:18:17", sequence=1).offered("00:18:17")
    assert find("accept_refused", ringing.api("00:18:18", "accept", status=401)) is None


def test_a_caller_who_gave_up_after_the_refusals_changes_nothing(verdict):
    assert verdict(_rings_out(401, 401, dial="completed")).cause == "accept_refused"


def test_of_a_caller_who_had_left_before_nothing_was_refused(verdict):
    story = Story().child("initiated", "00:18:17", sequence=0).offered("00:18:17")
    story.child("canceled", "00:18:19", sequence=1).dial_action("00:18:19.4", "canceled", "canceled")
    story.parent("canceled", "00:18:19", sequence=0).api("00:18:21.1", "accept", status=404)
    assert verdict(story).cause == "ghost_call"


def test_admits_that_an_accept_after_the_end_came_too_late_for_any_answer(find):
    finding = find("accept_refused", refused(400).offered("00:18:17").api("00:18:20.1", "accept", status=404))
    assert (finding.certainty, finding.missing) == ("consistent", ("an accept in time",))
    assert "came after the AI leg had ended" in finding.says


@pytest.mark.parametrize("story", [_rings_out(401, offered=False), _rings_out(401)])
def test_needs_no_copy_of_the_webhook(verdict, story):
    assert verdict(story).cause == "accept_refused"


def test_needs_no_leg_but_the_callers(verdict):
    story = Story().asked("00:17:52.3").offered("00:18:17", parent="CA" + "a" * 32)
    story.api("00:18:18", "accept", status=401).parent("completed", "00:18:50", sequence=0)
    assert verdict(story).cause == "accept_refused"


def test_rests_on_the_webhook_the_accepts_and_the_end_of_the_leg(find):
    story = _rings_out(401, 403)
    finding = find("accept_refused", story)
    assert rests_on(story, finding) == [
        "session.offered 00:18:17", "api.called 00:18:18.500", "api.called 00:18:19.500",
        "leg.status 00:18:47",
    ]  # fmt: skip
    assert interval(finding) == ("00:18:18.500", "00:18:48")
    assert "(2, answered with 401, 403)." in finding.says
