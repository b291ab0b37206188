"""Both sides on one channel."""

import pytest

from tests.doctor.told import dialled, examine, proofs

KEY = "recording_mono"


def test_fires_for_one_channel_in_twiml_and_in_what_came():
    story = dialled(record="record-from-answer")
    assert proofs(story, examine(KEY, story)) == ["flow.answered 00:18:16"]
    heard = dialled().heard("00:18:23", "00:18:52", channels=1)
    found = examine(KEY, heard)
    assert proofs(heard, found) == ["recording.status 00:18:52"]
    assert 'record="record-from-answer-dual"' in found.paste


@pytest.mark.parametrize("record", ["record-from-answer-dual", "record-from-ringing-dual", None])
def test_stays_silent_for_two_channels_and_for_none(record):
    assert examine(KEY, dialled(record=record)) is None
    assert examine(KEY, dialled().heard("00:18:23", "00:18:52")) is None
