"""What is kept of audio: its length, and who spoke in what a Live sideband reflected. Never the audio."""

import base64
import json

import numpy as np
import pytest

from ingest.dialects.openai.compaction import CARRIERS, compacted

SILENCE = bytes(48 * 40)  # 40 ms at 24 kHz
CALLER, AGENT = "session.input_audio.append", "session.output_audio.delta"


def vowel(ms, level=0.1, hertz=140):
    """A voice's sound as PCM16LE at 24 kHz."""
    at = np.arange(24 * ms) / 24_000
    wave = sum(np.sin(2 * np.pi * hertz * n * at) / n for n in (1, 2, 3)) * level
    return (wave * 32767).astype("<i2").tobytes()


def packed(sound):
    return base64.b64encode(sound).decode()


def received(sound):
    return {"type": CALLER, "audio": packed(sound)}


def said(sound, start_ms):
    return {
        "type": AGENT,
        "delta": packed(sound),
        "start_ms": start_ms,
        "end_ms": start_ms + len(sound) // 48,
    }


def test_reflected_audio_becomes_a_bit_each_20_ms():
    assert compacted(received(SILENCE + vowel(60))) == {
        "type": CALLER, "audio": None, "audio_bytes": 4800, "audio_ms": 100.0, "speech": "00111",
    }  # fmt: skip
    assert compacted(said(vowel(20) + SILENCE, 900)) == {
        "type": AGENT, "delta": None, "start_ms": 900, "end_ms": 960,
        "audio_bytes": 2880, "audio_ms": 60.0, "speech": "100",
    }  # fmt: skip


def test_events_that_follow_each_other_become_one():
    run = [said(vowel(20), 900), said(SILENCE, 920), said(vowel(20), 960)]
    assert compacted(*run) == {
        "type": AGENT, "delta": None, "start_ms": 900, "end_ms": 980, "frames": 3,
        "audio_bytes": 3840, "audio_ms": 80.0, "speech": "1001",
    }  # fmt: skip


def test_what_is_compacted_stays_as_it_is():
    for event in (compacted(received(vowel(20))), {"type": "session.closed", "reason": "expired"}):
        assert compacted(event) is event


@pytest.mark.parametrize(
    ("audio_format", "ms"), [("audio/pcm", 10.0), ("pcm16", 10.0), ("audio/pcmu", 60.0), ("g711_alaw", 60.0)]
)
def test_an_audio_delta_is_kept_as_its_length(audio_format, ms):
    event = {"type": "response.output_audio.delta", "response_id": "r", "delta": packed(bytes(480))}
    kept = {**event, "delta": None, "audio_bytes": 480}
    assert compacted(event) == kept
    assert compacted(event, audio_format=audio_format) == {**kept, "audio_ms": ms}


def test_what_was_sent_is_not_reflected():
    assert "speech" not in compacted(received(vowel(20)), sent=True)
    primary = {"type": AGENT, "delta": packed(vowel(20))}  # no place on the clock: the primary socket's
    assert "speech" not in compacted(primary)


@pytest.mark.parametrize("kind", CARRIERS)
@pytest.mark.parametrize("audio", ["no base64 at all!", "QUJ", 7, ["QUJD"], {"a": "QUJD"}, "é" * 9])
def test_audio_that_is_none_is_not_kept_either(kind, audio):
    kept = compacted({"type": kind, CARRIERS[kind]: audio, "start_ms": 0})
    assert kept[CARRIERS[kind]] is None and kept["audio_bytes"] < 9


def test_more_than_a_minute_in_one_event_is_not_measured():
    assert "speech" not in compacted(received(bytes(48 * 60_020)))


PART = {"type": "input_audio", "audio": packed(vowel(20)), "transcript": "hello"}
ITEM = {"id": "i", "type": "message", "content": [PART]}


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("conversation.item.retrieved", {"item": ITEM}),
        ("conversation.item.created", {"item": ITEM}),
        ("response.output_item.done", {"item": ITEM}),
        ("response.content_part.done", {"part": PART}),
        ("response.done", {"response": {"id": "r", "output": [ITEM]}}),
        ("response.event", {"event": {"type": "response.output_item.done", "item": ITEM}}),
        ("conversation.item.create", {"item": ITEM}),
        ("response.create", {"response": {"input": [ITEM]}}),
    ],
)
def test_audio_inside_an_item_is_not_kept(kind, content):
    kept = json.dumps(compacted({"type": kind, **content}))
    assert PART["audio"] not in kept
    assert "hello" in kept and f'"audio_length": {len(PART["audio"])}' in kept


def test_a_session_keeps_how_its_audio_is_configured():
    event = {"type": "session.updated", "session": {"audio": {"input": {"format": {"type": "audio/pcmu"}}}}}
    assert compacted(event) == event


@pytest.mark.parametrize(("colour", "db"), [("hiss", -50), ("hiss", -40), ("hiss", -35), ("nothing", -90)])
def test_the_noise_of_a_line_is_no_speech(colour, db):
    noise = np.random.default_rng(1).standard_normal(24_000 * 3) * 10 ** (db / 20)
    bits = compacted(received((noise * 32767).astype("<i2").tobytes()))["speech"]
    assert bits.count("1") <= 3
