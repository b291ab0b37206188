"""What a call lacks, in few words: by source and state, with the reason behind."""

from dashboard.call.axis.absence import absences
from dashboard.call.timeline import timeline
from tests.dashboard.told import told


def words(document):
    return {each.name: each.word for each in absences(document, timeline(document)["lanes"])}


def test_both_audio_lanes_are_missing_as_one_recording():
    document = told("no_recording")
    assert words(document)["Recording"] == "off"
    [recording] = [
        each for each in absences(document, timeline(document)["lanes"]) if each.name == "Recording"
    ]
    assert recording.reason.startswith("Recording is off")


def test_an_unwatched_session_is_missing_once():
    document = told("sip_486")
    assert words(document)["AI events"] == "not expected"
    assert words(document)["Signals"] == "nothing"
    names = [each.name for each in absences(document, timeline(document)["lanes"])]
    assert len(names) == len(set(names))


def test_a_transcript_that_nobody_expected_is_not_missed():
    document = told("founding_call")
    assert words(document)["Twilio transcript"] == "off"
    document["sources"]["twilio_transcript"] = "never_expected"
    assert "Twilio transcript" not in words(document)
