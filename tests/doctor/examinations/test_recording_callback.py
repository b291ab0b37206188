"""A recording was asked for and nobody tells us of it."""

from callstore.domain.facts import events as ev
from tests.builders import PARENT, RECORDING
from tests.doctor.told import CALLBACKS, asked_for, dialled, examine, proofs

KEY = "recording_callback"


def test_fires_where_nothing_of_it_came():
    story = dialled(callbacks=CALLBACKS[1:])
    found = examine(KEY, story)
    assert proofs(story, found) == ["flow.answered 00:18:16", "leg.status 00:18:52"]
    assert 'recordingStatusCallback="https://calls.example.com/hooks/twilio/' in found.paste
    assert "recordingStatusCallbackEvent=" in found.paste


def test_fires_where_twilios_api_alone_told_of_it():
    told = ev.RecordingStatus(recording=RECORDING, status="completed", account=None)
    story = dialled().add(f"twilio:{PARENT}", told, "00:19:00").heard("00:18:23", "00:18:52")
    assert examine(KEY, story) is None
    assert examine(KEY, asked_for(story, ev.RecordingStatus))


def test_stays_silent_where_it_came_was_not_asked_for_or_may_still_come():
    assert examine(KEY, dialled().heard("00:18:23", "00:18:52")) is None
    assert examine(KEY, dialled(record=None)) is None
    assert examine(KEY, dialled(), now="00:20:00") is None
