"""A document as lanes and marks: nothing is invented, nothing that is missing disappears."""

import json

import pytest

from dashboard.call.timeline import LANES, RARE, timeline
from tests.dashboard.told import NAMES, told

EMPTY = {"call_id": "0", "verdict": "live", "flags": []}


def lane(axis, name):
    return [mark for mark in axis["marks"] if mark["lane"] == name]


def labels(axis, name):
    return [mark["label"] for mark in lane(axis, name)]


def reasons(axis):
    return {each["id"]: each["reason"] for each in axis["lanes"]}


@pytest.fixture(scope="module")
def founding():
    return timeline(told("founding_call"))


def test_the_lanes_are_always_the_same(founding):
    names = ["Signals", "Parent leg", "IVR / DTMF", "Child leg", "AI session", "AI responses"]
    names += ["Agent text", "Caller text", "Twilio transcript", "Turn-taking", "Heard by the AI"]
    names += ["Agent audio", "Caller audio"]
    assert [each["name"] for each in founding["lanes"]] == names
    assert [each["id"] for each in timeline(EMPTY)["lanes"]] == [lane for lane in LANES if lane not in RARE]


def test_the_founding_session_is_silent_and_no_close_is_drawn(founding):
    *_, active, silent = [mark for mark in lane(founding, "ai") if mark["kind"] == "state"]
    assert (active["label"], active["style"]) == ("active", "solid")
    assert (silent["label"], silent["style"]) == ("no events, no close observed", "hatch")
    assert silent["suspicious"]
    assert silent["end_s"] - silent["start_s"] == pytest.approx(12.9, abs=0.5)
    assert not any("closed" in label for label in labels(founding, "ai"))


def test_the_founding_gap_is_on_the_callers_text_and_audio(founding):
    (gap,) = [mark for mark in lane(founding, "caller_text") if mark["kind"] == "gap"]
    assert gap["label"] == "11.1 s of caller speech, no transcript"
    assert gap["detail"] == "not heard by the AI"
    (shade,) = [mark for mark in lane(founding, "caller_audio") if mark["kind"] == "gap"]
    assert (shade["start_s"], shade["end_s"]) == (gap["start_s"], gap["end_s"])
    assert labels(founding, "caller_text")[:2] == ["Green Eco Construction, this is Kishi speaking.", "Um..."]


def test_a_call_ends_with_its_legs_and_not_when_we_stopped_waiting_for_a_close():
    document = told("founding_call")
    waited = document["findings"][1]
    waited["end_s"] = document["judgement"]["checks"][-1]["end_s"] = 70.016
    assert timeline(document)["call_end_s"] == pytest.approx(60.3, abs=0.1)


def test_the_warning_of_the_founding_call_is_no_cause(founding):
    assert "32113 correlation defect, not the cause" in labels(founding, "signals")


def test_what_voice_insights_noted_of_a_legs_media_is_a_signal():
    document = told("founding_call")
    noted = {
        "at_s": 20.0,
        "precision_ms": 1000,
        "positions": [3],
        "leg": "CA",
        "group": "audio",
        "edge": "sip_edge",
    }
    document["media_notes"] = [
        {**noted, "name": "silence-detected", "level": "warning"},
        {**noted, "name": "codec-changed", "level": "info"},
    ]
    found = {mark["label"]: mark for mark in lane(timeline(document), "signals")}
    assert found["silence-detected"]["suspicious"] and not found["codec-changed"]["suspicious"]
    assert found["silence-detected"]["detail"] == "Voice Insights · warning · audio · sip_edge"
    assert found["silence-detected"]["positions"] == [3]


def _reported(title, start, end):
    return {"provider": "openai", "title": title, "started_at": start, "ended_at": end}


def test_a_status_pages_incident_is_a_band_within_the_call_that_claims_no_cause():
    document = told("founding_call")
    document["incidents"] = [
        _reported("before", "2026-04-12T00:00:00Z", "2026-04-13T00:17:00Z"),
        _reported("over it all", "2026-04-12T00:00:00Z", "2026-04-14T00:00:00Z"),
        _reported("from the answer on", "2026-04-13T00:18:22.185Z", "2026-04-14T00:00:00Z"),
    ]
    axis = timeline(document)
    bands = [mark for mark in axis["marks"] if mark["label"].startswith("openai: ")]
    assert [mark["label"] for mark in bands] == ["openai: over it all", "openai: from the answer on"]
    assert (bands[0]["start_s"], bands[0]["end_s"]) == (0.0, axis["call_end_s"])
    assert 0 < bands[1]["start_s"] < bands[1]["end_s"] == axis["call_end_s"]
    assert all("overlap is not cause" in mark["detail"] and not mark["suspicious"] for mark in bands)
    assert axis["call_end_s"] == timeline(told("founding_call"))["call_end_s"]


def test_the_chain_after_the_founding_end_goes_from_child_to_parent(founding):
    assert [(hop["from_lane"], hop["to_lane"]) for hop in founding["hops"]] == [
        ("child", "ivr"),
        ("ivr", "parent"),
    ]
    assert "<Hangup/>" in founding["hops"][1]["label"]
    assert {hop["name"] for hop in founding["hops"]} == {"amplifier"}


def test_a_clean_end_was_not_amplified():
    assert {hop["name"] for hop in timeline(told("natural_end"))["hops"]} <= {"our flow"}


def test_a_stamp_of_whole_seconds_stands_in_its_middle_with_half_a_second_of_doubt():
    document = told("founding_call")
    (child,) = [leg for leg in document["legs"] if leg["role"] == "child"]
    (end,) = [mark for mark in lane(timeline(document), "child") if mark["kind"] == "end"]
    assert child["ended"]["precision_ms"] == 1000
    assert (end["start_s"], end["uncertainty_s"]) == (pytest.approx(child["ended"]["at_s"] + 0.5), 0.5)


def test_a_status_that_came_after_the_next_takes_no_room():
    document = told("founding_call")
    (child,) = [leg for leg in document["legs"] if leg["role"] == "child"]
    ringing = next(step for step in child["history"] if step["status"] == "ringing")
    ringing["at_s"] = child["answered"]["at_s"] + 5
    marks = [mark for mark in lane(timeline(document), "child") if mark["end_s"] is not None]
    assert "ringing" not in [mark["label"] for mark in marks]
    assert all(mark["end_s"] > mark["start_s"] for mark in marks)


def test_a_refused_leg_says_its_code_and_the_ai_lanes_say_why_they_are_empty():
    axis = timeline(told("sip_486"))
    assert "busy · SIP 486" in labels(axis, "child")
    assert reasons(axis)["ai"] == "No AI session was expected: the AI leg was not answered"
    assert axis["recording"] is None


def test_of_an_answered_leg_it_is_never_said_that_it_was_not():
    document = told("no_recording")
    document["recording_state"] = document["sources"]["recording"] = "never_expected"
    assert reasons(timeline(document))["caller_audio"] == (
        "No recording was expected: nothing says that the call is recorded"
    )


def test_without_a_recording_the_audio_lanes_stay_and_say_so():
    axis = timeline(told("no_recording"))
    assert reasons(axis)["caller_audio"].startswith("Recording is off")
    assert reasons(axis)["agent_audio"].startswith("Recording is off")


def test_a_turn_that_never_closed_is_expected_and_missing():
    (turn,) = [mark for mark in lane(timeline(told("no_recording")), "caller_text") if mark["suspicious"]]
    assert (turn["style"], turn["label"]) == ("dotted", "the AI heard a turn begin, no transcript")


def test_a_gap_covers_the_silent_turn_below_it():
    marks = lane(timeline(told("drop_mid_speech")), "caller_text")
    (gap,) = [mark for mark in marks if mark["kind"] == "gap"]
    assert gap["detail"] == "heard by the AI, no transcript"
    assert all(mark["style"] == "solid" for mark in marks if mark is not gap)


def test_a_close_is_an_end_with_its_code():
    (end,) = [mark for mark in lane(timeline(told("drop_mid_speech")), "ai") if mark["kind"] == "end"]
    assert (end["label"], end["suspicious"]) == ("closed 1011", True)
    (end,) = [mark for mark in lane(timeline(told("natural_end")), "ai") if mark["kind"] == "end"]
    assert (end["label"], end["suspicious"]) == ("closed 1000", False)


def test_several_keys_are_masked_and_one_is_not():
    document = told("founding_call")
    gather = next(ask for ask in document["flow"] if ask["digits"])
    assert "key 1" in labels(timeline(document), "ivr")
    gather["digits"] = "4711"
    assert "key ••••" in labels(timeline(document), "ivr")
    assert "4711" not in json.dumps(timeline(document))


def test_one_channel_tells_why_the_agent_has_none():
    document = told("founding_call")
    document["recordings"][0] |= {"channels": 1, "agent": []}
    assert reasons(timeline(document))["agent_audio"].startswith("One channel only")


def test_a_running_call_ends_where_it_is_known_to():
    document = told("founding_call")
    for leg in document["legs"]:
        leg |= {"ended": None, "status": "in-progress"}
        leg["history"] = [step for step in leg["history"] if step["status"] != "completed"]
    axis = timeline(document)
    (running,) = [m for m in lane(axis, "child") if m["label"] == "in progress"]
    assert (running["style"], running["end_s"]) == ("hatch", axis["call_end_s"])


@pytest.mark.parametrize("document", [{}, EMPTY, {**EMPTY, "legs": [], "session": None}])
def test_a_call_of_which_nothing_is_known_has_an_axis_of_reasons(document):
    axis = timeline(document)
    assert axis["marks"] == []
    assert all(reasons(axis).values())
    assert axis["end_s"] > axis["start_s"]


@pytest.mark.parametrize("name", NAMES)
def test_every_mark_lies_on_the_axis_and_names_its_events(name):
    document = told(name)
    axis = timeline(document)
    assert [mark["id"] for mark in axis["marks"]] == list(dict.fromkeys(m["id"] for m in axis["marks"]))
    for mark in axis["marks"]:
        assert axis["start_s"] <= mark["start_s"] <= (mark["end_s"] or mark["start_s"]) <= axis["end_s"]
        assert mark["positions"], mark


def test_a_moment_with_a_wrong_clock_is_drawn_at_the_edge_and_does_not_squeeze_the_call(founding):
    document = told("founding_call")
    late = {"at_s": 86_400.0, "precision_ms": 1, "level": "error", "message": "late", "positions": [3]}
    document["said"] = [*document["said"], {**late, "what": "log"}, {**late, "what": "log", "at_s": -1e9}]
    axis = timeline(document)
    assert (axis["start_s"], axis["end_s"]) == (founding["start_s"], founding["end_s"])
    assert axis["outside"] == ["Signals: late"] * 2
    first, *_, last = lane(axis, "signals")
    assert (first["start_s"], last["start_s"]) == (0.0, founding["call_end_s"])
    assert "stamped at +86400 s" in last["detail"]


def test_what_comes_minutes_after_the_legs_is_of_the_call_and_nothing_is_said_of_it(founding):
    document = told("founding_call")
    after = {"at_s": founding["call_end_s"] + 120, "precision_ms": 1, "positions": [3]}
    document["said"] = [{**after, "what": "log", "level": None, "message": "tidied up"}]
    axis = timeline(document)
    assert (axis["outside"], founding["outside"]) == ([], [])
    assert axis["call_end_s"] == pytest.approx(founding["call_end_s"] + 120, abs=0.01)


def test_a_long_call_that_is_not_over_keeps_its_axis():
    document = told("founding_call")
    for leg in document["legs"]:
        leg |= {"ended": None, "status": "in-progress"}
    document["said"] = [{"at_s": 10_000.0, "precision_ms": 1, "positions": [3], "what": "log", "level": None,
                         "message": "still here"}]  # fmt: skip
    axis = timeline(document)
    assert (axis["outside"], axis["call_end_s"]) == ([], pytest.approx(10_000.0, abs=0.01))
