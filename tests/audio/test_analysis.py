"""A whole recording, heard: who spoke when, and the same whatever it comes as."""

import io
import json
from functools import cache

import pytest

from callstore.audio.analysis import analyse
from callstore.audio.peaks import read
from tests.audio.sounds import SCENARIOS, bridged, silence, speech, total, wav

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


def test_a_third_channel_is_drawn_but_not_heard():
    caller, agent = speech("natural_end", 0), speech("natural_end", 1)
    two, three = analyse(wav(caller, agent)), analyse(wav(caller, agent, agent))
    assert (three.caller, three.agent, three.channels) == (two.caller, two.agent, 3)
    assert read(three.peaks, 2, 0, 20, 100) == read(two.peaks, 1, 0, 20, 100)


def test_a_compressed_recording_is_heard_too():
    caller, agent = speech("founding_call", 0), speech("founding_call", 1)
    plain = analyse(wav(caller, agent))
    packed = analyse(wav(caller, agent, format="MP3", subtype="MPEG_LAYER_III"))
    assert total(packed.caller) == pytest.approx(total(plain.caller), rel=0.05)


def test_silence_is_a_recording_without_speech():
    heard = analyse(wav(silence(3), silence(3)))
    assert (heard.caller, heard.agent, heard.echo, heard.duration_s) == ((), (), (), 3.0)
