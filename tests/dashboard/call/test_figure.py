"""The figure, as data: what Plotly accepts, where bars stand, and that nobody's words are in it."""

import gzip
import json
import re
from itertools import pairwise

import plotly.graph_objects as go
import pytest

from dashboard.call.axis.lane_rows import rows
from dashboard.call.axis.thinning import thinned
from dashboard.call.figure import figure
from dashboard.call.timeline import LANES, timeline
from tests.dashboard.told import NAMES, told

FOUNDING_KB = 30


def drawn(name):
    return figure(timeline(told(name)))


def trace(drawing, name):
    return next(each for each in drawing["data"] if each["name"] == name)


def taken(drawing):
    """A figure as Plotly has it once it has validated it."""
    whole = json.loads(go.Figure(drawing).to_json())
    del whole["layout"]["template"]  # its own defaults
    return whole


@pytest.mark.parametrize("name", NAMES)
def test_plotly_takes_every_figure_as_it_is(name):
    assert taken(drawn(name)) == json.loads(json.dumps(drawn(name)))


def test_plotly_takes_the_figure_of_an_empty_call():
    empty = figure(timeline({}))
    assert taken(empty) == json.loads(json.dumps(empty))


@pytest.mark.parametrize("name", NAMES)
def test_no_word_that_anybody_said_is_in_a_figure(name):
    document = told(name)
    text = json.dumps(drawn(name), ensure_ascii=False)
    said = [each["text"] for kind in ("turns", "replies") for each in document[kind] if each["text"]]
    assert not [words for words in said if words in text]
    assert not any(number in text for number in (document["from"], document["to"]) if number)


def test_the_founding_figure_is_small():
    assert len(gzip.compress(json.dumps(drawn("founding_call")).encode())) <= FOUNDING_KB * 1024


def test_bars_carry_the_ids_of_their_marks_and_their_edges_in_seconds():
    axis = timeline(told("founding_call"))
    bars = trace(figure(axis), "ai")
    of_id = {mark["id"]: mark for mark in axis["marks"]}
    for id_, base, width in zip(bars["customdata"], bars["base"], bars["x"], strict=True):
        assert base == of_id[id_]["start_s"]
        assert base + width == pytest.approx(of_id[id_]["end_s"], abs=0.002)


def test_what_was_not_observed_is_told_by_a_pattern_too():
    axis = timeline(told("founding_call"))
    bars = trace(figure(axis), "ai")
    style = {mark["id"]: mark["style"] for mark in axis["marks"]}
    shapes = dict(zip(bars["customdata"], bars["marker"]["pattern"]["shape"], strict=True))
    assert {style[id_] for id_, shape in shapes.items() if shape == ""} == {"solid"}
    assert {style[id_] for id_, shape in shapes.items() if shape == "/"} == {"hatch"}


def test_whole_second_stamps_have_whiskers_and_milliseconds_have_none():
    axis = timeline(told("founding_call"))
    whiskers = trace(figure(axis), "uncertainty")
    loose = [mark["id"] for mark in axis["marks"] if mark["uncertainty_s"] >= 0.5]
    assert whiskers["customdata"] == loose
    assert set(whiskers["error_x"]["array"]) == {0.5}


def test_colours_are_names_that_the_page_defines(settings):
    css = (settings.BASE_DIR / "dashboard/static/dashboard/call/page.css").read_text()
    css += (settings.BASE_DIR / "dashboard/static/dashboard/base.css").read_text()
    used = {name for each in NAMES for name in re.findall(r"var\((--[a-z-]+)\)", json.dumps(drawn(each)))}
    assert used
    assert sorted(name for name in used if f"{name}:" not in css) == []


def test_lanes_lie_under_each_other_without_a_hole():
    places = list(rows(LANES).values())
    assert all(above.top + above.height == below.top for above, below in pairwise(places))


def test_a_mono_recording_has_one_waveform():
    document = told("founding_call")
    document["recordings"][0]["channels"] = 1
    names = [each["name"] for each in figure(timeline(document))["data"]]
    assert "caller_audio greatest" in names
    assert "agent_audio greatest" not in names


def test_a_wave_follows_who_speaks_where_the_channels_are_the_wrong_way_round():
    document = told("founding_call")

    def channels():
        data = figure(timeline(document))["data"]
        return {each["name"]: each["meta"]["channel"] for each in data if "edge" in (each.get("meta") or {})}

    assert (channels()["caller_audio least"], channels()["agent_audio least"]) == (1, 2)
    document["recordings"][0]["channels_swapped"] = True
    assert (channels()["caller_audio least"], channels()["agent_audio least"]) == (2, 1)


def test_a_figure_has_the_lanes_that_were_asked_for_in_that_order_and_no_empty_one():
    axis = timeline(told("no_recording"))
    ticks = figure(axis)["layout"]["yaxis"]["ticktext"]
    assert "Parent leg" in ticks
    assert not {"Caller audio", "Twilio transcript"} & set(ticks)
    asked = figure(axis, "child,caller_audio,parent,nonsense")
    assert asked["layout"]["yaxis"]["ticktext"] == ["Child leg", "Parent leg"]
    assert {id_.split("-")[0] for each in asked["data"] for id_ in each["customdata"]} == {"child", "parent"}
    assert asked["layout"]["height"] < figure(axis)["layout"]["height"]
    assert figure(axis, "nonsense") == figure(axis)


def test_an_incident_is_a_band_through_all_lanes():
    document = told("founding_call")
    assert "shapes" not in figure(timeline(document))["layout"]
    began = "2026-04-13T00:18:22Z"
    document["incidents"] = [
        {"provider": "openai", "title": "Elevated errors", "started_at": began, "ended_at": None}
    ]
    drawing = figure(timeline(document))
    [band] = drawing["layout"]["shapes"]
    assert (band["y0"], band["y1"], band["layer"]) == (0, drawing["layout"]["yaxis"]["range"][0], "below")
    assert 0 < band["x0"] < band["x1"]


def test_a_figure_of_very_many_marks_has_few_in_view_and_all_when_zoomed():
    axis = timeline(told("founding_call"))
    [first, *_] = [mark for mark in axis["marks"] if mark["lane"] == "agent_text"]
    axis["marks"] += [
        {**first, "id": f"agent_text-{n + 100}", "start_s": n * 0.5, "end_s": n * 0.5 + 0.4}
        for n in range(20_000)
    ]
    whole = figure(axis, view=(0.0, 10_000.0))
    assert whole["layout"]["meta"] == {"thinned": True, "from": 0.0, "to": 10_000.0}
    drawn = sum(len(each.get("customdata", ())) for each in whole["data"] if each["name"] != "uncertainty")
    assert 900 < drawn <= 1_000
    near = figure(axis, view=(100.0, 110.0))
    assert len(trace(near, "agent_text")["customdata"]) == 21
    assert "meta" not in figure(timeline(told("founding_call")))["layout"]


def test_busy_lanes_are_thinned_alike_and_from_end_to_end():
    [mark, *_] = [mark for mark in timeline(told("founding_call"))["marks"] if mark["lane"] == "agent_text"]
    marks = [
        {**mark, "lane": lane, "id": f"{lane}-{n}", "start_s": n * 10.0, "end_s": n * 10.0 + length}
        for n in range(1_000)
        for lane, length in (("agent_text", 6.0), ("caller_text", 2.0))
    ]
    few = thinned([*marks, {**mark, "lane": "ivr", "start_s": 5.0, "end_s": 6.0}], 0.0, 10_000.0, 201)
    begins = [
        [m["start_s"] for m in few if m["lane"] == lane] for lane in ("agent_text", "caller_text", "ivr")
    ]
    assert [len(each) for each in begins] == [100, 100, 1]
    for each in begins[:2]:
        assert max(b - a for a, b in pairwise(each)) < 1_000
