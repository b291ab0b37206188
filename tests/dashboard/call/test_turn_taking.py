"""The lane of who waited for whom: long silence, both at once, and who was cut off."""

from callstore.report.talking.numbers import conversation_facts
from dashboard.call.timeline import timeline
from tests.dashboard.told import told


def lane(document):
    axis = timeline(document)
    [reason] = [lane["reason"] for lane in axis["lanes"] if lane["id"] == "turn_taking"]
    return [mark for mark in axis["marks"] if mark["lane"] == "turn_taking"], reason


def talking(**parts):
    document = told("natural_end")
    return {**document, "conversation": {**document["conversation"], **parts}}


def test_long_dead_air_is_a_hatched_stretch():
    [mark], reason = lane(talking(dead_air=[4.0, 9.2]))
    assert (mark["label"], mark["style"]) == ("5.2 s of dead air", "hatch")
    assert (mark["start_s"], mark["end_s"], mark["suspicious"], reason) == (4.0, 9.2, False, None)


def test_a_pause_as_people_make_it_is_not_drawn():
    assert lane(talking(dead_air=[4.0, 5.9])) == (
        [],
        "Nobody spoke over the other, and no silence lasted 3 s",
    )


def test_both_at_once_and_who_was_cut_off_are_drawn():
    marks, _ = lane(talking(dead_air=None, talk_over=[[3.0, 3.4]], interruptions=[3.4]))
    assert [(m["kind"], m["start_s"], m["end_s"]) for m in marks] == [
        ("speech", 3.0, 3.4),
        ("moment", 3.4, None),
    ]
    assert marks[1]["label"] == "caller cuts in"
    assert all(mark["positions"] for mark in marks)


def test_where_nobody_knows_both_sides_the_lane_says_so():
    assert lane(told("sip_486")) == (
        [],
        "Not known: no recording of both sides, and no AI event says who spoke when",
    )


def test_the_numbers_are_one_fact_with_their_witness_and_the_longest_silence_as_its_place():
    [fact] = conversation_facts(told("asr_failed"))
    assert (fact.value, fact.start_s, fact.end_s) == ("Answers after 1.0 s", 29.399, 31.281)
    assert fact.note == "95 % within 1.8 s; longest dead air 1.9 s; caller spoke 40 %; by the recording"
    [fact] = conversation_facts({**told("no_recording"), "interruptions": 2, "talk_over_s": 0.81})
    assert fact.note.endswith("both at once 0.8 s; caller cut the agent 2 times; by the AI's events")


def test_what_no_socket_watched_is_said_to_be_left_out():
    document = told("no_recording")
    seen = {**document["conversation"], "unwatched": [[3.0, 9.5], [20.0, 25.0]]}
    [fact] = conversation_facts({**document, "conversation": seen})
    assert "without 12 s that no socket of ours watched; by the AI's events" in fact.note


def test_a_call_without_a_conversation_has_no_such_fact():
    assert conversation_facts(told("sip_486")) == []


def test_an_agent_who_answered_nobody_has_no_median_of_it():
    [fact] = conversation_facts(told("server_error"))
    assert (fact.value, "95 %" in fact.note) == ("The agent answered nobody", False)
