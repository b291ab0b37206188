"""Frames are forwarded in batches that are seconds wide."""

from dataclasses import replace

from callstore.domain.facts import events as ev
from tests.builders import answered_call, at
from tests.doctor.told import examine, proofs

KEY = "wide_batches"


def forwarded(*moments, received):
    """An answered call of which these frames came in one delivery."""
    story = answered_call()
    for moment in moments:
        story.frame(ev.FrameSeen, moment)
        story.records[-1] = replace(story.records[-1], received_at=at(received))
    return story


def test_fires_for_a_batch_that_is_wider_than_a_second():
    story = forwarded("00:18:24", "00:18:27", "00:18:33.5", received="00:18:34")
    found = examine(KEY, story)
    assert proofs(story, found) == ["frame.seen 00:18:24", "frame.seen 00:18:33.500"]
    assert "9.5 s" in found.why


def test_stays_silent_for_a_batch_within_a_second_and_for_frames_apart():
    assert examine(KEY, forwarded("00:18:24", "00:18:24.9", received="00:18:25")) is None
    apart = answered_call().frame(ev.FrameSeen, "00:18:24").frame(ev.FrameSeen, "00:18:44")
    assert examine(KEY, apart) is None
