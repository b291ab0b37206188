import pytest

from callstore.domain.facts import events as ev
from tests.builders import Story
from tests.findings.stories import conversation, dropped
from tests.judging import interval, rests_on


def test_fires_when_the_server_closes_inside_an_open_turn(find):
    assert find("drop_mid_speech", dropped()).certainty == "shown"


def test_stays_silent_when_no_turn_was_open(find):
    assert find("drop_mid_speech", conversation().socket_closed("00:18:51", 1011, received=1011)) is None


def test_stays_silent_when_the_leg_lived_on(find):
    assert find("drop_mid_speech", dropped(end="00:19:20")) is None


def test_admits_that_no_close_frame_was_received(find):
    finding = find("drop_mid_speech", dropped(received=None))
    assert (finding.certainty, finding.missing) == ("consistent", ("a close frame from the server",))


def test_rests_on_the_turn_the_close_and_the_end(find):
    finding = find("drop_mid_speech", dropped())
    assert rests_on(dropped(), finding) == [
        "speech.started 00:18:45.200", "socket.closed 00:18:51", "leg.status 00:18:52"
    ]  # fmt: skip
    assert interval(finding) == ("00:18:45.200", "00:18:52.500")
    assert finding.missing == ()


def test_stays_silent_when_somebody_ended_the_call(find):
    assert find("drop_mid_speech", dropped().tool("00:18:50")) is None


@pytest.mark.parametrize(("end", "at_once"), [("00:18:56", True), ("00:18:57", False)])
def test_a_leg_that_outlives_the_session_by_more_than_five_seconds_was_not_dropped_with_it(
    find, end, at_once
):
    assert (find("drop_mid_speech", dropped(end=end)) is not None) == at_once


def test_claims_nothing_of_a_call_that_goes_on(find):
    story = Story().child("in-progress", "00:18:23", sequence=2)
    story.frame(ev.SpeechStarted, "00:18:45.2", item="item_2", audio_ms=21400.0)
    assert find("drop_mid_speech", story.socket_closed("00:18:51", 1011, received=1011)) is None
