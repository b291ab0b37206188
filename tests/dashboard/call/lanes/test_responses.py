"""What the model did has a lane: responses as stretches, tools as moments."""

from dashboard.call.timeline import timeline
from tests.dashboard.told import told


def lane(document, name):
    return [mark for mark in timeline(document)["marks"] if mark["lane"] == name]


def test_each_response_is_as_long_as_its_reply():
    document = told("natural_end")
    drawn = [mark for mark in lane(document, "responses") if mark["kind"] == "state"]
    assert [mark["start_s"] for mark in drawn] == sorted(
        reply["start_s"] for reply in document["replies"] if reply["start_s"] is not None
    )


def test_a_failed_response_says_so_and_whose_words_it_had_stays_with_the_text():
    document = told("server_error")
    failed = [mark for mark in lane(document, "responses") if mark["role"] == "error"]
    assert failed
    assert all("failed" in mark["label"] for mark in failed)
    texts = {reply["text"] for reply in document["replies"] if reply["text"]}
    assert not texts & {mark["label"] for mark in lane(document, "responses")}


def test_a_tool_is_a_moment_of_this_lane_alone():
    document = told("founding_call")
    document["session"]["tools"] = [
        {"at_s": 40.0, "precision_ms": 1, "position": 7, "name": "finish_session"}
    ]
    [tool] = [mark for mark in lane(document, "responses") if mark["kind"] == "moment"]
    assert (tool["label"], tool["start_s"], tool["positions"]) == ("finish_session()", 40.0, [7])
    assert not [mark for mark in lane(document, "ai") if mark["label"] == "finish_session()"]


def test_a_conference_has_a_lane_only_where_there_is_one():
    document = told("founding_call")
    assert not lane(document, "conference")
    assert "conference" not in [each["id"] for each in timeline(document)["lanes"]]
    moment = {"precision_ms": 1000, "position": 5}
    document["conferences"] = [
        {"sid": "CF1", "name": None, "started": {"at_s": 10.0, **moment}, "ended": {"at_s": 50.0, **moment},
         "reason": "participant-with-end-conference-on-exit-left", "ended_by": None, "participants": []}
    ]  # fmt: skip
    [life] = lane(document, "conference")
    assert (life["start_s"], life["end_s"], life["positions"]) == (10.5, 50.5, [5])
    assert "end conference on exit left" in life["detail"]
