"""The AI leg is not recorded."""

import pytest

from tests.builders import answered_call
from tests.doctor.told import dialled, examine, proofs

KEY = "recording_off"


@pytest.mark.parametrize("record", [None, "do-not-record"])
def test_fires_for_a_dial_without_record(record):
    story = dialled(record=record)
    found = examine(KEY, story)
    assert proofs(story, found) == ["flow.answered 00:18:16"]
    assert 'record="record-from-answer-dual"' in found.paste


def test_fires_for_one_of_many():
    assert "In 1 of 4 calls" in examine(KEY, *[dialled()] * 3, dialled(record=None)).why


def test_stays_silent_where_it_is_recorded_by_whatever_means():
    assert examine(KEY, dialled()) is None
    assert examine(KEY, dialled(record=None).heard("00:18:23", "00:18:52")) is None


def test_claims_nothing_where_no_twiml_is_known():
    assert examine(KEY, answered_call()) is None
