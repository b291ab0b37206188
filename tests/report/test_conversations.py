"""Every conversation of a call is told, the one that decides and the others."""

import pytest

from callstore.domain.call.fold import fold
from callstore.domain.facts import events as ev
from callstore.report.report import report
from tests.builders import AI, CHILD, PARENT, RECORDING, TRANSCRIPTION, at
from tests.conversations import (
    DESK,
    PERSON,
    SECOND,
    SECOND_AI,
    asks_for_a_person,
    dial_over,
    dialled,
    first_conversation,
    second_conversation,
)


def back_to_the_ai():
    """Put through, nobody takes it, back to a second AI leg, in which the agent finishes."""
    story = dial_over(first_conversation(), "00:18:52.7", CHILD).tool("00:18:47", name="transfer_to_human")
    asks_for_a_person(story.answered("00:18:52.75", path=f"/dial/{CHILD[-1]}"))
    dialled(story, PERSON, DESK, ("initiated", "00:18:53"), ("no-answer", "00:19:13"))
    dial_over(story, "00:19:13.5", PERSON, of="no-answer")
    return second_conversation(story).parent("completed", "00:19:51", sequence=0)


def test_the_fields_speak_of_the_last_conversation_and_the_first_is_told_beside_it():
    call = report(back_to_the_ai().records)
    assert (call["child_call_sid"], call["ai_call_id"]) == (SECOND, SECOND_AI)
    assert (call["verdict"], call["cause"]) == ("natural_end", "agent_finished")
    assert (call["last_caller_transcript"], call["session"]["id"]) == ("No thank you.", SECOND_AI)
    [first] = call["other_conversations"]
    assert (first["child_call_sid"], first["ai_call_id"]) == (CHILD, AI)
    assert (first["verdict"], first["cause"], first["ended_first_by"]) == (
        "flow_ended",
        "flow_redirect",
        "app",
    )
    assert (first["last_caller_transcript"], first["session"]["id"]) == ("A person, please.", AI)
    assert [turn["text"] for turn in first["turns"]] == ["A person, please."]
    assert not {"orphan", "truncated", "live"} & set(call["flags"])


def test_every_leg_is_listed():
    call = report(back_to_the_ai().records)
    assert [(leg["sid"], leg["role"]) for leg in call["legs"]] == [
        (PARENT, "parent"), (SECOND, "child"), (CHILD, "other"), (PERSON, "other"),
    ]  # fmt: skip


def test_a_call_with_one_conversation_has_no_others():
    assert report(first_conversation().records)["other_conversations"] == []


def test_seconds_count_from_the_first_leg_where_the_callers_is_not_known():
    story = back_to_the_ai()
    story.records[:] = [r for r in story.records if r.subject != f"twilio:{PARENT}"]
    call = report(story.records)
    assert call["other_conversations"][0]["start_s"] == 0.0
    assert call["started_at"] == "2026-04-13T00:18:17.000Z"


def test_what_the_application_said_of_the_first_conversation_decides_nothing_of_the_second():
    story = back_to_the_ai()
    said = ev.AppSaid(what="session_finished")
    story.add(f"openai:{AI}", said, "00:19:10", source="app")
    story.records[:] = [
        r for r in story.records if not isinstance(r.event, ev.ToolCalled) and not _hangup(r.event)
    ]
    assert report(story.records)["finish_tool_seen"] is False


def _hangup(event):
    return isinstance(event, ev.ApiCalled) and event.action == "hangup"


def test_words_that_twilio_heard_in_the_first_conversation_are_no_gap_of_the_second():
    story = back_to_the_ai()
    story.watched("00:18:20")
    words = ev.WordsHeard(
        transcription=TRANSCRIPTION + PARENT[-1], track="inbound_track", final=True, text="Yes."
    )
    story.add(f"twilio:{PARENT}", words, "00:18:49", key="w1", sequence=1)
    assert report(story.records)["gaps"] == []


def _recorded(story, sid, start, end, *caller, leg=PARENT):
    """A recording in which the caller speaks in the given stretches, seconds from its beginning."""
    seconds = at(end) - at(start)
    status = ev.RecordingStatus(
        recording=sid, status="completed", channels=2, started_at=at(start), duration_s=int(seconds)
    )
    heard = ev.RecordingAnalysed(
        recording=sid, analyser="test/1", duration_s=seconds, sample_rate=8000, channels=2, sha256="0",
        media="m", peaks="p", caller=caller, agent=(), echo=(),
    )  # fmt: skip
    story.add(f"twilio:{leg}", status, end)
    return story.add(f"twilio:{leg}", heard, end, source="audio")


@pytest.mark.parametrize("leg", [PARENT, CHILD])
def test_each_conversation_is_heard_in_its_own_recording(leg):
    first, second = RECORDING, "RE" + "d" * 32
    story = _recorded(back_to_the_ai(), first, "00:18:12", "00:18:52", (18.0, 21.0), (30.0, 40.0), leg=leg)
    call = report(_recorded(story, second, "00:19:20", "00:19:50", (5.0, 7.0)).records)
    assert call["caller_speech_s"] == pytest.approx(2.0, abs=0.1)


def test_the_recording_of_the_first_conversation_says_nothing_of_the_second():
    story = _recorded(back_to_the_ai(), RECORDING, "00:18:23", "00:18:52", (7.0, 10.0))
    assert report(story.records)["caller_speech_s"] is None


def test_whoever_is_put_through_in_mid_sentence_was_not_cut_off():
    story = asks_for_a_person(first_conversation())
    _recorded(story, RECORDING, "00:18:23", "00:18:52", (7.0, 10.0), (22.0, 29.0))
    assert "truncated" in report(story.records)["flags"]
    dialled(
        story, PERSON, DESK, ("initiated", "00:18:53"), ("in-progress", "00:18:57"), ("completed", "00:20:00")
    )
    assert "truncated" not in report(story.records)["flags"]


def test_whoever_is_put_through_to_nobody_was():
    story = asks_for_a_person(first_conversation())
    _recorded(story, RECORDING, "00:18:23", "00:18:52", (7.0, 10.0), (22.0, 29.0))
    dialled(story, PERSON, DESK, ("initiated", "00:18:53"), ("no-answer", "00:19:20"))
    assert "truncated" in report(story.records)["flags"]


def test_a_session_that_was_offered_and_never_seen_is_told_without_a_verdict():
    story = first_conversation()
    offered = ev.SessionOffered(api="realtime", child=CHILD, parent=PARENT)
    story.add(f"openai:{SECOND_AI}", offered, "00:18:19", source="openai", precision=1000)
    [other] = report(story.records)["other_conversations"]
    assert (other["ai_call_id"], other["verdict"], "no event" in other["says"]) == (SECOND_AI, None, True)


def test_the_limit_of_the_dial_to_a_person_is_not_the_ai_legs():
    story = back_to_the_ai()
    story.answered("00:20:30", "Dial", "Number", path="/late", asked="voice", time_limit_s=30)
    assert fold(story.records).child.sid == SECOND
    assert "twilio_limit" not in {f["slug"] for f in report(story.records)["findings"]}
