"""What another ear heard of the caller beyond what the AI wrote: edges do not count, the leg's end cuts."""

from callstore.domain.analysis.hearing import Hearing
from callstore.domain.analysis.other_ear import OtherEar, beyond


def lost(*spoken, written=()):
    ear = OtherEar("twilio_transcript", list(spoken), edge_s=0.7, shortest_s=0.7)
    return beyond(ear, list(written), Hearing(since=5.0, leg_end=30.0))


def test_what_sticks_out_of_a_written_turn_by_an_edge_is_no_speech():
    assert lost((10.0, 14.0), written=[(11.0, 13.0)]) == []


def test_words_that_the_end_of_the_leg_cuts_short_are_no_edge():
    assert lost((29.5, 30.4)) == [(29.5, 30.0)]


def test_what_was_said_in_an_earlier_conversation_or_later_is_left_out():
    assert lost((2.0, 4.0), (31.0, 33.0)) == []
