import pytest

from callstore.domain.facts import events as ev
from tests.builders import Story, answered_call
from tests.findings.stories import conversation, failed, finished
from tests.judging import interval, rests_on


def test_fires_when_an_error_is_followed_by_a_close(find):
    assert find("server_error", failed()).certainty == "shown"


def test_stays_silent_for_an_error_that_the_session_survived(find):
    story = conversation().frame(ev.SessionErrored, "00:18:26", error_type="server_error")
    story.socket_closed("00:18:51", 1000, received=1000)
    assert find("server_error", story) is None


def test_stays_silent_for_a_mistake_of_the_client(find):
    story = conversation().frame(ev.SessionErrored, "00:18:50", error_type="invalid_request_error")
    assert find("server_error", story.socket_closed("00:18:51", 1000, received=1000)) is None


def test_stays_silent_when_the_agent_had_finished(find):
    story = finished().frame(ev.SessionErrored, "00:18:51", error_type="server_error")
    assert find("server_error", story) is None


def test_admits_that_no_close_was_seen(find):
    story = conversation().frame(ev.SessionErrored, "00:18:44", error_type="server_error")
    finding = find("server_error", story)
    assert (finding.certainty, finding.missing) == ("consistent", ("a close of the AI session",))


def test_rests_on_the_errors_the_close_and_the_end(find):
    finding = find("server_error", failed())
    assert rests_on(failed(), finding) == [
        "reply.finished 00:18:47", "socket.closed 00:18:47.500", "leg.status 00:18:52"
    ]  # fmt: skip
    assert interval(finding) == ("00:18:47", "00:18:52.500")
    assert (finding.missing, "closed" in finding.says) == ((), True)


def test_fires_by_the_code_as_well(find):
    story = conversation().frame(ev.SessionErrored, "00:18:44", code="server_error_rebooting")
    assert "fell silent" in find("server_error", story).says


@pytest.mark.parametrize(
    ("clock", "near"),
    [("00:18:39.9", False), ("00:18:40.1", True), ("00:18:45.9", True), ("00:18:46.1", False)],
)
def test_the_close_follows_an_error_within_seconds_and_may_be_stamped_a_second_before_it(find, clock, near):
    story = conversation().frame(ev.SessionErrored, clock, error_type="server_error")
    story.frame(ev.SessionClosed, "00:18:45", kind="session.closed", reason="connection_lost")
    assert (find("server_error", story) is not None) == near


def test_without_a_close_the_sessions_last_event_is_what_follows(find):
    story = conversation().frame(ev.SessionErrored, "00:18:30", error_type="server_error")
    assert find("server_error", story.frame(ev.FrameSeen, "00:18:40")) is None


def test_claims_nothing_of_a_call_that_goes_on(find):
    story = Story().child("in-progress", "00:18:23", sequence=2)
    story.frame(ev.SessionErrored, "00:18:44", error_type="server_error")
    assert find("server_error", story) is None


def test_begins_with_the_first_error_near_the_close(find):
    story = conversation()
    for clock in ("00:18:30", "00:18:43", "00:18:44"):
        story.frame(ev.SessionErrored, clock, error_type="server_error")
    finding = find("server_error", story.socket_closed("00:18:44.5", 1000, received=1000))
    assert interval(finding)[0] == "00:18:43"
    assert rests_on(story, finding)[:2] == ["session.errored 00:18:43", "session.errored 00:18:44"]


def test_a_close_without_any_event_of_the_session_tells_nothing(find):
    assert find("server_error", answered_call()) is None
