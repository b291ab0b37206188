"""Silence is cut out of the recording."""

import pytest

from tests.doctor.told import dialled, examine, proofs

KEY = "recording_trimmed"


def test_fires_for_trim_silence():
    story = dialled(trim="trim-silence")
    found = examine(KEY, story)
    assert proofs(story, found) == ["flow.answered 00:18:16"]
    assert 'trim="do-not-trim"' in found.paste


@pytest.mark.parametrize("trim", [None, "do-not-trim"])
def test_stays_silent_where_it_is_whole(trim):
    assert examine(KEY, dialled(trim=trim)) is None
