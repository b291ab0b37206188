from callstore.domain.facts import events as ev
from tests.builders import at
from tests.findings.stories import conversation, finished


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
