"""Twilio's real-time transcription callbacks as facts."""

import json

import pytest

from callstore.domain.facts.clock import Clock, Instant, unix
from callstore.domain.facts.events import Unrecognised, WordsHeard, WordsWatched
from tests.ingest import deliveries as given

CALL, GT = "CA" + "1" * 32, "GT" + "2" * 32
AT = "2026-04-13T00:18:50.412Z"


def callback(event="content", **more):
    told = {
        "CallSid": CALL,
        "TranscriptionSid": GT,
        "TranscriptionEvent": f"transcription-{event}",
        "SequenceId": "7",
        "Timestamp": AT,
        "LanguageCode": "ja-JP",
    }
    if event == "content":
        told |= {
            "Track": "inbound_track",
            "Final": "true",
            "TranscriptionData": json.dumps({"transcript": "moshi moshi", "confidence": 0.91}),
        }
    [draft] = given.facts(given.form(**(told | more)))
    return draft


def test_words_are_a_fact_about_the_leg_with_twilios_own_number():
    draft = callback()
    assert draft.subject == f"twilio:{CALL}"
    assert draft.key == f"words:{GT}:7" and draft.sequence == 7
    assert draft.event == WordsHeard(
        transcription=GT,
        track="inbound_track",
        final=True,
        language="ja-JP",
        confidence=0.91,
        text="moshi moshi",
        account=given.ACCOUNT,
    )
    assert draft.occurred == Instant(unix(AT), Clock.PROVIDER)


def test_a_guess_is_not_final():
    assert callback(Final="false", Stability="0.8").event.final is False


def test_a_stamp_in_whole_seconds_says_so():
    assert callback(Timestamp="2026-04-13T00:18:50Z").occurred.precision_ms == 1000


@pytest.mark.parametrize(
    ("event", "more", "fact"),
    [
        (
            "started",
            {"TranscriptionEngine": "google", "Track": "both_tracks"},
            {"state": "started", "engine": "google", "track": "both_tracks"},
        ),
        ("stopped", {}, {"state": "stopped"}),
        (
            "error",
            {"TranscriptionErrorCode": "32655", "TranscriptionError": "Provider unavailable"},
            {"state": "failed", "error_code": "32655", "message": "Provider unavailable"},
        ),
        ("error", {"ErrorCode": "32655"}, {"state": "failed", "error_code": "32655"}),
    ],
)
def test_that_the_transcription_ran_is_a_fact_too(event, more, fact):
    watched = WordsWatched(transcription=GT, language="ja-JP", account=given.ACCOUNT, **fact)
    assert callback(event, **more).event == watched


def test_the_same_callback_twice_is_one_fact_and_the_next_is_another():
    assert callback().key == callback().key != callback(SequenceId="8").key


def test_without_a_number_the_content_tells_them_apart():
    first, other = callback(SequenceId=""), callback(SequenceId="", Timestamp="2026-04-13T00:18:51.0Z")
    assert first.fingerprint == callback(SequenceId="").fingerprint != other.fingerprint


@pytest.mark.parametrize(
    "more",
    [
        {"TranscriptionData": "{not json"},
        {"TranscriptionData": "[]"},
        {"TranscriptionData": ""},
        {"TranscriptionData": json.dumps({"transcript": 7 * [1]})},
        {"Track": ""},
        {"TranscriptionEvent": "transcription-sung"},
        {"TranscriptionSid": ""},
    ],
)
def test_what_cannot_be_read_is_kept_as_it_came(more):
    draft = callback(**more)
    assert isinstance(draft.event, Unrecognised) and draft.subject == f"twilio:{CALL}"
    assert draft.event.hint.startswith("transcription-")
