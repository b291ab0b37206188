"""Calls that run while somebody looks: the application forwards nothing, the sideband says all of it."""

import time

import pytest
from websockets.sync.client import connect

from callstore.rehearsal.demo import running
from callstore.rehearsal.scenarios import scenario as scenarios
from callstore.rehearsal.sideband.script import Play, Refusal, Said, Script
from callstore.rehearsal.sideband.server import Sideband


def frames_of(call):
    events = [event for d in call.deliveries if d.door == "app" for event in running._events(d)]
    return [event for event in events if event["type"] == "realtime.frame"]


@pytest.mark.parametrize("name", running.NAMES)
def test_every_frame_is_said_by_the_sideband_in_its_time_and_none_is_forwarded(name):
    call = scenarios.load(name)
    [(id, script)] = running.scripts(call).items()
    assert isinstance(script.next(), Refusal)  # whoever attaches before the call is accepted
    play = script.next()
    assert isinstance(play, Play)
    frames = frames_of(call)
    assert id == frames[0]["data"]["call_id"] and len(list(play.frames)) == len(frames)
    offered = next(d.received_at for d in call.deliveries if d.door == "openai")
    last = max(running._at(event) for event in frames)
    assert sum(said.after_s for said in play.frames) == pytest.approx(last - offered, abs=0.01)
    assert play.began_at == offered
    assert frames_of(running.unobserved(call)) == []


def test_what_the_application_says_of_itself_is_still_told():
    kinds = {
        event["type"]
        for d in running.unobserved(scenarios.load("natural_end")).deliveries
        if d.door == "app"
        for event in running._events(d)
    }
    assert "realtime.api_call" in kinds and not kinds & running.OBSERVED


def test_a_close_that_came_is_played_and_a_cut_is_a_cut():
    closes = {
        name: [script.next(), script.next()][1].code
        for name in ("natural_end", "founding_call")
        for script in running.scripts(scenarios.load(name)).values()
    }
    assert closes == {"natural_end": 1000, "founding_call": None}


def test_who_attaches_late_hears_at_once_what_was_said_and_the_rest_in_its_time():
    began = time.time() - 10
    play = Play([Said("first", 1), Said("second", 8), Said("third", 2)], began_at=began)
    sideband = Sideband({"rtc_1": Script(play)})
    with sideband.in_thread(), connect(f"{sideband.realtime_url}?call_id=rtc_1") as socket:
        heard = {frame: time.time() - began for frame in socket}
    assert list(heard) == ["first", "second", "third"]
    assert heard["second"] - heard["first"] < 4 and heard["third"] >= 11
