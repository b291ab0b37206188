"""Calls without a <Dial> between caller and AI are judged by what tells of them, and of nothing else."""

import pytest

from callstore.domain.facts import events as ev
from callstore.report.report import report
from tests.builders import CHILD, PARENT
from tests.findings.stories import cut_off
from tests.meetings import (
    PERSON,
    SESS,
    conference,
    frame,
    met,
    session,
    stream_call,
    streamed,
    talking_until,
    trunk,
)

HUNG_UP, ALONG, BY_API = "participant_hung_up", "moderator_ended_conference", "participant_updated_via_api"


def told(judged):
    return judged.verdict, judged.cause, judged.ended_first_by


def test_the_caller_who_leaves_the_conference_first_hung_up(verdict):
    story = conference()
    met(story, PARENT, "left", "00:18:52", 3, reason=HUNG_UP, leg_status="completed")
    met(story, None, "ended", "00:18:52", 4, ended_by=PARENT)
    met(story, CHILD, "left", "00:18:52", 5, reason=ALONG, leg_status="completed")
    assert told(verdict(story)) == ("caller_hung_up", "caller_hangup", "caller")


@pytest.mark.parametrize("lost", ["the AI's leaving", "the caller's leaving", "both"])
def test_who_left_first_is_told_by_what_came_of_the_callbacks(verdict, lost):
    story = conference()
    if lost == "the AI's leaving":
        met(story, PARENT, "left", "00:18:52", 3, reason=HUNG_UP)
    if lost == "the caller's leaving":
        met(story, CHILD, "left", "00:18:52", 5, reason=ALONG)
    met(story, None, "ended", "00:18:52", 4, ended_by=PARENT)
    assert told(verdict(story)) == ("caller_hung_up", "caller_hangup", "caller")


def test_an_ai_that_leaves_the_conference_first_is_no_hang_up_of_the_caller(verdict):
    story = conference()
    met(story, CHILD, "left", "00:18:52", 3, reason=HUNG_UP, ends_on_exit=True)
    met(story, None, "ended", "00:18:52", 4, ended_by=CHILD)
    met(story, PARENT, "left", "00:18:52", 5, reason=ALONG)
    assert told(verdict(story)) == ("ai_silent_first", "silent_session_loss", "ai")


def test_the_numbers_of_the_callbacks_order_what_one_second_does_not_and_they_may_come_late(verdict):
    story = conference()
    met(story, CHILD, "left", "00:18:52", 5, reason=HUNG_UP)
    met(story, PARENT, "left", "00:18:52", 3, reason=HUNG_UP)
    assert told(verdict(story)) == ("caller_hung_up", "caller_hangup", "caller")


def test_a_finish_tool_before_the_ai_leaves_is_a_natural_end(verdict):
    story = conference().tool("00:18:48").api("00:18:51", "hangup")
    met(story, CHILD, "left", "00:18:52", 3, reason=HUNG_UP)
    met(story, PARENT, "left", "00:18:52", 5, reason=ALONG)
    assert told(verdict(story)) == ("natural_end", "agent_finished", "ai")


def test_who_stays_with_a_person_that_joined_was_handed_over(verdict):
    story = conference(parent_end="00:20:00")
    met(story, PERSON, "joined", "00:18:45", 3, label="human")
    met(story, CHILD, "left", "00:18:52", 4, reason=HUNG_UP)
    met(story, PARENT, "left", "00:20:00", 5, reason=HUNG_UP)
    assert told(verdict(story)) == ("flow_ended", "flow_redirect", "app")


def test_a_person_who_left_before_the_ai_took_nobody_over(verdict):
    story = conference(parent_end="00:18:56")
    met(story, PERSON, "joined", "00:18:35", 3)
    met(story, PERSON, "left", "00:18:40", 4, reason=HUNG_UP)
    met(story, CHILD, "left", "00:18:52", 5, reason=HUNG_UP)
    met(story, PARENT, "left", "00:18:56", 6, reason=HUNG_UP)
    assert told(verdict(story)) == ("ai_silent_first", "silent_session_loss", "ai")


@pytest.mark.parametrize("leg", [PARENT, CHILD])
def test_a_leg_that_our_account_took_out_of_the_conference_was_ended_by_our_flow(verdict, leg):
    story = conference(parent_end="00:20:00" if leg == PARENT else "00:18:52")
    met(story, leg, "left", "00:18:51", 3, reason=BY_API, leg_status="in-progress")
    met(story, CHILD if leg == PARENT else PARENT, "left", "00:18:52", 4, reason=ALONG)
    assert told(verdict(story)) == ("flow_ended", "flow_redirect", "app")


def test_a_conference_that_our_account_ended_was_hung_up_by_the_application(verdict):
    story = conference()
    met(story, None, "ended", "00:18:52", 3, reason="conference-ended-via-api")
    assert told(verdict(story)) == ("app_ended", "app_hangup", "app")


def test_an_ai_leg_with_no_end_of_its_own_ended_when_it_left(verdict):
    story = conference()
    story.records = [r for r in story.records if getattr(r.event, "status", "") != "completed"]
    met(story, PARENT, "left", "00:18:52", 3, reason=HUNG_UP, leg_status="completed")
    met(story, CHILD, "left", "00:18:52", 5, reason=ALONG, leg_status="completed")
    assert told(verdict(story)) == ("caller_hung_up", "caller_hangup", "caller")


def test_a_streamed_call_whose_caller_hangs_up_is_judged_by_the_parents_end(verdict):
    story = talking_until(stream_call(), "00:19:00")
    streamed(story, "stopped", "00:19:00.3")
    session(story, ev.SocketClosed(connection="own", code=1000, sent=1000), "00:19:00.5")
    judged = verdict(story)
    assert told(judged) == ("caller_hung_up", "caller_hangup", "caller")
    assert judged.confidence == "medium"


def test_what_twilio_asks_after_a_stream_tells_whether_the_caller_was_there(verdict):
    story = streamed(talking_until(stream_call(), "00:19:00"), "stopped", "00:19:00.2")
    assert told(verdict(story.asked("00:19:00.4", path="/after", status="completed")))[0] == "caller_hung_up"
    story = streamed(talking_until(stream_call(), "00:19:00"), "stopped", "00:19:00.2")
    judged = verdict(story.asked("00:19:00.4", path="/after", status="in-progress"))
    assert told(judged) == ("app_ended", "app_hangup", "app")


def test_a_stream_that_the_application_ended_long_before_the_leg_is_our_flow(verdict):
    story = streamed(talking_until(stream_call("00:19:40"), "00:19:00"), "stopped", "00:19:00.2")
    story.asked("00:19:00.4", path="/after", status="in-progress")
    assert told(verdict(story)) == ("flow_ended", "flow_redirect", "app")


def test_an_ai_that_closes_its_socket_is_not_the_caller_though_the_call_follows_at_once(verdict):
    story = talking_until(stream_call(), "00:18:59")
    session(story, ev.SocketClosed(connection="own", code=1001, received=1001, sent=1001), "00:18:58.2")
    streamed(story, "stopped", "00:18:58.6")
    assert told(verdict(story)) == ("ai_closed_first", "session_closed_early", "ai")


def test_a_stream_that_breaks_in_the_middle_accuses_no_caller(verdict):
    story = talking_until(stream_call(), "00:18:59")
    streamed(story, "error", "00:18:59.5", error_code="31921")
    assert verdict(story).verdict == "inconclusive"


def test_insights_of_a_streamed_call_name_its_caller(verdict):
    story = streamed(talking_until(stream_call(), "00:19:00"), "stopped", "00:19:00.2")
    summary = ev.LegSummarised(processing="complete", disconnected_by="caller")
    judged = verdict(story.add(f"twilio:{PARENT}", summary, "00:30:00"))
    assert (told(judged)[0], judged.confidence) == ("caller_hung_up", "high")


def test_of_a_leg_that_we_placed_the_callee_is_the_person(verdict):
    story = stream_call()
    story.records = [r for r in story.records if r.event.TYPE != "leg.status"]
    story.leg(PARENT, "completed", "00:19:00", direction="outbound-api", sequence=1)
    talking_until(story, "00:19:00")
    for side, expected in (("callee", "caller_hung_up"), ("caller", "inconclusive")):
        summary = ev.LegSummarised(processing="complete", disconnected_by=side)
        story.add(f"twilio:{PARENT}", summary, "00:30:00" if side == "callee" else "00:31:00")
        assert verdict(story).verdict == expected


def test_a_trunk_call_that_was_closed_accuses_nobody(verdict):
    story = trunk().socket_closed("00:18:52", 1000, received=1000, sent=1000)
    judged = verdict(story)
    assert (judged.verdict, judged.confidence, judged.ended_first_by) == ("inconclusive", "low", "unknown")
    assert any("trunk" in line for line in judged.missing)


def test_a_trunk_call_that_the_agent_finished_is_a_natural_end_but_never_certain(verdict):
    story = trunk().tool("00:18:48").api("00:18:51.5", "hangup")
    judged = verdict(story.socket_closed("00:18:52", 1000, received=1000, sent=1000))
    assert told(judged) == ("natural_end", "agent_finished", "ai")
    assert judged.confidence == "medium"


def test_a_trunk_call_that_an_error_of_the_server_closed_is_the_ais_but_never_certain(verdict):
    story = trunk().frame(ev.SessionErrored, "00:18:51.6", kind="error", error_type="server_error")
    judged = verdict(story.socket_closed("00:18:52", 1011, received=1011))
    assert told(judged) == ("ai_closed_first", "server_error", "ai")
    assert judged.confidence != "high"


def test_insights_of_a_trunk_tell_when_it_ended_and_by_whom(verdict):
    story = trunk()
    for second in range(34, 52, 2):
        story.frame(ev.FrameSeen, f"00:18:{second}", kind="rate_limits.updated")
    summary = ev.LegSummarised(
        processing="complete", disconnected_by="caller", direction="trunking-originating",
        ended_at=story.records[0].occurred.at + 35, connected_s=33,
    )  # fmt: skip
    judged = verdict(story.add(f"twilio:{CHILD}", summary, "00:30:00"))
    assert judged.verdict == "caller_hung_up"


def test_frames_of_a_session_that_the_application_holds_are_its_session(verdict):
    story = frame(stream_call(), ev.FrameSeen, "00:18:40")
    assert {r.subject for r in story.records} == {f"twilio:{PARENT}", f"openai:{SESS}"}


@pytest.mark.parametrize(
    ("status", "expected"), [("completed", "caller_hung_up"), ("in-progress", "ai_silent_first")]
)
def test_without_its_callbacks_the_action_of_the_conferences_dial_tells_whether_the_caller_was_there(
    verdict, status, expected
):
    story = conference()
    story.records = [r for r in story.records if r.event.TYPE != "conference.changed"]
    action = ev.DialFinished(path="/done", status=status, dial_status="answered", direction="inbound")
    story.add(f"twilio:{PARENT}", action, "00:18:52.6")
    assert verdict(story).verdict == expected


def test_a_caller_who_meets_a_person_in_a_conference_after_a_dialled_ai_left_nobody(verdict):
    story = cut_off()
    met(story, PARENT, "joined", "00:18:53", 1)
    met(story, PARENT, "left", "00:18:53", 2, reason=HUNG_UP)
    assert verdict(story).cause == verdict(cut_off()).cause == "silent_session_loss"


def test_the_evidence_says_who_left_the_conference_first_and_why(check):
    story = conference()
    assert check("Who left the conference first", story).speaks_for is None
    met(story, CHILD, "left", "00:18:52", 3, reason=HUNG_UP)
    row = check("Who left the conference first", story)
    assert (row.finding, "ai_silent_first" in row.speaks_for) == ("The AI's leg (participant_hung_up).", True)
    assert check("Who left the conference first", cut_off()) is None


def test_the_evidence_says_how_the_stream_ended(check):
    assert check("Media stream", stream_call()).speaks_for is None
    assert check("Media stream", streamed(stream_call(), "stopped", "00:19:00.2")).finding.startswith(
        "It stopped"
    )
    broken = streamed(stream_call(), "error", "00:18:59", error_code="31921")
    assert check("Media stream", broken).finding == "It broke with 31921."


def test_a_caller_who_speaks_to_nobody_on_a_stream_did_not_leave_a_session_that_listened(verdict):
    """The recording has the caller asking until the end, and the session had been silent for long."""
    story = stream_call()
    speech = [("00:18:31", "00:18:33"), ("00:18:45", "00:18:50"), ("00:18:54", "00:19:00")]
    story.heard("00:18:20", "00:19:00", *speech, agent=[("00:18:35", "00:18:39")])
    assert told(verdict(story)) == ("ai_silent_first", "silent_session_loss", "unknown")


def test_who_is_silent_before_leaving_a_stream_has_left(verdict):
    story = stream_call()
    story.heard("00:18:20", "00:19:00", ("00:18:31", "00:18:33"), agent=[("00:18:35", "00:18:39")])
    assert told(verdict(story)) == ("caller_hung_up", "caller_hangup", "caller")


def test_where_the_application_tells_nothing_it_may_have_ended_a_streamed_call_itself(verdict):
    story = stream_call()
    story.records = [r for r in story.records if r.subject.startswith("twilio:")]
    assert told(verdict(story)) == ("inconclusive", None, "unknown")


def test_an_agent_that_finishes_on_a_stream_leaves_no_other_reason_for_its_end(verdict):
    story = stream_call()
    frame(story, ev.ToolCalled, "00:18:57", name="end_call", item="t1", arguments="{}")
    assert told(verdict(story)) == ("natural_end", "agent_finished", "ai")
    assert "caller_hangup" not in {found["slug"] for found in report(story.records)["findings"]}


def test_a_session_that_was_gone_before_the_streamed_call_ended_was_not_left(verdict):
    story = session(stream_call(), ev.SocketClosed(connection="own", code=1006), "00:18:56")
    assert told(verdict(story)) == ("ai_closed_first", "session_closed_early", "ai")
