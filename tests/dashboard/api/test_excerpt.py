"""A stretch of a recording as a WAV: on the call's clock, for whom the whole recording is."""

import io

import numpy as np
import pytest
import soundfile

from callstore.media.storage import storage
from tests.dashboard.api.problem import problem
from tests.dashboard.documents import RECORDING, put_call

pytestmark = pytest.mark.django_db

RATE, START_S = 8000, 30.0
SOUND = np.stack([np.linspace(-0.9, 0.9, 10 * RATE), np.linspace(0.9, -0.9, 10 * RATE)], axis=1)


@pytest.fixture(params=["WAV", "FLAC", "MP3"])
def kind(request):
    return request.param


def kept(settings, tmp_path, kind="WAV"):
    settings.RECORDING_STORAGE = str(tmp_path)
    file = io.BytesIO()
    soundfile.write(file, SOUND, RATE, format=kind)
    file.seek(0)
    key = f"{RECORDING}.{kind.lower()}"
    storage().put(key, file)
    entry = {"recording": RECORDING, "state": "present", "media": key, "start_s": START_S}
    return f"/api/v1/calls/{put_call(recordings=[entry])}/audio/{RECORDING}"


def test_the_stretch_is_what_was_heard_between_two_seconds_of_the_call(api, settings, tmp_path, kind):
    answer = api.get(kept(settings, tmp_path, kind), {"from": START_S + 2.5, "to": START_S + 4})
    assert answer.status_code == 200
    assert answer["Content-Type"] == "audio/wav"
    assert f'filename="{RECORDING}-32.5-34.wav"' in answer["Content-Disposition"]
    whole = b"".join(answer.streaming_content)
    assert answer["Content-Length"] == str(len(whole))
    samples, rate = soundfile.read(io.BytesIO(whole))
    assert (rate, samples.shape) == (RATE, (int(1.5 * RATE), 2))
    if kind != "MP3":
        assert np.allclose(samples, SOUND[int(2.5 * RATE) : 4 * RATE], atol=2e-4)


def test_what_lies_beside_the_recording_is_cut_off(api, settings, tmp_path):
    answer = api.get(kept(settings, tmp_path), {"from": 0, "to": START_S + 1})
    assert soundfile.info(io.BytesIO(b"".join(answer.streaming_content))).frames == RATE


@pytest.mark.parametrize(
    ("start", "end", "word"),
    [
        (0, 10, "nothing"),
        (35, 34, "nothing"),
        (50, 60, "nothing"),
        (30, 9999, "at most"),
        ("x", 1, ""),
        ("nan", 3, ""),
    ],
)
def test_a_stretch_that_cannot_be_had_is_refused_in_words(api, settings, tmp_path, start, end, word):
    answer = api.get(kept(settings, tmp_path), {"from": start, "to": end})
    assert word in problem(answer, 422)["detail"]


def test_bytes_that_are_no_sound_are_refused_in_words(api, settings, tmp_path):
    url = kept(settings, tmp_path)
    storage().put(f"{RECORDING}.wav", io.BytesIO(b"no sound at all"))
    assert "cannot be cut" in problem(api.get(url, {"from": 30, "to": 31}), 422)["detail"]


def test_who_may_not_read_hears_nothing_of_a_stretch_either(stranger, settings, tmp_path):
    assert stranger.get(kept(settings, tmp_path), {"from": 31, "to": 32}).status_code == 401


def test_the_head_of_a_stretch_tells_its_length(api, settings, tmp_path):
    answer = api.head(kept(settings, tmp_path), {"from": 31, "to": 32})
    assert answer["Content-Length"] == str(44 + RATE * 4)
