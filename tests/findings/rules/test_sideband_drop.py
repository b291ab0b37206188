from callstore.domain.facts import events as ev
from tests.builders import at
from tests.findings.stories import ZERO, conversation, cut_off
from tests.judging import interval, rests_on

TALK = ("00:18:30", "00:18:33"), ("00:18:36", "00:18:38"), ("00:18:44", "00:18:46")


def test_fires_when_the_agent_still_talks_long_after_the_close(find, verdict):
    story = conversation().socket_closed("00:18:35", 1006)
    story.heard("00:18:23", "00:18:52", *TALK, agent=[("00:18:41", "00:18:43"), ("00:18:47", "00:18:50")])
    assert find("sideband_drop", story).certainty == "shown"
    assert verdict(story).verdict == "inconclusive"


def test_fires_when_frames_come_by_another_socket(find):
    story = (
        conversation().socket_closed("00:18:35", 1001, received=1001).socket_opened("00:18:36", 101, "conn_2")
    )
    story.frame(ev.FrameSeen, "00:18:40", connection="conn_2")
    assert find("sideband_drop", story).certainty == "shown"


def test_stays_silent_when_nobody_answers_the_caller_any_more(find):
    story = conversation().socket_closed("00:18:35", 1006).heard("00:18:23", "00:18:52", *TALK)
    assert find("sideband_drop", story) is None


def test_the_leg_alone_is_only_consistent_with_it(find):
    story = conversation().socket_closed("00:18:35", 1006)
    finding = find("sideband_drop", story)
    assert (finding.certainty, len(finding.missing)) == ("consistent", 1)
    assert rests_on(story, finding) == ["socket.closed 00:18:35", "leg.status 00:18:52"]
    assert "the leg went on for more than five seconds" in finding.says


def test_claims_nothing_where_the_leg_followed_within_five_seconds(find):
    assert find("sideband_drop", conversation().socket_closed("00:18:47", 1006)) is None


def test_says_who_closed_it(find):
    for close, said in (
        ({"sent": 1011}, "Our side closed with 1011"),
        ({"received": 1011}, "OpenAI closed with 1011"),
        ({}, "It closed with 1011"),
    ):
        finding = find("sideband_drop", conversation().socket_closed("00:18:35", 1011, **close))
        assert said in finding.says


def test_claims_nothing_when_no_socket_closed(find):
    assert find("sideband_drop", cut_off().turn("x", "00:18:50", "00:18:51", ZERO)) is None


def test_rests_on_the_close_and_what_shows_that_the_session_went_on(find):
    story = conversation().socket_closed("00:18:35", 1001, received=1001)
    story.socket_opened("00:18:36", 101, "conn_2").frame(ev.FrameSeen, "00:18:40", connection="conn_2")
    finding = find("sideband_drop", story)
    assert rests_on(story, finding) == [
        "socket.closed 00:18:35", "frame.seen 00:18:40", "socket.opened 00:18:36"
    ]  # fmt: skip
    assert interval(finding) == ("00:18:35", "00:18:40")
    assert "frames came by another socket" in finding.says


def test_the_agents_voice_alone_shows_it_up_to_the_end_of_the_leg(find):
    story = conversation().socket_closed("00:18:35", 1006)
    story.heard("00:18:23", "00:18:52", *TALK, agent=[("00:18:41", "00:18:43"), ("00:18:47", "00:18:50")])
    finding = find("sideband_drop", story)
    assert rests_on(story, finding) == ["socket.closed 00:18:35", "recording.analysed 00:18:52"]
    assert interval(finding) == ("00:18:35", "00:18:52")
    assert "no more frames of it were seen" in finding.says


def test_a_recording_that_goes_on_after_the_leg_proves_nothing_of_the_time_after_it(find):
    story = conversation().socket_closed("00:18:35", 1006)
    story.heard("00:18:23", "00:18:57", *TALK, agent=[("00:18:41", "00:18:43"), ("00:18:47", "00:18:50")])
    assert find("sideband_drop", story).end < at("00:18:53")
