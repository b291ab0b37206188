"""What kind the gap of a call is: not heard, heard and not written, pending, none, or unknown."""

import pytest

from callstore.domain.call.fold import fold
from callstore.domain.facts import events as ev
from callstore.findings.rule import case
from callstore.verdict import truncation
from tests.builders import Story, answered_call
from tests.findings.stories import ZERO, conversation, refused

FIRST = ("00:18:30", "00:18:33")
TO_THE_END = ("00:18:41", "00:18:52")
LONG = "They told me that somebody would call me back about the delivery of last week"


def gap_kind(story):
    return truncation.gap_kind(case(fold(story.records)))


def _recorded(story, *spans):
    return story.heard("00:18:23", "00:18:52", *spans)


def _answered():
    """A leg that was answered and ended, with no session and no dial action."""
    story = Story().child("in-progress", "00:18:23", sequence=2).child("completed", "00:18:52", sequence=3)
    return story.parent("completed", "00:18:52", sequence=0)


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


def finished_unrecorded():
    return conversation().tool("00:18:50").api("00:18:51.5", "hangup")


@pytest.mark.parametrize(
    "story",
    [
        finished_unrecorded(),
        conversation().frame(ev.FrameSeen, "00:18:51"),
        answered_call().tool("00:18:50").api("00:18:51.5", "hangup"),
    ],
    ids=["it lived and wrote every turn", "nobody of ours ended it", "no turn was begun"],
)
def test_without_a_recording_nobody_knows_of_speech_for_which_the_ai_opened_no_turn(story):
    """Its detector is no witness against itself: a deaf session writes every turn that it heard."""
    assert gap_kind(story) == "unknown"
    assert gap_kind(_recorded(story, FIRST, TO_THE_END)) == "not_heard"
