"""When a caller was cut off, by which witness, and what kind a gap is."""

import pytest

from callstore.domain.call.fold import fold
from callstore.domain.facts import events as ev
from callstore.findings.rule import case, findings
from callstore.verdict import truncation
from tests.builders import Story, answered_call
from tests.findings.stories import ZERO, conversation, refused

FIRST = ("00:18:30", "00:18:33")
TO_THE_END = ("00:18:41", "00:18:52")
LONG = "They told me that somebody would call me back about the delivery of last week"
WHO_LEFT = "whether the caller hung up is not known"
UNHEARD = "no recording: whether the caller was speaking at the end is not known"


def truncated(story):
    of = case(fold(story.records))
    return truncation.truncated(of, findings(of))


def gap_kind(story):
    return truncation.gap_kind(case(fold(story.records)))


def _recorded(story, *spans):
    return story.heard("00:18:23", "00:18:52", *spans)


def _answered():
    """A leg that was answered and ended, with no session and no dial action."""
    story = Story().child("in-progress", "00:18:23", sequence=2).child("completed", "00:18:52", sequence=3)
    return story.parent("completed", "00:18:52", sequence=0)


def test_a_call_that_goes_on_cuts_nobody_off():
    story = Story().child("in-progress", "00:18:23", sequence=2)
    story.turn("item_1", *FIRST, ZERO, "This is Kishi.")
    assert truncated(_recorded(story, FIRST, TO_THE_END)) == (False, None, None)


@pytest.mark.parametrize(
    ("story", "there"),
    [
        (_answered(), False),
        (_answered().api("00:18:22", "accept", status=404), False),
        (_answered().offered("00:18:17"), True),
        (_answered().api("00:18:22", "accept"), True),
        (refused().offered("00:18:17"), False),
        (Story().offered("00:18:17").socket_closed("00:18:45", 1006), False),
    ],
    ids=["no session", "only a call of the API", "offered", "accepted", "offered and refused", "no leg"],
)
def test_words_are_lost_only_on_a_session_that_should_have_had_them(story, there):
    assert truncated(_recorded(story, TO_THE_END)) == (
        (True, "recording", None) if there else (False, None, None)
    )


def test_a_session_alone_can_cut_a_caller_off():
    """No leg is known: the session is over when its socket closed."""
    story = Story().turn("item_1", *FIRST, ZERO, "Hello.")
    story.frame(ev.SpeechStarted, "00:18:45.2", item="item_2", audio_ms=21400.0).socket_closed(
        "00:18:51", 1006
    )
    assert truncated(story) == (True, "ai_vad", None)


def test_what_is_said_after_a_true_goodbye_is_not_cut_off():
    """Less than a second and a half of it came after the finish tool."""
    story = conversation().tool("00:18:51").api("00:18:51.5", "hangup")
    _recorded(story, FIRST, ("00:18:49.3", "00:18:52"))
    assert truncated(story) == (False, None, None)


def _unasked():
    """No dial action says who left; the first turn was written down."""
    return answered_call().turn("item_1", *FIRST, ZERO, "Hello.")


@pytest.mark.parametrize(
    ("story", "cut"),
    [
        (_unasked().frame(ev.FrameSeen, "00:18:51.8"), False),
        (_unasked(), True),
        (_unasked().frame(ev.FrameSeen, "00:18:51.4").api("00:18:51.5", "hangup"), True),
        (_unasked().socket_closed("00:18:52.3", 1006), False),
        (_unasked().socket_closed("00:18:52.3", 1001, received=1001), True),
        (_unasked().socket_closed("00:18:45", 1006), True),
    ],
    ids=["lived to the end", "fell silent", "hung up", "cut with the leg", "by the server", "long before"],
)
def test_a_caller_who_may_have_left_is_not_called_cut_off(story, cut):
    expected = (True, "recording", None) if cut else (False, None, WHO_LEFT)
    assert truncated(_recorded(story, FIRST, ("00:18:48", "00:18:52"))) == expected


def test_a_session_that_is_not_found_before_the_end_was_not_cut_by_leaving():
    story = _unasked().frame(ev.SpeechStarted, "00:18:45.2", item="item_2", audio_ms=21400.0)
    story.socket_closed("00:18:51.8", 1006)
    assert truncated(story).unknown == WHO_LEFT
    story.socket_opened("00:18:51.4", 404, "conn_2")
    assert truncated(story) == (True, "ai_vad", None)


def test_without_any_event_of_the_ai_nobody_can_say_that_it_lived_to_the_end():
    assert truncated(_recorded(answered_call(), TO_THE_END)) == (True, "recording", None)


def test_only_what_was_lost_after_the_last_words_that_were_written_counts():
    story = conversation().turn("item_2", "00:18:44", "00:18:46", ZERO, "And so on.")
    said = FIRST, ("00:18:36", "00:18:39"), ("00:18:44", "00:18:46")
    assert not truncated(_recorded(story, *said, ("00:18:51", "00:18:52"))).holds


def test_what_was_written_down_is_not_lost_however_late_it_was_said():
    story = conversation().turn("item_2", "00:18:47", "00:18:51.5", ZERO, "And so on.")
    assert not truncated(_recorded(story, FIRST, ("00:18:47", "00:18:51.5"))).holds


@pytest.mark.parametrize(("since", "cut"), [("00:18:50.4", True), ("00:18:50.6", False)])
def test_a_second_and_a_half_must_be_lost(since, cut):
    assert truncated(_recorded(conversation(), FIRST, (since, "00:18:52"))).holds == cut


@pytest.mark.parametrize(("until", "cut"), [("00:18:49.9", False), ("00:18:50.1", True)])
def test_the_caller_must_be_speaking_in_the_last_two_seconds(until, cut):
    assert truncated(_recorded(conversation(), FIRST, ("00:18:41", until))).holds == cut
    assert truncated(_recorded(_answered().offered("00:18:17"), ("00:18:41", until))).holds == cut


@pytest.mark.parametrize(
    ("spans", "cut"),
    [
        ([], False),
        ([("00:18:50.6", "00:18:52")], False),
        ([("00:18:50.4", "00:18:52")], True),
        ([("00:18:48", "00:18:49"), ("00:18:50.9", "00:18:51.7")], True),
        ([FIRST, TO_THE_END], True),
        ([("00:18:46", "00:18:48.5"), ("00:18:50.9", "00:18:51.7")], False),
    ],
    ids=[
        "silence",
        "too short",
        "long enough",
        "after a pause for breath",
        "after others",
        "after a long pause",
    ],
)
def test_of_an_unwatched_call_only_speech_that_runs_to_the_end_counts(spans, cut):
    assert truncated(_recorded(_answered().offered("00:18:17"), *spans)).holds == cut


def _open_turn():
    story = conversation()
    return story.frame(ev.SpeechStarted, "00:18:45.2", item="item_2", audio_ms=21400.0)


def test_an_open_turn_shows_it_where_nothing_was_recorded():
    assert truncated(_open_turn()) == (True, "ai_vad", None)


def test_a_turn_that_was_open_when_the_session_closed_lasts_to_the_end():
    assert truncated(_open_turn().socket_closed("00:18:47", 1011, received=1011)) == (True, "ai_vad", None)


def test_a_turn_that_noise_held_open_shows_nothing():
    story = answered_call(child_end="00:19:30", parent_end="00:19:30").dial_action("00:19:30.4")
    story.frame(ev.SpeechStarted, "00:18:30", item="item_1", audio_ms=6500.0).frame(ev.FrameSeen, "00:19:20")
    assert truncated(story) == (False, None, UNHEARD)


@pytest.mark.parametrize(
    ("until", "spans", "cut"),
    [
        ("00:18:52", [FIRST], False),
        ("00:18:52", [FIRST, ("00:18:50.5", "00:18:51")], True),
        ("00:18:52", [FIRST, ("00:18:46", "00:18:48")], False),
        ("00:18:45", [FIRST], True),
    ],
    ids=["nobody spoke", "somebody spoke at the end", "somebody spoke before", "too short to tell"],
)
def test_one_mixed_channel_can_say_that_nobody_spoke(until, spans, cut):
    assert truncated(_open_turn().heard("00:18:23", until, *spans, channels=1)).holds == cut


def _turn(start, stop, *closing, story=None):
    """A turn that the AI's detector opened and closed, and what else became of it."""
    story = story or conversation()
    story.frame(ev.SpeechStarted, "00:18:50", item="item_2", audio_ms=(start - 23.3 - 0.3) * 1000)
    for cls in closing:
        fields = {
            ev.SpeechStopped: {"audio_ms": (stop - 23.3 + 0.5) * 1000},
            ev.TurnTranscribed: {"final": True, "text": "Well."},
        }.get(cls, {})
        story.frame(cls, f"00:18:{stop + 0.5:06.3f}", item="item_2", **fields)
    return story


@pytest.mark.parametrize(
    ("story", "cut"),
    [
        (_turn(48.0, 51.4, ev.SpeechStopped), True),
        (_turn(48.0, 51.4, ev.TurnCommitted), True),
        (_turn(48.0, 51.4, ev.SpeechStopped, ev.TurnTranscribed), False),
        (_turn(48.0, 51.4, ev.SpeechStopped, ev.TurnFailed), False),
        (_turn(50.0, 51.4, ev.SpeechStopped), False),
        (_turn(48.0, 50.4, ev.SpeechStopped), False),
        (_turn(48.0, 50.6, ev.SpeechStopped), True),
        (_turn(48.0, 50.4, ev.TurnCommitted), False),
        (conversation().frame(ev.TurnCommitted, "00:18:51", item="item_2"), False),
    ],
    ids=[
        "heard to the end", "committed", "written down", "failed", "too short", "over before the end",
        "within two seconds", "committed before the end", "nobody knows when it began",
    ],
)  # fmt: skip
def test_a_turn_that_was_never_written_down_shows_it_if_it_reaches_the_end(story, cut):
    """The leg ended at 00:18:52.5."""
    assert truncated(story).holds == cut


@pytest.mark.parametrize(
    ("story", "why"),
    [
        (conversation(), UNHEARD),
        (answered_call().dial_action("00:18:52.4"), "no recording and no AI events: nobody heard the caller"),
        (
            conversation().heard("00:18:23", "00:18:45", FIRST),
            "the recording stops 6.7 s before the leg ended: who was speaking then is not known",
        ),
        (conversation().heard("00:18:23", "00:18:52", FIRST, channels=1), UNHEARD),
    ],
    ids=["no recording", "nothing", "too short", "one channel"],
)
def test_where_nobody_can_say_it_is_said_why(story, why):
    assert truncated(story) == (False, None, why)


def test_twilios_words_count_only_after_the_last_that_the_ai_wrote():
    story = (
        conversation().written("00:18:40", LONG).turn("item_2", "00:18:46", "00:18:48", ZERO, "And so on.")
    )
    assert truncated(story.written("00:18:52.4", "A second long.")).basis is None


# --- The kind of a gap


@pytest.mark.parametrize(
    ("story", "kind"),
    [
        (refused(), "none"),
        (refused().offered("00:18:17"), "none"),
        (_answered(), "unknown"),
        (_answered().offered("00:18:17"), "unknown"),
        (Story().child("ringing", "00:18:17", sequence=1), "unknown"),
        (_answered().api("00:18:22", "accept"), "unknown"),
        (_recorded(_answered().api("00:18:22", "accept"), TO_THE_END), "unknown"),
        (Story().offered("00:18:17").socket_closed("00:18:45", 1006), "none"),
        (Story().asked("00:17:52").parent("completed", "00:18:10", sequence=0), "unknown"),
        (Story(), "unknown"),
    ],
    ids=[
        "refused",
        "offered and refused",
        "no session",
        "never accepted",
        "rings",
        "unwatched",
        "recorded",
        "a session alone",
        "no leg",
        "empty",
    ],
)
def test_a_session_that_nobody_watched_leaves_no_gap_only_where_nobody_answered(story, kind):
    assert gap_kind(story) == kind


def _going_on():
    story = Story().child("in-progress", "00:18:23", sequence=2)
    return story.turn("item_1", *FIRST, ZERO, "Hello.")


def test_while_a_call_goes_on_its_text_may_still_come():
    assert gap_kind(_going_on()) == "pending"
    assert gap_kind(_recorded(_going_on(), FIRST, TO_THE_END)) == "pending"
    assert gap_kind(_recorded(_going_on(), FIRST)) == "none"


@pytest.mark.parametrize(
    ("heard_until", "kind"), [("00:18:45", "not_heard"), ("00:18:47.500", "heard_not_transcribed")]
)
def test_a_recorded_gap_is_what_its_larger_part_is(heard_until, kind):
    """The AI heard the first seconds of eleven."""
    story = conversation().turn("item_2", "00:18:41", heard_until, ZERO)
    assert gap_kind(_recorded(story, FIRST, TO_THE_END)) == kind


@pytest.mark.parametrize(
    ("heard_until", "kind"), [("00:18:48.5", "not_heard"), ("00:18:49.3", "heard_not_transcribed")]
)
def test_a_gap_by_twilios_words_is_what_its_larger_part_is(heard_until, kind):
    """Twilio heard some six seconds up to 00:18:51.7."""
    story = conversation().turn("item_2", "00:18:46", heard_until, ZERO)
    assert gap_kind(story.written("00:18:52.4", LONG)) == kind


def test_a_turn_that_was_begun_and_not_written_is_a_gap():
    assert gap_kind(conversation().turn("item_2", "00:18:44", "00:18:46", ZERO)) == "heard_not_transcribed"
    assert gap_kind(finished_unrecorded().frame(ev.TurnCommitted, "00:18:49", item="item_9")) == "none"


def finished_unrecorded():
    return conversation().tool("00:18:50").api("00:18:51.5", "hangup")


@pytest.mark.parametrize(
    "story",
    [
        conversation().frame(ev.FrameSeen, "00:18:51"),
        conversation().api("00:18:51.5", "hangup"),
        finished_unrecorded().frame(ev.FrameSeen, "00:18:50.2").lose(1).frame(ev.FrameSeen, "00:18:50.4"),
        answered_call().tool("00:18:50").api("00:18:51.5", "hangup"),
    ],
    ids=["nobody of ours ended it", "it fell silent", "frames were lost", "no turn was begun"],
)
def test_without_a_recording_only_a_whole_session_that_lived_to_its_end_leaves_no_gap(story):
    assert gap_kind(finished_unrecorded()) == "none"
    assert gap_kind(story) == "unknown"
