"""Who spoke when in the answered AI leg: by the recording, else by the AI's events, else by nobody."""

import pytest

from callstore.domain.analysis.hearing import hear
from callstore.domain.analysis.talking.talk import talk
from callstore.domain.call.fold import fold
from callstore.domain.facts import events as ev
from tests.builders import AI, Story, answered_call, at
from tests.meetings import stream_call

# The AI leg is answered at 00:18:23 and ends at 00:18:52, each within that second.
GREETING, ASKED = ("00:18:25", "00:18:28"), ("00:18:30", "00:18:33")


def of(story):
    call = fold(story.records)
    return talk(call, hear(call))


def clocks(spans):
    return [tuple(round(moment - at("00:18:00"), 2) for moment in span) for span in spans]


def played(story, response, start, end, state="stopped"):
    story.frame(ev.PlaybackChanged, start, response=response, state="started")
    return story.frame(ev.PlaybackChanged, end, response=response, state=state)


def watched(story):
    played(story.frame(ev.FrameSeen, "00:18:23.8"), "r1", *GREETING)
    return story.turn("i1", *ASKED, zero="00:18:23", text="Hello")


def test_a_recording_of_both_sides_is_the_first_witness():
    told = of(watched(answered_call().heard("00:18:23", "00:18:52", ASKED, agent=(GREETING,))))
    assert told.basis == "recording"
    assert (clocks(told.caller), clocks(told.agent)) == ([(30, 33)], [(25, 28)])


def test_what_is_echo_is_nobody():
    story = answered_call().heard("00:18:23", "00:18:52", ASKED, agent=(GREETING,), echo=(GREETING,))
    assert clocks(of(story).caller) == [(30.5, 33.5)]  # nothing ties it to the AI: the middle of its second


def test_what_is_recorded_before_the_ai_leg_and_after_it_does_not_count():
    menu, person = ("00:18:05", "00:18:09"), ("00:18:58", "00:19:10")
    story = answered_call(parent_end="00:19:20").heard(
        "00:18:00", "00:19:20", menu, ASKED, person, agent=(menu, GREETING, person)
    )
    told = of(story)
    assert (clocks(told.caller), clocks(told.agent)) == ([(30.5, 33.5)], [(25.5, 28.5)])
    [(start, end)] = clocks([told.window])
    assert 23 <= start <= 24 and 52 <= end <= 53


def test_between_two_sockets_nobody_watched():
    story = watched(answered_call()).socket_opened("00:18:23.5")
    story.frame(ev.FrameSeen, "00:18:34").socket_closed("00:18:35", 1006)
    story.socket_opened("00:18:45", 101, "conn_2").frame(ev.FrameSeen, "00:18:46", connection="conn_2")
    assert clocks(of(story).unseen) == [(35, 45)]


def test_while_one_observer_was_lost_another_watched():
    story = watched(answered_call()).socket_opened("00:18:23.5").frame(ev.FrameSeen, "00:18:34")
    story.socket_opened("00:18:24", 101, "ours").frame(ev.FrameSeen, "00:18:34", connection="ours")
    gone = ev.WatchChanged(state="lost", connection="ours", since=at("00:18:34.5"), unwatched_s=6)
    story.add(f"openai:{AI}", gone, "00:18:40.5", source="app")
    story.socket_opened("00:18:40.5", 101, "again").frame(ev.FrameSeen, "00:18:41", connection="again")
    assert clocks(of(story).unseen) == [(34, 40.5)]
    assert clocks(of(story.frame(ev.FrameSeen, "00:18:50")).unseen) == []


def test_a_recording_sees_what_no_socket_did():
    story = watched(answered_call().heard("00:18:23", "00:18:52", ASKED, agent=(GREETING,)))
    story.frame(ev.FrameSeen, "00:18:34").socket_closed("00:18:35", 1006)
    story.socket_opened("00:18:45", 101, "conn_2").frame(ev.FrameSeen, "00:18:46", connection="conn_2")
    assert of(story).unseen == []


def test_of_a_recording_that_stops_early_only_what_it_heard_counts():
    told = of(answered_call().heard("00:18:23", "00:18:40", ASKED, agent=(GREETING,)))
    assert clocks([told.window])[0][1] <= 41


@pytest.mark.parametrize("channels", [None, 1])
def test_without_both_channels_the_ais_events_tell(channels):
    story = watched(answered_call())
    if channels:
        story.heard("00:18:23", "00:18:52", ASKED, GREETING, channels=channels)
    told = of(story)
    assert told.basis == "ai_events"
    [(start, end)] = clocks(told.caller)
    # The line takes a tenth of a second either way.
    assert (start, end) == (pytest.approx(29.9, abs=0.15), pytest.approx(32.9, abs=0.15))
    assert clocks(told.agent) == [(25.1, 28.1)]


def test_events_tell_nothing_of_the_time_after_the_last_of_them():
    [(_, end)] = clocks([of(watched(answered_call())).window])
    assert end == pytest.approx(33.9)  # the transcript; the leg went on, and nobody knows what was said


def test_events_of_a_clock_that_is_far_off_tell_among_themselves():
    story = Story().parent("in-progress", "00:17:50").child("in-progress", "00:19:23", sequence=2)
    told = of(watched(story.child("completed", "00:19:52", sequence=3, duration_s=29)))
    assert (len(told.caller), len(told.agent)) == (1, 1)
    story = Story().child("in-progress", "00:17:23", sequence=2)
    told = of(watched(story.child("completed", "00:17:52", sequence=3, duration_s=29)))
    assert (len(told.caller), len(told.agent)) == (1, 1)


def test_a_close_is_the_last_that_is_known_of_a_session():
    story = watched(answered_call()).socket_closed("00:18:45", 1000, received=1000)
    assert clocks([of(story).window])[0][1] == pytest.approx(45)
    story = watched(answered_call()).socket_closed("00:18:58", 1000, received=1000)
    assert clocks([of(story).window])[0][1] <= 53  # and the leg's end is the conversation's


def test_an_agent_who_was_still_speaking_spoke_to_the_end():
    story = watched(answered_call())
    story.frame(ev.PlaybackChanged, "00:18:35", response="r2", state="started")
    story.socket_closed("00:18:45", 1006)
    assert clocks(of(story).agent) == [(25.1, 28.1), (35.1, 45)]


def test_a_playback_that_was_cleared_was_cut():
    story = watched(answered_call())
    played(story, "r2", "00:18:35", "00:18:37", state="cleared")
    assert [round(cut - at("00:18:00"), 2) for cut in of(story).cuts] == [37]
    assert of(answered_call().heard("00:18:23", "00:18:52", ASKED, agent=(GREETING,))).cuts is None


def test_an_observer_who_sees_no_playback_cannot_tell_who_spoke_when():
    story = answered_call().frame(ev.FrameSeen, "00:18:23.8")
    story.frame(ev.ReplySpoken, "00:18:26", response="r1", final=True, text="Hello")
    story.turn("i1", *ASKED, zero="00:18:23", text="Hello")
    assert of(story) is None


def test_nor_does_one_who_sees_words_of_the_caller_and_no_moment_of_them():
    story = played(answered_call(), "r1", *GREETING)
    story.frame(ev.TurnTranscribed, "00:18:34", item="i1", final=True, text="Hello")
    assert of(story) is None


def test_a_leg_that_nobody_answered_has_no_conversation():
    story = (
        Story()
        .asked("00:17:52.3")
        .child("initiated", "00:18:17", sequence=0)
        .child("no-answer", "00:18:40", sequence=1, sip_code=480)
        .parent("completed", "00:18:41", sequence=0, duration_s=49)
    )
    assert of(story.heard("00:17:53", "00:18:41", ASKED)) is None


def test_nothing_known_is_nothing_said():
    assert of(Story()) is None
    assert of(answered_call()) is None


def test_of_a_streamed_call_the_numbers_begin_with_its_stream():
    story = stream_call().heard(
        "00:18:10", "00:19:00", ("00:18:31", "00:18:33"), agent=[("00:18:35", "00:18:39")]
    )
    assert round(of(story).window[0] - at("00:18:00"), 1) == 20.1
