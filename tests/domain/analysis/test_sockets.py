"""An observer is not the session: which close says something of the end, and which only of a socket."""

import pytest

from callstore.domain.facts import events as ev
from callstore.report.report import report
from tests.builders import CHILD, PARENT, Story, answered_call, clock
from tests.findings.stories import ZERO, conversation

IN_ORDER = {"code": 1000, "sent": 1000, "received": 1000, "received_first": False}
LEFT = {"status": "completed"}  # what the dial action says where the caller had gone


def _told(story: Story, *fields: str):
    document = report(story.records)
    return tuple(document[field] for field in fields)


def _long(dial: dict[str, str] | None = None) -> Story:
    """Half a minute of conversation after a turn at 00:18:30: the leg ends at 00:19:02."""
    story = answered_call(child_end="00:19:02", parent_end="00:19:02").dial_action(
        "00:19:02.4", **(dial or {})
    )
    return story.turn("item_1", "00:18:30", "00:18:33", ZERO, "What are your hours?")


def _insights(story: Story, by: str, leg: str = CHILD) -> Story:
    return story.add(f"twilio:{leg}", ev.LegSummarised(processing="complete", disconnected_by=by), "00:19:50")


@pytest.mark.parametrize(
    "close",
    [
        {"code": 4000, "received": 4000, "reason": "invalid_request_error.beta_api_shape_disabled"},
        {"code": 1011, "sent": 1011, "reason": "keepalive ping timeout"},
        {"code": 1000, "received": 1000, "sent": 1000, "received_first": False},
        {"code": 1001, "received": 1001, "sent": 1001, "received_first": True},
        {"code": 1006},
    ],
)
def test_a_socket_that_the_leg_outlives_leaves_the_verdict_to_what_came_later(close):
    story = _long(LEFT).socket_closed("00:18:40", **close)
    assert _told(story, "verdict", "cause", "ended_first_by") == ("caller_hung_up", "caller_hangup", "caller")
    hung_up = _long().socket_closed("00:18:40", **close).api("00:19:01", "hangup")
    assert _told(hung_up, "verdict", "ended_first_by") == ("app_ended", "app")


def test_nor_does_it_decide_where_nothing_later_tells_who_ended_the_call():
    story = _long().socket_closed("00:18:40", 1011, received=1011)
    assert _told(story, "verdict", "ended_first_by") == ("inconclusive", "unknown")
    [lacking] = [text for text in report(story.records)["evidence_missing"] if "observer" in text]
    assert lacking == "what the AI session did after its observer's socket had closed"


def test_a_session_that_openai_does_not_know_any_more_was_over():
    story = _long().socket_closed("00:18:40", 1006).socket_opened("00:18:42", 404, "conn_2")
    assert _told(story, "verdict", "cause") == ("ai_closed_first", "session_closed_early")


def test_an_attempt_that_was_refused_before_another_opened_proves_nothing():
    story = _long(LEFT).socket_closed("00:18:40", 1006).socket_opened("00:18:41", 404, "conn_2")
    story.socket_opened("00:18:43", 101, "conn_3").frame(ev.FrameSeen, "00:18:58", connection="conn_3")
    assert _told(story, "verdict", "ai_close_observed") == ("caller_hung_up", False)


def test_a_caller_whom_twilio_hears_speaking_to_nobody_proves_that_it_was_over():
    def talks(*later: tuple[str, str]) -> Story:
        story = _long().socket_closed("00:18:40", 1011, received=1011)
        story.written("00:18:29", "Hello, how can I help you?", track="outbound_track")
        story.written("00:18:47", "Hello? Can you still hear me? Hello, is anybody there?")
        for moment, text in later:
            story.written(moment, text, track="outbound_track")
        return story.written("00:18:55", "I will try it again later then, this is of no use.")

    assert _told(talks(), "verdict", "ended_first_by") == ("ai_closed_first", "ai")
    assert _told(talks(("00:18:52", "Yes, I am here.")), "verdict") == ("inconclusive",)


def test_who_says_goodbye_right_before_leaving_was_not_left_alone():
    """Two seconds are time for an answer: nothing shows that the session was over."""
    story = _long(LEFT).socket_closed("00:18:55", 1006)
    story.heard("00:18:23", "00:19:02", ("00:18:30", "00:18:33"), ("00:19:00.2", "00:19:02"))
    assert _told(story, "verdict") == ("caller_hung_up",)


@pytest.mark.parametrize(
    ("close", "told"),
    [
        ({"code": 4000, "received": 4000}, (True, 4000)),  # OpenAI's word about what our side sent
        ({"code": 1011, "sent": 1011}, (False, None)),
        ({"code": 1000, "received": 1000, "sent": 1000, "received_first": False}, (False, None)),
        ({"code": 1001, "received": 1001}, (False, None)),
        ({"code": 1006}, (False, None)),
    ],
)
def test_the_close_that_is_told_is_the_sessions_or_a_refusal(close, told):
    story = _long(LEFT).socket_closed("00:18:40", **close)
    assert _told(story, "ai_close_observed", "ai_close_code") == told


def test_a_close_that_we_sent_is_never_the_ais_even_at_the_end():
    told = _told(
        conversation().socket_closed("00:18:49", **IN_ORDER), "verdict", "ended_first_by", "ai_close_code"
    )
    assert told == ("ai_silent_first", "unknown", None)
    theirs = conversation().socket_closed("00:18:49", 1011, received=1011, sent=1011, received_first=True)
    assert _told(theirs, "verdict", "ended_first_by", "ai_close_code") == ("ai_closed_first", "ai", 1011)


@pytest.mark.parametrize("moment", ["00:18:59", "00:19:02.5"])
def test_our_own_close_in_order_explains_no_silence_that_was_there_before_it(moment):
    fields = ("verdict", "cause", "verdict_confidence", "ended_first_by", "ai_close_observed")
    story = _long().socket_closed(moment, **IN_ORDER)
    assert _told(story, *fields) == ("ai_silent_first", "silent_session_loss", "low", "unknown", False)


def test_a_silence_that_began_with_our_own_close_is_explained_by_it():
    story = _long().frame(ev.FrameSeen, "00:18:58").socket_closed("00:18:58.5", **IN_ORDER)
    assert _told(story, "verdict") == ("inconclusive",)


def test_a_caller_who_leaves_a_silent_session_that_we_had_closed_has_left():
    assert _told(_long(LEFT).socket_closed("00:18:59", **IN_ORDER), "verdict") == ("caller_hung_up",)


def test_of_two_observers_the_one_that_we_closed_after_the_server_hides_nothing():
    story = conversation().socket_closed("00:18:48", 1011, received=1011)
    story.socket_opened("00:18:24", 101, "conn_2").frame(ev.FrameSeen, "00:18:47", connection="conn_2")
    event = ev.SocketClosed(connection="conn_2", code=1000, sent=1000)
    story.add("openai:rtc_u1_story", event, "00:18:48.5", source="app")
    assert _told(story, "cause", "ai_close_code") == ("session_closed_early", 1011)


def test_a_finish_that_only_closed_the_second_socket_ended_nothing_either():
    """The first was lost in the middle of the call; the line stayed open after the close of the second."""
    story = _long(LEFT).frame(ev.FrameSeen, "00:18:36").socket_closed("00:18:36.5", 1006)
    story.socket_opened("00:18:38", 101, "conn_2").frame(ev.FrameSeen, "00:18:40", connection="conn_2")
    story.frame(ev.ToolCalled, "00:18:42", name="finish_session", connection="conn_2")
    ours = ev.SocketClosed(connection="conn_2", code=1000, sent=1000, received=1000, received_first=False)
    story.add("openai:rtc_u1_story", ours, "00:18:42.5", source="app")
    assert _told(story, "verdict", "finish_tool_seen") == ("caller_hung_up", True)


def test_what_was_said_after_the_last_observer_had_gone_is_not_called_lost():
    def cut(close: str) -> Story:
        story = _long().socket_closed(close, 1011, sent=1011).api("00:19:01.5", "hangup")
        spoken = ("00:18:30", "00:18:33"), ("00:18:50", "00:18:52"), ("00:19:01", "00:19:02")
        return story.heard("00:18:23", "00:19:02", *spoken, agent=[("00:18:53", "00:18:58")])

    assert _told(cut("00:18:40"), "gap_kind", "truncation_basis") == ("unknown", None)
    assert _told(cut("00:19:01.6"), "gap_kind", "truncation_basis") == ("not_heard", "recording")


def test_an_open_turn_of_a_lost_observer_says_nothing_of_the_end():
    story = _long().frame(ev.SpeechStarted, "00:18:39", item="item_2", audio_ms=15_000.0)
    story.socket_closed("00:18:40", 1011, sent=1011).api("00:19:01", "hangup")
    assert "truncated" not in _told(story, "flags")[0]


# --- A cut at the leg's end --------------------------------------------------------------------


def test_a_socket_that_is_cut_with_its_leg_orders_nothing():
    story = conversation().api("00:18:20", "accept").frame(ev.FrameSeen, "00:18:51.5")
    story.socket_closed("00:18:52.2", 1006)
    assert _told(story, "verdict", "ended_first_by") == ("inconclusive", "unknown")
    assert _told(_insights(story, "callee"), "verdict", "ended_first_by") == ("ai_closed_first", "ai")


def test_a_server_that_closes_in_the_second_of_the_end_does():
    story = conversation().api("00:18:20", "accept").frame(ev.FrameSeen, "00:18:51.5")
    story.socket_closed("00:18:52.2", 1011, received=1011)
    assert _told(story, "verdict", "cause") == ("ai_closed_first", "session_closed_early")


def test_a_session_that_was_silent_before_its_socket_was_cut_with_the_leg_fell_silent():
    story = conversation().api("00:18:20", "accept").socket_closed("00:18:52.2", 1006)
    assert _told(story, "verdict", "verdict_confidence", "ended_first_by") == (
        "ai_silent_first", "low", "unknown",
    )  # fmt: skip


def test_silence_before_a_cut_says_nothing_where_the_caller_may_have_left():
    story = answered_call().turn("item_1", "00:18:30", "00:18:33", ZERO, "Hello.")
    story.heard("00:18:23", "00:18:52", ("00:18:30", "00:18:33")).socket_closed("00:18:52.2", 1006)
    assert _told(story, "verdict") == ("inconclusive",)


def test_silence_before_our_keepalive_that_nobody_answered_is_our_own():
    story = conversation().socket_closed("00:18:50", 1011, sent=1011)
    assert _told(story, "verdict") == ("inconclusive",)


def test_unless_the_recording_has_the_caller_speaking_to_nobody():
    story = conversation().socket_closed("00:18:50", 1011, sent=1011)
    story.heard("00:18:23", "00:18:52", ("00:18:30", "00:18:33"), ("00:18:40", "00:18:46"))
    assert _told(story, "verdict", "ended_first_by") == ("ai_silent_first", "unknown")


# --- Voice Insights ----------------------------------------------------------------------------


def test_the_ai_never_ended_first_against_insights_that_names_the_other_side():
    closed = conversation().socket_closed("00:18:48", 1011, received=1011)
    assert _told(closed, "ended_first_by", "verdict_confidence") == ("ai", "high")
    named = _insights(conversation().socket_closed("00:18:48", 1011, received=1011), "caller")
    assert _told(named, "ended_first_by", "verdict_confidence") == ("unknown", "medium")


def test_nor_where_the_finish_tool_was_called_and_the_caller_was_quicker():
    story = _insights(_long(LEFT).tool("00:18:50"), "caller")
    assert _told(story, "verdict", "ended_first_by") == ("natural_end", "caller")


def test_insights_of_the_parent_names_sides_of_another_leg():
    story = _insights(conversation().socket_closed("00:18:48", 1011, received=1011), "callee", PARENT)
    assert _told(story, "ended_first_by") == ("ai",)


# --- The finish tool ---------------------------------------------------------------------------


@pytest.mark.parametrize("after_s", [8, 20, 47, 600])
def test_a_finish_that_only_closed_our_socket_was_seen_and_ended_nothing(after_s):
    end = clock(18 * 60 + 35 + after_s).removesuffix(".000")
    story = answered_call(child_end=end, parent_end=end).dial_action(end + ".4", status="completed")
    story.turn("item_1", "00:18:30", "00:18:33", ZERO, "That is all, goodbye.").tool("00:18:35")
    story.socket_closed("00:18:36", 1000, sent=1000, received=1000, received_first=False)
    assert _told(story, "finish_tool_seen", "verdict", "ended_first_by") == (True, "caller_hung_up", "caller")


def test_a_finish_after_which_the_application_did_hang_up_ended_the_call():
    story = conversation().tool("00:18:44").socket_closed("00:18:45", 1000, sent=1000)
    assert _told(story.api("00:18:51", "hangup"), "verdict", "finish_tool_seen") == ("natural_end", True)


def test_a_hangup_long_after_a_finish_is_the_applications():
    story = _long().tool("00:18:25").api("00:19:01", "hangup")
    assert _told(story, "verdict", "cause", "finish_tool_seen") == ("app_ended", "app_hangup", True)
    assert "called earlier" in _told(story, "findings")[0][0]["says"]


def test_a_finish_that_the_conversation_outlived_was_seen():
    story = answered_call(child_end="00:18:58", parent_end="00:19:01").dial_action("00:18:58.4", **LEFT)
    story.tool("00:18:32")
    for number, (start, stop) in enumerate([("00:18:34", "00:18:36"), ("00:18:40", "00:18:42")]):
        story.turn(f"item_{number}", start, stop, ZERO, "Wait.")
        story.frame(ev.ReplyStarted, f"{stop}.7", response=f"r{number}")
    assert _told(story, "verdict", "finish_tool_seen") == ("caller_hung_up", True)


def test_no_tool_was_seen_where_none_ends_calls():
    assert _told(_long(LEFT).tool("00:18:50", "look_up_hours"), "finish_tool_seen") == (False,)
