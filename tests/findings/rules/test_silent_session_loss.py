import pytest

from callstore.domain.facts import events as ev
from tests.builders import AI, CHILD, Story, answered_call, at
from tests.findings.stories import conversation, cut_off, dropped, finished, left
from tests.judging import interval, rests_on


def test_fires_when_the_caller_speaks_on_into_a_silent_session(find):
    finding = find("silent_session_loss", cut_off())
    assert finding.certainty == "shown"
    assert "a close of the AI session" in finding.missing


def test_stays_silent_when_somebody_acted_or_a_close_was_seen(find):
    for story in (finished(), left(), dropped()):
        assert find("silent_session_loss", story) is None


def test_stays_silent_when_the_session_spoke_to_the_end(find):
    story = cut_off().frame(ev.FrameSeen, "00:18:51.8", kind="rate_limits.updated")
    assert find("silent_session_loss", story) is None


def test_two_seconds_are_silence_where_the_caller_spoke_in_them_and_was_not_heard(find):
    story = conversation().turn("item_2", "00:18:45", "00:18:49.2", "00:18:23.3", "Yes.")
    said = ("00:18:30", "00:18:33"), ("00:18:45", "00:18:49.2")
    cut = story.heard("00:18:23", "00:18:52", *said, ("00:18:50.2", "00:18:52"))
    assert find("silent_session_loss", cut).certainty == "shown"


def test_two_seconds_are_a_pause_where_the_caller_said_nothing(find):
    story = conversation().turn("item_2", "00:18:45", "00:18:49.2", "00:18:23.3", "Yes.")
    said = ("00:18:30", "00:18:33"), ("00:18:45", "00:18:49.2")
    assert find("silent_session_loss", story.heard("00:18:23", "00:18:52", *said)) is None


def test_with_a_silent_caller_it_is_only_consistent(find):
    quiet = conversation().heard("00:18:23", "00:18:52", ("00:18:30", "00:18:33"))
    assert find("silent_session_loss", quiet).certainty == "consistent"


def test_admits_it_cannot_know_without_a_recording(find):
    finding = find("silent_session_loss", conversation())
    assert finding.certainty == "consistent"
    assert "a recording of both channels" in finding.missing


def test_claims_nothing_of_a_session_that_nobody_watched(find):
    assert find("silent_session_loss", answered_call()) is None


def test_rests_on_the_last_event_the_end_and_the_recording(find):
    finding = find("silent_session_loss", cut_off())
    assert rests_on(cut_off(), finding) == [
        "playback.changed 00:18:39", "leg.status 00:18:52", "recording.analysed 00:18:52"
    ]  # fmt: skip
    assert interval(finding) == ("00:18:39", "00:18:52")
    assert "13.0 s before the leg ended" in finding.says and "spoke for 11.0 s after it" in finding.says


def test_lists_each_witness_that_is_missing_and_no_other(find):
    close, recording, bye = "a close of the AI session", "a recording of both channels", "who sent the BYE"
    assert find("silent_session_loss", conversation()).missing == (close, recording, bye)
    assert find("silent_session_loss", cut_off()).missing == (close, bye)
    summary = ev.LegSummarised(processing="complete", disconnected_by="callee")
    story = cut_off().add(f"twilio:{CHILD}", summary, "00:30:00")
    assert find("silent_session_loss", story).missing == (close,)


@pytest.mark.parametrize(("clock", "silent"), [("00:18:49.4", True), ("00:18:49.6", False)])
def test_three_seconds_are_silence_whatever_was_said(find, clock, silent):
    """The leg ended at 00:18:52.5."""
    story = conversation().frame(ev.FrameSeen, clock)
    assert (find("silent_session_loss", story) is not None) == silent


@pytest.mark.parametrize(("since", "certainty"), [("00:18:50.4", "shown"), ("00:18:50.6", "consistent")])
def test_a_second_and_a_half_of_speech_is_no_cough(find, since, certainty):
    story = conversation().heard("00:18:23", "00:18:52", ("00:18:30", "00:18:33"), (since, "00:18:52"))
    finding = find("silent_session_loss", story)
    assert (finding.certainty, "was not heard" in finding.says) == (certainty, certainty == "shown")


def test_speech_that_a_recording_lays_only_by_its_stamps_shortens_no_silence(find):
    """No turn ties the recording to the AI's clock."""
    story = answered_call().dial_action("00:18:52.4").frame(ev.FrameSeen, "00:18:50")
    story.heard("00:18:23", "00:18:52", ("00:18:50.1", "00:18:52"))
    assert find("silent_session_loss", story) is None


def test_stays_silent_for_a_leg_that_was_never_answered(find):
    story = Story().child("ringing", "00:18:17", sequence=1).offered("00:18:17")
    story.frame(ev.FrameSeen, "00:18:20").child("no-answer", "00:18:40", sequence=2)
    assert find("silent_session_loss", story) is None


def test_stays_silent_where_only_an_observer_lost_its_socket(find):
    story = conversation().socket_closed("00:18:35", 1006).socket_opened("00:18:36", 101, "conn_2")
    assert find("silent_session_loss", story) is None


@pytest.mark.parametrize(("clock", "explains"), [("00:18:37.9", False), ("00:18:38.1", True)])
def test_an_error_right_before_the_silence_explains_it_better(find, clock, explains):
    story = conversation().frame(ev.SessionErrored, clock, code="slow_down").frame(ev.FrameSeen, "00:18:39")
    assert (find("silent_session_loss", story) is None) == explains


def test_claims_nothing_of_a_call_that_goes_on(find):
    story = Story().child("in-progress", "00:18:23", sequence=2).frame(ev.FrameSeen, "00:18:30")
    assert find("silent_session_loss", story) is None


def test_stays_silent_when_the_server_closed_long_before_the_end(find):
    story = conversation().socket_closed("00:18:45", 1001, received=1001)
    assert find("silent_session_loss", story) is None


@pytest.mark.parametrize(
    "ours", [lambda s: s.tool("00:18:46"), lambda s: s.api("00:18:51.5", "hangup")], ids=["finish", "hang-up"]
)
def test_silence_before_an_act_of_ours_is_no_loss(find, ours):
    assert find("silent_session_loss", ours(conversation())) is None


def _observed_again(story):
    """The observer lost its socket at 00:18:34 and had another at 00:18:35."""
    story.socket_closed("00:18:34", 1006).socket_opened("00:18:35", connection="conn_2")
    return story.frame(ev.FrameSeen, "00:18:39", connection="conn_2")


def test_fires_although_an_observer_was_away_for_a_moment_before(find):
    spoken = ("00:18:30", "00:18:33"), ("00:18:41", "00:18:52")
    story = _observed_again(conversation()).heard("00:18:23", "00:18:52", *spoken)
    assert find("silent_session_loss", story).certainty == "shown"


def test_stays_silent_where_the_observer_never_came_back(find):
    story = conversation().socket_closed("00:18:34", 1006).socket_opened("00:18:35", connection="conn_2")
    assert find("silent_session_loss", story) is None


def _observer_lost(story, since, until):
    """Whoever took over said so: from then to then nobody watched."""
    gone = ev.WatchChanged(
        state="lost", connection="conn_1", since=at(since), unwatched_s=at(until) - at(since)
    )
    return story.add(f"openai:{AI}", gone, until, source="app")


def test_claims_nothing_where_the_observer_was_lost_and_nobody_watched_to_the_end(find, verdict):
    story = _observer_lost(conversation(), "00:18:34", "00:18:59")
    assert find("silent_session_loss", story) is None
    told = verdict(story)
    assert told.verdict == "inconclusive"
    assert "what the AI session did after its observer was lost" in told.missing


def test_a_silence_that_was_there_before_the_observer_was_lost_may_have_ended_unseen(find):
    assert find("silent_session_loss", _observer_lost(conversation(), "00:18:40", "00:18:59")) is None


def test_fires_where_the_session_stayed_silent_after_somebody_had_taken_over(find):
    story = _observer_lost(conversation(), "00:18:34", "00:18:41")
    assert find("silent_session_loss", story) is None
    story.socket_opened("00:18:41", connection="conn_2")
    assert find("silent_session_loss", story).certainty == "consistent"


def test_fires_where_the_recording_shows_it_though_nobody_watched(find):
    story = _observer_lost(cut_off(), "00:18:39.5", "00:18:59")
    assert find("silent_session_loss", story).certainty == "shown"


def test_an_observer_that_is_lost_takes_nothing_from_one_that_saw_more(find):
    story = conversation().frame(ev.FrameSeen, "00:18:39", connection="conn_2")
    assert find("silent_session_loss", _observer_lost(story, "00:18:34", "00:18:59")) is not None
