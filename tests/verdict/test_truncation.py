"""When a caller was cut off, by a recording, and when nobody can say so."""

import pytest

from callstore.domain.call.fold import fold
from callstore.domain.facts import events as ev
from callstore.findings.rule import case, findings
from callstore.verdict import truncation
from tests.builders import Story, answered_call
from tests.findings.stories import ZERO, conversation, refused

FIRST = ("00:18:30", "00:18:33")
TO_THE_END = ("00:18:41", "00:18:52")
WHO_LEFT = "whether the caller hung up is not known"


def truncated(story):
    of = case(fold(story.records))
    return truncation.truncated(of, findings(of))


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
