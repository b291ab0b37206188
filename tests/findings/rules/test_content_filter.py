import pytest

from callstore.domain.facts import events as ev
from tests.builders import Story
from tests.findings.stories import conversation, finished
from tests.judging import interval, rests_on


def _filtered():
    return conversation().frame(
        ev.ReplyFinished, "00:18:44", response="r", status="incomplete", reason="content_filter"
    )


def test_fires_when_the_session_closes_after_a_filtered_reply(find, verdict):
    story = _filtered().socket_closed("00:18:47", 1000, received=1000)
    assert find("content_filter", story).certainty == "shown"
    assert (verdict(story).verdict, verdict(story).cause) == ("ai_closed_first", "content_filter")


def test_fires_on_the_live_apis_own_word(find):
    story = conversation().frame(ev.SessionClosed, "00:18:46", kind="session.closed", reason="content")
    assert find("content_filter", story).certainty == "shown"


def test_stays_silent_when_the_agent_went_on(find):
    story = _filtered().frame(ev.ReplyFinished, "00:18:47", response="r2", status="completed")
    assert find("content_filter", story.socket_closed("00:18:51", 1000, received=1000)) is None


def test_stays_silent_for_a_reply_that_was_only_too_long(find):
    story = conversation().frame(
        ev.ReplyFinished, "00:18:44", response="r", status="incomplete", reason="max_output_tokens"
    )
    assert find("content_filter", story.socket_closed("00:18:47", 1000, received=1000)) is None


def test_admits_that_no_close_was_seen(find):
    finding = find("content_filter", _filtered())
    assert finding.certainty == "consistent"
    assert "a close of the AI session" in finding.missing


def test_rests_on_the_reply_the_close_and_the_end(find):
    story = _filtered().socket_closed("00:18:47", 1000, received=1000)
    finding = find("content_filter", story)
    assert rests_on(story, finding) == [
        "reply.finished 00:18:44", "socket.closed 00:18:47", "leg.status 00:18:52"
    ]  # fmt: skip
    assert interval(finding) == ("00:18:44", "00:18:52.500")
    assert finding.missing == ()


def test_the_live_apis_word_stands_without_a_filtered_reply(find):
    story = conversation().frame(ev.SessionClosed, "00:18:46", kind="session.closed", reason="content")
    assert interval(find("content_filter", story)) == ("00:18:46", "00:18:52.500")


def test_a_close_that_nobody_announced_is_only_consistent_with_it(find):
    finding = find("content_filter", _filtered().socket_closed("00:18:47", 1006))
    assert (finding.certainty, finding.missing) == ("consistent", ())


@pytest.mark.parametrize(("closed", "follows"), [("00:18:49.9", True), ("00:18:50.1", False)])
def test_a_session_that_lives_on_for_more_than_ten_seconds_survived_it(find, closed, follows):
    story = conversation().frame(
        ev.ReplyFinished, "00:18:40", response="r", status="incomplete", reason="content_filter"
    )
    finding = find("content_filter", story.socket_closed(closed, 1000, received=1000))
    assert (finding is not None) == follows


def test_of_two_filtered_replies_the_last_counts(find):
    story = conversation()
    for clock, response in (("00:18:36", "r1"), ("00:18:44", "r2")):
        story.frame(ev.ReplyFinished, clock, response=response, status="incomplete", reason="content_filter")
    story.frame(ev.ReplyFinished, "00:18:40", response="r3", status="completed")
    assert interval(find("content_filter", story))[0] == "00:18:44"


def test_a_reply_that_failed_after_it_is_no_sign_of_life(find):
    story = _filtered().frame(ev.ReplyFinished, "00:18:45", response="r2", status="failed")
    assert find("content_filter", story)


def test_stays_silent_when_somebody_ended_the_call(find):
    story = finished().frame(
        ev.ReplyFinished, "00:18:49", response="r", status="incomplete", reason="content_filter"
    )
    assert find("content_filter", story) is None


def test_claims_nothing_of_a_call_that_goes_on(find):
    story = Story().child("in-progress", "00:18:23", sequence=2)
    story.frame(ev.ReplyFinished, "00:18:44", response="r", status="incomplete", reason="content_filter")
    assert find("content_filter", story) is None


def test_the_reason_of_a_close_is_the_servers_word(find):
    story = conversation().socket_closed("00:18:47", 1006, reason="content")
    assert find("content_filter", story).certainty == "shown"
