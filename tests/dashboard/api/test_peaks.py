"""A recording's waveform: laid on the call's seconds, of no nonsense view, and honest where it is missing."""

import pytest

from tests.dashboard.api.problem import problem
from tests.dashboard.documents import RECORDING, put_call
from tests.dashboard.waves import kept_peaks

pytestmark = pytest.mark.django_db

CALLS = "/api/v1/calls"


def recorded_call(**more):
    entry = {"recording": RECORDING, "state": "present", "start_s": 2.0, "peaks": f"{RECORDING}.peaks"}
    return put_call(recordings=[{**entry, **more}])


def test_peaks_are_laid_on_the_calls_seconds(api, settings, tmp_path):
    settings.RECORDING_STORAGE = str(tmp_path)
    kept_peaks(f"{RECORDING}.peaks", seconds=4, loud=(1.0, 2.0))
    call_id = recorded_call()
    body = api.get(f"{CALLS}/{call_id}/peaks", {"channel": 1, "from": 2, "to": 6, "px": 400}).json()
    assert body["x0"] == 2.0 and body["dx"] == 0.02 and len(body["least"]) == 200
    loud = [body["x0"] + i * body["dx"] for i, value in enumerate(body["greatest"]) if value > 50]
    assert min(loud) == pytest.approx(3.0) and max(loud) == pytest.approx(3.98)
    quiet = api.get(f"{CALLS}/{call_id}/peaks", {"channel": 2}).json()
    assert max(quiet["greatest"]) <= 1
    assert len(api.get(f"{CALLS}/{call_id}/peaks", {"px": 10}).json()["least"]) <= 10


@pytest.mark.parametrize(
    "params",
    [
        {"channel": "0"},
        {"channel": "3"},
        {"px": "0"},
        {"px": "1000000"},
        {"from": "nan"},
        {"to": "inf"},
        {"to": "1e308"},
        {"from": "soon"},
    ],
)
def test_peaks_of_a_nonsense_view_are_refused(api, settings, tmp_path, params):
    settings.RECORDING_STORAGE = str(tmp_path)
    kept_peaks(f"{RECORDING}.peaks", seconds=1)
    problem(api.get(f"{CALLS}/{recorded_call()}/peaks", params), 422)


def test_a_mono_recording_has_no_second_channel(api, settings, tmp_path):
    settings.RECORDING_STORAGE = str(tmp_path)
    kept_peaks(f"{RECORDING}.peaks", seconds=1, channels=1)
    assert "no channel" in problem(api.get(f"{CALLS}/{recorded_call()}/peaks", {"channel": 2}), 422)["detail"]


def test_peaks_that_are_not_there_say_why(api, settings, tmp_path):
    settings.RECORDING_STORAGE = str(tmp_path)
    pending = recorded_call(state="pending", peaks=None)
    assert "pending" in problem(api.get(f"{CALLS}/{pending}/peaks"), 404)["detail"]
    lost = recorded_call()
    assert "not kept" in problem(api.get(f"{CALLS}/{lost}/peaks"), 404)["detail"]
