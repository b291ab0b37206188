import pytest

from callstore.domain.facts import events as ev
from tests.builders import Story, at
from tests.findings.stories import conversation, finished
from tests.judging import interval, rests_on


def _expiring(clock):
    return conversation().frame(ev.SessionConfigured, "00:18:24", session="s", expires_at=at(clock))


def test_fires_on_the_servers_own_word(find, verdict):
    story = conversation()
    story.socket_closed(
        "00:18:50", 1001, received=1001, reason="Your session hit the maximum duration of 60 minutes."
    )
    assert find("max_duration", story).certainty == "shown"
    result = verdict(story)
    assert (result.verdict, result.cause, result.ended_first_by) == ("limit_reached", "max_duration", "ai")


def test_fires_on_the_live_apis_own_word(find):
    story = conversation().frame(ev.SessionClosed, "00:18:50", kind="session.closed", reason="expired")
    assert find("max_duration", story).certainty == "shown"


def test_stays_silent_for_a_close_long_before_the_session_expires(find):
    assert find("max_duration", _expiring("01:18:24").socket_closed("00:18:50", 1001, received=1001)) is None


def test_stays_silent_when_the_agent_finished_at_that_moment(find):
    story = finished().frame(ev.SessionConfigured, "00:18:24", session="s", expires_at=at("00:18:52"))
    assert find("max_duration", story) is None


def test_admits_that_the_clock_alone_gives_no_reason(find):
    finding = find("max_duration", _expiring("00:18:51").socket_closed("00:18:50", 1001, received=1001))
    assert (finding.certainty, finding.missing) == ("consistent", ("the reason of the close",))


def test_rests_on_the_configuration_the_close_and_the_end(find):
    story = _expiring("00:18:51").socket_closed("00:18:50", 1001, received=1001, reason="expired")
    finding = find("max_duration", story)
    assert rests_on(story, finding) == [
        "session.configured 00:18:24", "socket.closed 00:18:50", "leg.status 00:18:52"
    ]  # fmt: skip
    assert interval(finding) == ("00:18:50", "00:18:52.500")
    assert (finding.missing, "(expired)" in finding.says) == ((), True)


def test_a_reason_that_says_something_else_is_not_told_as_this_one(find):
    story = _expiring("00:18:51").socket_closed("00:18:50", 1001, received=1001, reason="bye")
    finding = find("max_duration", story)
    assert (finding.certainty, "bye" in finding.says) == ("consistent", False)


@pytest.mark.parametrize("reason", ["expired", "session hit the Maximum Duration"])
def test_the_close_frame_may_say_so_in_either_word(find, reason):
    story = conversation().socket_closed("00:18:50", 1001, received=1001, reason=reason)
    assert find("max_duration", story).certainty == "shown"


@pytest.mark.parametrize(
    ("expires", "near"),
    [("00:18:44.9", False), ("00:18:45", True), ("00:18:55", True), ("00:18:55.1", False)],
)
def test_the_close_comes_within_five_seconds_of_the_time(find, expires, near):
    story = _expiring(expires).socket_closed("00:18:50", 1001, received=1001)
    assert (find("max_duration", story) is not None) == near


@pytest.mark.parametrize(("clock", "near"), [("00:18:44.9", False), ("00:18:45", True)])
def test_the_error_shows_it_where_the_close_follows(find, clock, near):
    story = conversation().frame(ev.SessionErrored, clock, code="session_expired")
    finding = find("max_duration", story.socket_closed("00:18:50", 1001, received=1001))
    assert (finding.certainty if finding else None) == ("shown" if near else None)


def test_another_error_is_no_expiry(find):
    story = conversation().frame(ev.SessionErrored, "00:18:49", code="slow_down")
    assert find("max_duration", story.socket_closed("00:18:50", 1001, received=1001)) is None


def test_without_a_close_the_legs_end_tells_when(find):
    finding = find("max_duration", _expiring("00:18:50"))
    assert interval(finding) == ("00:18:52.500", "00:18:52.500")


def test_claims_nothing_of_a_call_that_goes_on(find):
    story = Story().child("in-progress", "00:18:23", sequence=2)
    story.frame(ev.SessionErrored, "00:18:49", code="session_expired")
    assert find("max_duration", story) is None


def test_of_two_errors_the_last_is_near_and_both_are_evidence(find):
    story = conversation()
    for clock in ("00:18:30", "00:18:48"):
        story.frame(ev.SessionErrored, clock, code="session_expired")
    finding = find("max_duration", story.socket_closed("00:18:50", 1001, received=1001))
    assert "session.errored 00:18:30" in rests_on(story, finding)
    assert "session.errored 00:18:48" in rests_on(story, finding)
