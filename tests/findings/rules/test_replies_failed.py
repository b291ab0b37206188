import pytest

from callstore.domain.facts import events as ev
from tests.builders import Story, answered_call
from tests.findings.stories import ZERO, failed
from tests.judging import interval, rests_on


def _fails(story: Story, *clocks: str, status="failed", code="rate_limit_exceeded") -> Story:
    """A reply begins and fails within a second, at each of the moments."""
    for number, clock in enumerate(clocks):
        name = f"resp_{clock}_{number}"
        story.frame(ev.ReplyStarted, clock, response=name)
        error = {"error_type": "invalid_request_error", "error_code": code} if status == "failed" else {}
        story.frame(ev.ReplyFinished, f"{clock}.6", response=name, status=status, **error)
    return story


def _says(story: Story, clock: str) -> Story:
    story.frame(ev.ReplyStarted, clock, response=f"resp_{clock}")
    story.frame(ev.ReplySpoken, f"{clock}.3", response=f"resp_{clock}", final=True, text="Hello.")
    return story.frame(ev.ReplyFinished, f"{clock}.9", response=f"resp_{clock}", status="completed")


def _mute(dial="completed") -> Story:
    """The agent greets; then every reply fails until the leg ends."""
    story = _says(answered_call().dial_action("00:18:52.4", status=dial), "00:18:24")
    story = _fails(story.turn("item_1", "00:18:30", "00:18:32", ZERO, "Hello?"), "00:18:33")
    return _fails(story.turn("item_2", "00:18:40", "00:18:42", ZERO, "Anybody?"), "00:18:43")


@pytest.mark.parametrize(("dial", "by"), [("completed", "caller"), ("in-progress", "unknown")])
def test_fires_when_every_reply_after_the_last_word_failed(find, verdict, dial, by):
    assert find("replies_failed", _mute(dial)).certainty == "shown"
    result = verdict(_mute(dial))
    assert (result.verdict, result.cause, result.ended_first_by) == ("ai_mute", "replies_failed", by)


def test_fires_when_the_agent_never_said_a_word(find):
    story = answered_call().dial_action("00:18:52.4", status="completed")
    finding = find("replies_failed", _fails(story, "00:18:24"))
    assert finding.says.startswith("Every reply of the agent failed with rate_limit_exceeded (1);")


def test_stays_silent_when_the_agent_spoke_again(find):
    assert find("replies_failed", _says(_mute(), "00:18:48")) is None


def test_stays_silent_when_a_later_reply_did_not_fail(find):
    assert find("replies_failed", _fails(_mute(), "00:18:48", status="completed")) is None
    assert find("replies_failed", _fails(_mute(), "00:18:48", status="cancelled"))


def test_stays_silent_when_the_session_closed_with_its_failure(find, verdict):
    assert find("replies_failed", failed()) is None
    assert verdict(failed()).cause == "server_error"


@pytest.mark.parametrize("clock", ["00:18:45", "00:18:51.8"])
def test_stays_silent_when_the_server_closed_before_anybody_acted(find, clock):
    story = _mute("in-progress").socket_closed(clock, 1011, received=1011)
    assert find("replies_failed", story) is None


def test_a_socket_that_is_cut_as_the_caller_leaves_was_open_until_then(find):
    assert find("replies_failed", _mute().socket_closed("00:18:52.3", 1006))


def test_claims_nothing_of_a_failure_right_at_the_end(find):
    story = _says(answered_call().dial_action("00:18:52.4", status="completed"), "00:18:24")
    assert find("replies_failed", _fails(story, "00:18:49")) is None


def test_claims_nothing_when_no_sign_shows_that_the_session_lived_on(find):
    story = _says(answered_call().dial_action("00:18:52.4"), "00:18:24")
    assert find("replies_failed", _fails(story, "00:18:33")) is None
    assert find("replies_failed", Story().dial_action("00:18:52.4")) is None


def test_names_each_error_once(find):
    story = _fails(_mute(), "00:18:48", code="server_error")
    assert "failed with rate_limit_exceeded, server_error (3)" in find("replies_failed", story).says
    nameless = _fails(answered_call().dial_action("00:18:52.4", "completed"), "00:18:30", code=None)
    assert "failed with invalid_request_error (1)" in find("replies_failed", nameless).says


def test_rests_on_the_failures_and_the_end(find):
    finding = find("replies_failed", _mute())
    assert rests_on(_mute(), finding) == [
        "reply.finished 00:18:33.600", "reply.finished 00:18:43.600", "leg.status 00:18:52"
    ]  # fmt: skip
    assert interval(finding) == ("00:18:33.600", "00:18:52.500")
