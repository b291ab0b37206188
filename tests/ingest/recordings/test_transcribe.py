"""Having a gap read: only its sound leaves, only where it was switched on, and only once."""

import io
import uuid

import numpy as np
import pytest
import soundfile
from django.conf import settings as configured
from redis import Redis

from callstore.audio.analysis import analyse
from callstore.domain.facts.events import GapTranscribed
from callstore.eventlog.reading import read
from callstore.eventlog.writing.append import append
from callstore.media.storage import storage
from callstore.requests.recordings import TranscribeGap
from ingest.dialects import own_facts
from ingest.recordings import take, tasks, transcribe
from ingest.recordings.transcriber import NotRead, transcriber
from tests.ingest.speech_server import serving

pytestmark = pytest.mark.django_db

RATE = 8000
CALLER, AGENT = 440.0, 1000.0  # each channel hums its own tone


@pytest.fixture
def provider(settings, tmp_path):
    with serving() as speech:
        settings.RECORDING_STORAGE = str(tmp_path / "recordings")
        settings.OPENAI_API_KEY, settings.OPENAI_BASE_URL = "sk-test", f"{speech.url}/v1"
        settings.TRANSCRIBE_TAIL, settings.TRANSCRIBE_MODEL = True, "gpt-4o-transcribe"
        yield speech


@pytest.fixture
def heard(provider):
    """The leg and SID of a recording of ten seconds that was analysed."""
    leg, recording = f"CA{uuid.uuid4().hex}", f"RE{uuid.uuid4().hex}"
    seconds = np.arange(10 * RATE) / RATE
    tones = [0.3 * np.sin(2 * np.pi * tone * seconds) for tone in (CALLER, AGENT)]
    wav = io.BytesIO()
    soundfile.write(wav, np.column_stack(tones), RATE, format="WAV", subtype="PCM_16")
    event = take.analysed(recording, analyse(wav.getvalue()), "0")
    storage().put(event.media, wav)
    append([own_facts.recording_analysed(leg, event)])
    yield leg, recording
    with Redis.from_url(configured.REDIS_URL) as redis:
        for key in redis.scan_iter(f"{tasks.READING}{recording}:*"):
            redis.delete(key)


def readings(leg):
    found = [record.event for record in read.records([read.trace_of(f"twilio:{leg}")])]
    return [event for event in found if isinstance(event, GapTranscribed)]


def ask(leg, recording, start=4.0, end=6.0, channel=1):
    request = TranscribeGap(leg, recording, start, end, channel)
    tasks.transcribe_tail.apply(kwargs=request.arguments()).get()


def read_gap(leg, recording, start=4.0, end=6.0):
    transcribe.take(leg, recording, (start, end), 1, transcriber())


def test_what_the_provider_reads_is_a_fact_about_the_gap(heard, provider):
    leg, recording = heard
    ask(leg, recording)
    assert readings(leg) == [
        GapTranscribed(
            recording=recording,
            start_s=4.0,
            end_s=6.0,
            provider="openai",
            model="gpt-4o-transcribe",
            text="They told me",
        )
    ]


def test_only_the_gaps_sound_is_sent_of_the_caller_alone(heard, provider):
    ask(*heard)
    [(path, headers, form)] = provider.requests
    assert path == "/v1/audio/transcriptions" and headers["authorization"] == "Bearer sk-test"
    assert form["model"] == b"gpt-4o-transcribe"
    samples, rate = soundfile.read(io.BytesIO(form["file"]))
    assert (rate, samples.ndim) == (RATE, 1)
    assert len(samples) / rate == pytest.approx(2.0 + 2 * transcribe.MARGIN_S, abs=0.001)
    tone = np.argmax(np.abs(np.fft.rfft(samples))) * rate / len(samples)
    assert tone == pytest.approx(CALLER, abs=1.0)


def test_where_the_channels_are_the_wrong_way_round_the_other_one_is_sent(heard, provider):
    ask(*heard, channel=2)
    [(_, _, form)] = provider.requests
    samples, rate = soundfile.read(io.BytesIO(form["file"]))
    assert np.argmax(np.abs(np.fft.rfft(samples))) * rate / len(samples) == pytest.approx(AGENT, abs=1.0)


def test_a_gap_at_the_end_of_the_recording_ends_with_it(heard, provider):
    ask(*heard, 8.5, 10.0)
    [(_, _, form)] = provider.requests
    assert soundfile.info(io.BytesIO(form["file"])).duration == pytest.approx(
        1.5 + transcribe.MARGIN_S, abs=0.001
    )


def test_a_gap_that_the_version_before_asked_for_is_read(heard):
    leg, recording = heard
    tasks.transcribe_tail.apply((leg, recording, 4.0, 6.0, 1)).get()
    assert len(readings(leg)) == 1


@pytest.mark.parametrize("arguments", [(), ("CA1", "RE1", 4.0, 6.0, 1), ("x",) * 9])
def test_unusable_arguments_are_said_and_dropped(provider, arguments, caplog):
    tasks.transcribe_tail.apply(arguments).get()
    assert "dropped a task ingest.transcribe_tail: " in caplog.text
    assert provider.requests == []


def test_what_has_been_read_is_not_sent_again(heard, provider):
    leg, recording = heard
    for start in (4.0, 4.0, 4.2):
        read_gap(leg, recording, start, 6.0)
    assert len(provider.requests) == len(readings(leg)) == 1
    read_gap(leg, recording, 7.0, 9.0)
    assert len(provider.requests) == len(readings(leg)) == 2


def test_a_second_worker_does_nothing_meanwhile(heard, provider):
    with Redis.from_url(configured.REDIS_URL) as redis:
        redis.set(f"{tasks.READING}{heard[1]}:4.00", "1", ex=60)
    ask(*heard)
    assert provider.requests == []


@pytest.mark.parametrize(("name", "value"), [("TRANSCRIBE_TAIL", False), ("OPENAI_API_KEY", "")])
def test_nothing_leaves_that_was_not_switched_on(heard, provider, settings, name, value):
    setattr(settings, name, value)
    ask(*heard)
    assert provider.requests == [] and readings(heard[0]) == []


@pytest.mark.parametrize(
    ("answer", "wait"),
    [
        ((429, b"{}"), tasks.AGAIN_S),
        ((500, b"{}"), tasks.AGAIN_S),
        ((200, b"no JSON"), tasks.AGAIN_S),
        ((200, b'{"text": 7}'), tasks.AGAIN_S),
        ((200, b"[]"), tasks.AGAIN_S),
        ((401, b"{}"), tasks.DAY_S),
        ((302, b"{}"), tasks.DAY_S),
    ],
)
def test_a_provider_that_does_not_read_it_is_left_alone_for_a_while(heard, provider, answer, wait):
    leg, recording = heard
    provider.answer = answer
    ask(leg, recording)
    ask(leg, recording)
    assert len(provider.requests) == 1 and readings(leg) == []
    with Redis.from_url(configured.REDIS_URL) as redis:
        assert wait - 60 < redis.ttl(f"{tasks.READING}{recording}:4.00") <= wait


def test_a_provider_that_is_not_there_is_asked_later(heard, provider, settings):
    settings.OPENAI_BASE_URL = "http://127.0.0.1:1/v1"
    with pytest.raises(NotRead) as failure:
        read_gap(*heard)
    assert not failure.value.permanent


def test_silence_is_an_answer_too(heard, provider):
    provider.answer = (200, b'{"text": ""}')
    ask(*heard)
    assert [event.text for event in readings(heard[0])] == [""]


def test_a_gap_outside_the_recording_is_no_sound(heard, provider):
    with pytest.raises(NotRead) as failure:
        read_gap(*heard, 12.0, 14.0)
    assert failure.value.permanent and provider.requests == []


def test_a_recording_that_is_not_kept_here_cannot_be_read(heard, provider, settings, tmp_path):
    settings.RECORDING_STORAGE = str(tmp_path / "elsewhere")
    with pytest.raises(NotRead):
        read_gap(*heard)
    with pytest.raises(NotRead):
        read_gap(heard[0], "RE" + "0" * 32)


def test_of_a_gap_that_is_too_long_the_last_part_is_sent(heard, provider, monkeypatch):
    monkeypatch.setattr(transcribe, "LONGEST_S", 2.0)
    ask(*heard, 1.0, 9.0)
    [event] = readings(heard[0])
    assert (event.start_s, event.end_s) == (7.0, 9.0)
    read_gap(*heard, 1.0, 9.0)
    assert len(provider.requests) == 1
