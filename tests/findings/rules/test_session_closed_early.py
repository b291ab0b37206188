from tests.builders import answered_call
from tests.findings.stories import ZERO, conversation, cut_off, finished
from tests.judging import interval, rests_on


def test_fires_when_the_server_closed_well_before_the_end(find):
    assert (
        find("session_closed_early", conversation().socket_closed("00:18:47", 1001, received=1001)).certainty
        == "shown"
    )


def test_stays_silent_when_we_had_hung_up(find):
    assert find("session_closed_early", finished()) is None


def test_our_own_close_tells_nothing_of_the_session(find):
    assert find("session_closed_early", conversation().socket_closed("00:18:47", 1011, sent=1011)) is None


def test_without_a_close_frame_it_is_only_consistent(find):
    finding = find("session_closed_early", conversation().socket_closed("00:18:47", 1006))
    assert (finding.certainty, finding.missing) == ("consistent", ("a close frame",))


def test_admits_nothing_when_no_close_was_seen(find):
    assert find("session_closed_early", cut_off()) is None


def test_rests_on_the_close_the_end_and_what_shows_the_caller_still_there(find):
    story = conversation().socket_closed("00:18:47", 1001, received=1001, reason="going away")
    finding = find("session_closed_early", story)
    assert rests_on(story, finding) == [
        "socket.closed 00:18:47", "leg.status 00:18:52", "dial.finished 00:18:52.400"
    ]  # fmt: skip
    assert interval(finding) == ("00:18:47", "00:18:52.500")
    assert finding.missing == ()
    assert "closed with 1001 (going away) by the server before the leg ended" in finding.says


def test_a_close_in_the_second_of_the_end_is_only_consistent_with_it(find):
    finding = find("session_closed_early", conversation().socket_closed("00:18:52.2", 1001, received=1001))
    assert (finding.certainty, finding.missing) == ("consistent", ())
    assert "with the caller still on the line" in finding.says


def test_claims_nothing_of_a_close_at_the_end_where_nobody_knows_who_left(find):
    story = answered_call().turn("item_1", "00:18:30", "00:18:33", ZERO, "Hello.")
    assert find("session_closed_early", story.socket_closed("00:18:52.2", 1001, received=1001)) is None


def test_a_session_that_is_not_found_any_more_is_as_sure_as_a_close_frame(find):
    story = conversation().socket_closed("00:18:47", 1006).socket_opened("00:18:48", 404, "conn_2")
    finding = find("session_closed_early", story)
    assert (finding.certainty, finding.missing) == ("shown", ())
    assert rests_on(story, finding)[1] == "socket.opened 00:18:48"
    assert "without a close frame" in finding.says


def test_a_close_well_before_the_end_needs_nobody_who_knows_of_the_caller(find):
    story = answered_call().turn("item_1", "00:18:30", "00:18:33", ZERO, "Hello.")
    finding = find("session_closed_early", story.socket_closed("00:18:47", 1001, received=1001))
    assert finding.certainty == "shown"
    assert rests_on(story, finding) == ["socket.closed 00:18:47", "leg.status 00:18:52"]
