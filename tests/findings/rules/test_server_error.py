from callstore.domain.facts import events as ev
from tests.findings.stories import conversation, failed, finished


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
