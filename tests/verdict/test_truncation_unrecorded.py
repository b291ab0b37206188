"""When a caller was cut off where too little was recorded: by turns of the AI, by words of other ears."""

import pytest

from callstore.domain.call.fold import fold
from callstore.domain.facts import events as ev
from callstore.findings.rule import case, findings
from callstore.verdict import truncation
from tests.builders import answered_call
from tests.findings.stories import ZERO, conversation

FIRST = ("00:18:30", "00:18:33")
LONG = "They told me that somebody would call me back about the delivery of last week"
UNHEARD = "no recording: whether the caller was speaking at the end is not known"


def truncated(story):
    of = case(fold(story.records))
    return truncation.truncated(of, findings(of))


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
