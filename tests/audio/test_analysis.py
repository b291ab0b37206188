"""A whole recording, heard: who spoke when, and the same whatever it comes as."""

import io
import json
import random
import time
from contextlib import suppress
from functools import cache

import pytest

from callstore.audio.analysis import analyse
from callstore.audio.wave import Unreadable
from tests.audio.sounds import RATE, SCENARIOS, bridged, flac_of_silence, silence, speech, total, wav

RECORDED = sorted(path.parent.name for path in SCENARIOS.glob("*/recording.wav"))


@cache
def heard_of(scenario):
    """The analysis of a scenario's recording."""
    return analyse((SCENARIOS / scenario / "recording.wav").read_bytes())


@pytest.mark.parametrize("scenario", RECORDED)
def test_the_callers_speech_is_as_long_as_the_story_tells(scenario):
    expected = json.loads((SCENARIOS / scenario / "scenario.json").read_text())["expect"]["caller_speech_s"]
    heard = heard_of(scenario)
    assert total(bridged(heard.caller)) == pytest.approx(expected["about"], abs=expected["within"])
    assert heard.echo == ()


@pytest.mark.parametrize("scenario", RECORDED)
def test_spans_are_sorted_apart_and_inside_the_recording(scenario):
    heard = heard_of(scenario)
    for spans in (heard.caller, heard.agent):
        edges = [edge for span in spans for edge in span]
        assert edges == sorted(edges)
        assert edges[0] >= 0 and edges[-1] <= heard.duration_s


def test_a_stream_gives_what_its_bytes_give():
    data = (SCENARIOS / "natural_end" / "recording.wav").read_bytes()
    assert analyse(io.BytesIO(data)) == heard_of("natural_end")


def test_one_channel_holds_everybody_and_no_agent():
    heard = analyse(wav(speech("natural_end", 0) + speech("natural_end", 1)))
    assert (heard.channels, heard.agent, heard.echo) == (1, (), ())
    assert total(bridged(heard.caller)) > 14


def test_a_compressed_recording_is_heard_too():
    caller, agent = speech("founding_call", 0), speech("founding_call", 1)
    plain = analyse(wav(caller, agent))
    packed = analyse(wav(caller, agent, format="MP3", subtype="MPEG_LAYER_III"))
    assert total(packed.caller) == pytest.approx(total(plain.caller), rel=0.05)


def test_silence_is_a_recording_without_speech():
    heard = analyse(wav(silence(3), silence(3)))
    assert (heard.caller, heard.agent, heard.echo, heard.duration_s) == ((), (), (), 3.0)


KINDS = [("WAV", "PCM_16"), ("WAV", "ULAW"), ("FLAC", "PCM_16"), ("OGG", "VORBIS"), ("MP3", "MPEG_LAYER_III")]


@pytest.mark.parametrize(("format", "subtype"), KINDS)
def test_a_damaged_recording_is_heard_or_unreadable_and_nothing_else(format, subtype):
    spoken = speech("natural_end", 0)[:RATE]
    whole = wav(spoken, spoken, format=format, subtype=subtype)
    chance = random.Random(9)
    for _ in range(10):
        damaged = bytearray(whole)
        for _ in range(chance.randint(1, 4)):
            damaged[chance.randrange(chance.choice([60, len(whole)]))] = chance.randrange(256)
        with suppress(Unreadable):
            analyse(bytes(damaged[: chance.choice([len(whole), chance.randrange(len(whole))])]))


def test_an_hour_of_nothing_from_a_few_bytes_is_an_hour_of_nothing():
    bomb = flac_of_silence(8_000, 2, hours=1)
    assert len(bomb) < 120_000
    began = time.process_time()
    heard = analyse(bomb)
    assert (heard.duration_s, heard.caller, heard.agent) == (3600, (), ())
    assert time.process_time() - began < 10  # with the detector over all of it some 22
