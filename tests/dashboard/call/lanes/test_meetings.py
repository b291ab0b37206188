"""Conferences on the lanes of their legs, a media stream in place of the leg that it has not."""

from callstore.report.report import report
from dashboard.call.figure import figure
from dashboard.call.timeline import timeline
from tests.builders import CHILD, PARENT, answered_call
from tests.meetings import STREAM, conference, met, stream_call, streamed


def drawn(story, lane):
    return [mark for mark in timeline(report(story.records))["marks"] if mark["lane"] == lane]


def name_of(story, lane):
    return {each["id"]: each["name"] for each in timeline(report(story.records))["lanes"]}[lane]


def test_both_legs_show_when_they_joined_and_why_they_left():
    story = conference()
    met(story, PARENT, "left", "00:18:52", 3, reason="participant_hung_up")
    met(story, CHILD, "left", "00:18:52", 5, reason="moderator_ended_conference")
    for lane, why in (("parent", "participant hung up"), ("child", "moderator ended conference")):
        marks = [mark for mark in drawn(story, lane) if "conference" in mark["label"]]
        assert [mark["label"] for mark in marks] == ["joined the conference", "left the conference"]
        assert marks[1]["detail"] == why
        assert all(mark["positions"] for mark in marks)


def test_a_stream_reaches_from_its_start_to_its_stop():
    story = streamed(stream_call(), "stopped", "00:19:00.2")
    state, end = drawn(story, "child")
    assert (state["label"], state["detail"], state["style"]) == ("media stream", STREAM, "solid")
    assert (end["label"], end["start_s"]) == ("stream stopped", state["end_s"])
    assert (name_of(story, "child"), name_of(answered_call(), "child")) == ("Media stream", "Child leg")


def test_a_stream_that_broke_shows_its_error_and_one_without_an_end_is_hatched():
    broken = streamed(stream_call(), "error", "00:18:50", error_code="31921")
    assert [mark["label"] for mark in drawn(broken, "child")] == ["media stream", "stream error 31921"]
    [open_] = drawn(stream_call(), "child")
    assert (open_["style"], open_["detail"]) == ("hatch", "its end has not been seen")


def test_the_figure_names_the_lane_as_the_axis_does():
    axis = timeline(report(stream_call().records))
    assert "Media stream" in figure(axis)["layout"]["yaxis"]["ticktext"]
