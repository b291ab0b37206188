"""The fold is total, order-independent, and says what cannot be."""

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callstore.domain.call.fold import fold
from callstore.domain.facts import events as ev
from callstore.domain.facts.clock import Clock
from tests.builders import AI, CHILD, PARENT, Story, answered_call, at, rich_story


def test_no_facts_make_an_empty_call():
    call = fold([])
    assert (call.event_count, call.parent, call.child, call.session) == (0, None, None, None)


def test_a_late_ringing_does_not_reopen_an_ended_leg():
    story = Story().child("completed", "00:18:52", sequence=3).child("ringing", "00:18:55", sequence=1)
    assert fold(story.records).legs[CHILD].status == "completed"


def test_two_endings_of_one_leg_are_an_anomaly_and_both_are_kept():
    story = Story().child("completed", "00:18:52", sequence=3).child("busy", "00:18:52", sequence=4)
    call = fold(story.records)
    assert [a.kind for a in call.anomalies if a.kind == "two_endings"] == ["two_endings"]
    assert set(call.legs[CHILD].history) == {"completed", "busy"}


def test_a_status_numbered_after_the_end_is_an_anomaly():
    story = Story().child("completed", "00:18:52", sequence=2).child("in-progress", "00:18:40", sequence=3)
    assert [a.kind for a in fold(story.records).anomalies] == ["status_after_end"]


def test_an_ordinary_leg_has_no_anomaly():
    assert fold(answered_call().records).anomalies == []


def test_the_dial_action_closes_a_child_whose_own_callback_was_lost():
    story = Story().asked("00:17:52").child("initiated", "00:18:17", sequence=0).dial_action("00:18:52.5")
    child = fold(story.records).child
    assert (child.status, child.end_inferred) == ("completed", True)


def test_a_child_that_nobody_closed_is_over_when_its_parent_is():
    story = Story().asked("00:17:52").child("in-progress", "00:18:17", sequence=2)
    assert fold(story.records).child.ended is None
    child = fold(story.parent("completed", "00:18:50", sequence=0).records).child
    assert (child.ended.at.at, child.end_inferred) == (story.records[-1].occurred.at, True)


def test_the_child_is_the_leg_that_the_ai_session_names():
    other = "CA" + "d" * 32
    story = answered_call()
    story.leg(other, "completed", "00:18:59", direction="outbound-dial", parent=PARENT, sequence=3)
    assert fold(story.records).child.sid == CHILD


def test_an_answer_stamped_before_its_question_is_still_its_answer():
    story = answered_call().answered("00:18:52.450", "Hangup").dial_action("00:18:52.485")
    (dial,) = [a for a in fold(story.records).asks if a.kind == "dial"]
    assert dial.asked and dial.answer.verbs == ("Hangup",)


def test_a_question_that_reached_us_hours_later_was_put_when_it_was_answered():
    story = answered_call().answered("00:18:52.450", "Hangup").dial_action("07:00:00")
    late = story.records[-1]
    story.records[-1] = replace(late, occurred=replace(late.occurred, clock=Clock.RECEIVER))
    (dial,) = [a for a in fold(story.records).asks if a.kind == "dial"]
    assert (dial.asked.at, dial.asked.position) == (dial.answered.at, late.position)
    assert dial.status == "in-progress"


def test_the_agents_words_are_joined_by_sequence_not_by_arrival():
    story = Story()
    for _, word in enumerate(["Good ", "morning", "."]):
        story.frame(ev.ReplySpoken, "00:18:25.0", response="r1", text=word)
    story.records.reverse()
    assert fold(story.records).session.replies["r1"].text == "Good morning."


def test_the_last_ai_event_is_by_time_not_by_arrival():
    story = (
        Story().frame(ev.FrameSeen, "00:18:39.5", kind="late").frame(ev.FrameSeen, "00:18:30", kind="early")
    )
    session = fold(story.records).sessions[AI]
    assert (session.first.at.at < session.last.at.at, session.last_kind) == (True, "late")


def test_what_we_sent_does_not_prove_the_session_alive():
    story = (
        Story()
        .frame(ev.FrameSeen, "00:18:30", kind="x")
        .frame(ev.FrameSent, "00:18:40", kind="response.create")
    )
    assert fold(story.records).session.last_kind == "x"


def test_our_own_close_frame_is_no_close_of_the_session():
    story = Story().frame(ev.FrameSeen, "00:18:30").socket_closed("00:18:40", 1011, sent=1011)
    assert fold(story.records).session.close is None


def test_a_failed_fetch_does_not_hide_a_later_analysis():
    story = answered_call()
    failed = ev.RecordingFailed(recording="RE" + "c" * 32, reason="404", permanent=False)
    story.add(f"twilio:{PARENT}", failed, "00:18:53", source="audio")
    story.heard("00:18:23", "00:18:52", ("00:18:30", "00:18:32"))
    (recording,) = fold(story.records).recordings.values()
    assert recording.analysis and recording.failed


@settings(max_examples=60, deadline=None)
@given(st.randoms(use_true_random=False), st.lists(st.integers(0, 30), max_size=15))
def test_any_order_and_any_duplication_give_the_same_call(chance: random.Random, repeats: list[int]):
    records = rich_story().records
    expected = fold(records)
    shuffled = records + [records[i % len(records)] for i in repeats]
    chance.shuffle(shuffled)
    assert fold(shuffled) == expected


def test_a_clock_that_is_ahead_of_every_receipt_is_set_back():
    """The application's host is 20 s ahead: its facts seem to be received before they happened."""
    story = answered_call().socket_closed("00:18:40", 1011, received=1011)
    ahead = [
        replace(r, occurred=replace(r.occurred, at=r.occurred.at + 20)) if r.source == "app" else r
        for r in story.records
    ]
    call = fold(ahead)
    assert call.app_ahead_s == pytest.approx(19.6)
    assert call.session.close.seen.at.at == pytest.approx(story.records[-1].received_at)


def test_facts_that_were_held_back_move_no_clock():
    held = [replace(r, received_at=r.received_at + 3600) for r in answered_call().records]
    assert fold(held).app_ahead_s == 0.0


def test_a_replay_that_is_received_before_it_happened_moves_no_clock():
    story = answered_call().socket_closed("00:18:40", 1011, received=1011)
    replayed = [
        replace(r, received_at=story.records[0].received_at + i / 100) for i, r in enumerate(story.records)
    ]
    assert fold(replayed).app_ahead_s == 0.0


def test_a_hangup_that_was_once_read_as_keys_is_no_key():
    story = answered_call()
    for clock, digits in (("00:17:55", "1"), ("00:18:53", "hangup")):
        pressed = ev.DigitsPressed(path=f"/{digits}", status="in-progress", digits=digits)
        story.add(f"twilio:{PARENT}", pressed, clock)
    assert [ask.digits for ask in fold(story.records).asks if ask.kind == "gather"] == ["1", None]


def test_the_first_word_of_each_kind_about_a_stream_stays():
    stream, story = "MZ" + "1" * 32, answered_call()
    for clock, state, code in (
        ("00:18:24", "started", None),
        ("00:18:30", "error", "31921"),
        ("00:18:31", "error", None),
        ("00:18:31", "stopped", None),
    ):
        event = ev.StreamStatus(stream=stream, state=state, error_code=code)
        story.add(f"twilio:{PARENT}", event, clock)
    found = fold(story.records).streams[stream]
    assert [s.at.at - at("00:18:00") for s in (found.started, found.failed, found.stopped)] == [24, 30, 31]
    assert (found.leg, found.error_code) == (PARENT, "31921")


def test_an_error_that_two_sockets_carried_happened_once():
    story = answered_call()
    for connection, moment in (("conn_1", "00:18:30"), ("conn_2", "00:18:30.2"), ("conn_1", "00:18:31")):
        story.frame(ev.SessionErrored, moment, connection=connection, error_type="server_error", message="m")
        story.frame(ev.InputTimedOut, moment, connection=connection, item=f"item_{moment[:8]}")
    session = fold(story.records).session
    assert [at("00:18:30"), at("00:18:31")] == [trouble.seen.at.at for trouble in session.troubles]
    assert len(session.timeouts) == 2


def test_a_reply_that_failed_failed_once_however_many_sockets_say_so():
    story = answered_call()
    for connection in ("conn_1", "conn_2"):
        story.frame(
            ev.ReplyFinished, "00:18:30", connection=connection, response="r", status="failed", error_code="c"
        )
    assert len(fold(story.records).session.troubles) == 1
