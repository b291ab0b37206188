"""Words of other ears: whose they are, and when they were spoken."""

import random

import pytest

from callstore.domain.analysis.hearing import hear
from callstore.domain.analysis.other_transcripts import LAG_S, other_transcripts, within
from callstore.domain.call.fold import fold
from tests.builders import CHILD, PARENT, at
from tests.findings.stories import conversation, cut_off


def words(story):
    call = fold(story.records)
    return other_transcripts(call, hear(call))


@pytest.mark.parametrize(
    ("leg", "track", "speaker"),
    [
        (PARENT, "inbound_track", "caller"),
        (PARENT, "outbound_track", "agent"),
        (CHILD, "inbound_track", "agent"),
        (CHILD, "outbound_track", "caller"),
        (PARENT, "both_tracks", "unknown"),
    ],
)
def test_what_twilio_receives_from_the_parent_is_the_caller_and_from_the_child_the_ai(leg, track, speaker):
    [said] = words(conversation().written("00:18:40", "Hello", leg=leg, track=track))
    assert (said.speaker, said.source) == (speaker, "twilio")


def test_words_were_spoken_before_twilio_knew_them_and_as_long_as_they_take_to_say():
    [said] = words(conversation().written("00:18:40", "I was told that you had called me"))
    assert said.end == pytest.approx(at("00:18:40") - LAG_S)
    assert 1.5 < said.end - said.start < 4.0 and said.spread_s == LAG_S


def test_wide_letters_take_longer_to_say():
    [said] = words(conversation().written("00:18:40", "連絡が来ていたんですけども"))
    assert 1.5 < said.end - said.start < 4.0


def test_a_first_guess_tells_when_an_utterance_began():
    story = conversation().written("00:18:41", "so", final=False).written("00:18:45", "so it", final=False)
    [said] = words(story.written("00:18:48", "So it goes."))
    assert said.start == pytest.approx(at("00:18:41") - LAG_S, abs=0.5)
    assert (said.text, said.final, len(said.positions)) == ("So it goes.", True, 3)


def test_a_guess_whose_end_never_came_stands_as_what_was_heard_so_far():
    story = conversation().written("00:18:41", "Done.").written("00:18:48", "and then", final=False)
    assert [(w.text, w.final) for w in words(story)] == [("Done.", True), ("and then", False)]


def test_an_utterance_does_not_begin_before_the_last_one_ended():
    story = (
        conversation().written("00:18:40", "One.").written("00:18:41", "A much longer sentence than fits.")
    )
    one, two = words(story)
    assert two.start >= one.end and two.end > two.start


def test_where_the_recording_was_heard_the_words_lie_on_its_speech():
    said = words(cut_off().written("00:18:34", "This is Kishi.").written("00:18:52.4", "They told me that"))
    assert [(round(w.start - at("00:18:00")), round(w.end - at("00:18:00"))) for w in said] == [
        (30, 33),
        (41, 52),
    ]


def test_neither_order_nor_repetition_changes_what_was_said():
    story = cut_off().written("00:18:41", "they", final=False).written("00:18:52.4", "They told me that")
    told = words(story)
    for seed in range(5):
        again = [*story.records, *story.records[-2:]]
        random.Random(seed).shuffle(again)
        call = fold(again)
        assert other_transcripts(call, hear(call)) == told


def test_only_the_callers_words_that_lie_in_a_span_are_within_it():
    story = (
        conversation().written("00:18:40", "Yes, hello?").written("00:18:40", "Hi", track="outbound_track")
    )
    found = words(story)
    span = at("00:18:38"), at("00:18:41")
    assert [w.text for w in within(found, span)] == ["Yes, hello?"]
    assert within(found, (at("00:18:42"), at("00:18:50"))) == []
