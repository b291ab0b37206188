"""A recording moved by hand: a fact of whoever did it, and the axis follows."""

import pytest

from callstore.eventlog.reading import read
from tests.dashboard.api.problem import problem
from tests.dashboard.heard import heard_call, projected

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(settings, tmp_path, monkeypatch):
    settings.RECORDING_STORAGE = str(tmp_path)
    return heard_call("founding_call", monkeypatch)


def path(call, recording=None):
    recording = recording or call["recordings"][0]["recording"]
    return f"/api/v1/calls/{call['call_id']}/recordings/{recording}/nudge"


def nudge(client, call, seconds, **more):
    return client.post(path(call, **more), {"seconds": seconds}, content_type="application/json")


def again(call):
    """The call, projected once more."""
    sids = (call["parent_call_sid"], call["child_call_sid"])
    return projected({*(f"twilio:{sid}" for sid in sids), f"openai:{call['ai_call_id']}"})


def test_a_nudge_is_a_fact_that_moves_the_recording(api, call):
    [before] = call["recordings"]
    answer = nudge(api, call, 0.4)
    assert answer.status_code == 201
    assert answer.json() == {"recording": before["recording"], "nudged_s": 0.4}
    [after] = again(call)["recordings"]
    assert after["nudged_s"] == 0.4
    assert after["start_s"] - before["start_s"] == pytest.approx(0.4)
    [record] = [
        r
        for r in read.records([read.trace_of(f"twilio:{before['leg']}")])
        if r.event.TYPE == "recording.nudged"
    ]
    assert record.source == "operator" and record.event.by.startswith("token:")
    assert record.position in after["positions"]


def test_the_last_nudge_stands_though_it_is_the_first_again(api, call):
    for seconds in (1.0, -2.0, 1.0):
        assert nudge(api, call, seconds).status_code == 201
    assert again(call)["recordings"][0]["nudged_s"] == 1.0


@pytest.mark.parametrize("seconds", [601, -601, "much", None, "NaN", "Infinity"])
def test_what_is_no_nudge_is_refused(api, call, seconds):
    problem(nudge(api, call, seconds), 422)
    assert again(call)["recordings"][0]["nudged_s"] == 0


def test_a_recording_of_no_call_is_not_found(api, call):
    assert problem(nudge(api, call, 1.0, recording="RE" + "0" * 32), 404)


def test_a_stranger_moves_nothing(client, call):
    assert problem(nudge(client, call, 1.0), 401)
    assert again(call)["recordings"][0]["nudged_s"] == 0
