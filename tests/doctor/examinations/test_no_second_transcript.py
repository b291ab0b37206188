"""Nobody but the AI writes down what was said."""

from tests.builders import answered_call
from tests.doctor.told import dialled, examine
from tests.findings.stories import refused

KEY = "no_second_transcript"


def test_fires_where_no_call_was_transcribed_by_twilio():
    found = examine(KEY, dialled(), answered_call())
    assert {call for _, call in found.events} == {"call-1", "call-2"}
    assert "<Transcription " in found.paste and 'track="both_tracks"' in found.paste
    assert "In 2 of 2 calls" in found.why


def test_stays_silent_where_one_is_or_where_nobody_talked():
    written = dialled().watched("00:18:20").written("00:18:33", "Hello.")
    assert examine(KEY, dialled(), written) is None
    assert examine(KEY, refused()) is None
    assert examine(KEY, dialled(), now="00:18:53") is None
