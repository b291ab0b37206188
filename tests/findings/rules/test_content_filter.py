from callstore.domain.facts import events as ev
from tests.findings.stories import conversation


def _filtered():
    return conversation().frame(
        ev.ReplyFinished, "00:18:44", response="r", status="incomplete", reason="content_filter"
    )


def test_fires_when_the_session_closes_after_a_filtered_reply(find, verdict):
    story = _filtered().socket_closed("00:18:45", 1000, received=1000)
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
    assert find("content_filter", story.socket_closed("00:18:45", 1000, received=1000)) is None


def test_admits_that_no_close_was_seen(find):
    finding = find("content_filter", _filtered())
    assert finding.certainty == "consistent"
    assert "a close of the AI session" in finding.missing
