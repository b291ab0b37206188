"""Callers who meet the AI in a conference, over a stream or by a trunk: what cannot come is not missed."""

from tests.doctor.told import examine
from tests.meetings import conference, stream_call, trunk

OF_LEGS = ("child_callbacks", "parent_callback", "recording_callback", "nobody_observes")


def test_of_a_trunk_no_callback_is_wanted():
    assert [examine(key, trunk()) for key in OF_LEGS] == [None] * 4


def test_a_conference_and_a_stream_that_tell_all_have_nothing_wrong_with_their_legs():
    for story in (conference(), stream_call()):
        assert [examine(key, story) for key in OF_LEGS] == [None] * 4
