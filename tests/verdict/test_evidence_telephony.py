"""What the line answers: each question on the smallest story, and the verdicts that it speaks for."""

import pytest

from callstore.domain.facts import events as ev
from callstore.verdict.evidence import AI, CALLER, LIMIT, NOTHING, OURS, REFUSED, USELESS
from tests.builders import AI as SESSION
from tests.builders import CHILD, PARENT, Story, answered_call, at
from tests.findings.stories import conversation, cut_off, finished, left, refused
from tests.judging import interval, rests_on

ACTS = "Finish tool, hang-up or exception of ours"
TAKEN = "Our REST or TwiML on the legs"
THERE = "Caller still on the line when the AI leg ended"
BYE = "Who sent the BYE (Voice Insights)"
LIMITS = "Time limits"
CHAIN = "What our flow did then"
SIP = "SIP response"
WARNED = "Warning 32113"


def test_the_finish_tool_speaks_for_an_end_of_ours_that_no_hangup_alone_explains(check):
    row = check(ACTS, finished())
    assert row.finding == "The agent's finish tool was called and we hung up."
    assert row.speaks_for == {"natural_end", "false_finish", "flow_ended", "ai_deaf", "ai_mute"}
    assert rests_on(finished(), row) == ["tool.called 00:18:48", "api.called 00:18:51.500"]
    assert interval(row) == ("00:18:48", None)
    assert check(ACTS, conversation().tool("00:18:48")).finding == "The agent's finish tool was called."


def test_a_hangup_speaks_for_an_end_of_ours(check):
    story = conversation().api("00:18:51", "hangup")
    row = check(ACTS, story)
    assert (row.finding, row.speaks_for) == ("The application hung up.", OURS | USELESS)
    assert (rests_on(story, row), interval(row)) == (["api.called 00:18:51"], ("00:18:51", None))


def test_an_exception_speaks_for_everybody_but_an_end_of_ours(check):
    story = conversation()
    for what in ("log", "exception"):
        story.add(f"openai:{SESSION}", ev.AppSaid(what=what), "00:18:40", source="app", key=what)
    row = check(ACTS, story)
    assert row.finding == "An exception of the application."
    assert row.speaks_for == AI | CALLER | REFUSED | LIMIT | {"flow_ended"}
    assert rests_on(story, row) == ["app.said 00:18:40"]
    assert story.records[-1].event.what == "exception" and row.seen[0].position == len(story.records)


def test_no_act_of_ours_is_told_only_where_a_session_might_have_shown_one(check):
    assert check(ACTS, conversation()).finding == "None was seen."
    assert check(ACTS, Story().child("completed", "00:18:52", sequence=3)) is None


def test_our_own_redirect_speaks_for_our_flow(check):
    story = answered_call().add(f"twilio:{PARENT}", ev.LegChanged(how="redirect"), "00:18:51.6")
    row = check(TAKEN, story)
    assert (row.speaks_for, "by REST" in row.finding) == ({"flow_ended"}, True)
    assert rests_on(story, row) == ["leg.changed 00:18:51.600", "leg.status 00:18:52"]
    assert interval(row) == ("00:18:51.600", "00:18:52.500")


def test_a_referral_that_came_to_nothing_speaks_for_our_flow(check):
    story = conversation().api("00:18:34", "refer")
    row = check(TAKEN, story)
    assert (row.speaks_for, "referred the call" in row.finding) == ({"flow_ended"}, True)
    assert (rests_on(story, row), interval(row)) == (
        ["api.called 00:18:34"], ("00:18:34", "00:18:52.500")
    )  # fmt: skip


def test_who_took_nothing_is_not_asked(check):
    assert check(TAKEN, conversation()) is None


def test_a_caller_who_had_left_speaks_for_the_caller(check):
    row = check(THERE, left())
    assert row.finding == "No, the caller had left (the dial action says completed)."
    assert row.speaks_for == CALLER | USELESS | REFUSED | {"flow_ended"}
    assert (rests_on(left(), row), interval(row)) == (
        ["dial.finished 00:18:52.400"], ("00:18:52.400", None)
    )  # fmt: skip


def test_a_caller_who_was_still_there_speaks_for_everybody_else(check):
    row = check(THERE, conversation())
    assert row.finding == "Yes (the dial action says in-progress)."
    assert row.speaks_for == AI | OURS | REFUSED | LIMIT
    assert (rests_on(conversation(), row), interval(row)) == (
        ["dial.finished 00:18:52.400"], ("00:18:52.400", None)
    )  # fmt: skip


def test_the_order_of_two_ends_names_no_dial_action(check):
    story = answered_call(child_end="00:18:55", parent_end="00:18:52")
    row = check(THERE, story)
    assert (row.finding, row.start) == ("No, the caller had left.", at("00:18:52"))
    assert check(THERE, answered_call(child_end="00:18:52", parent_end="00:18:55")).finding == "Yes."


def test_what_insights_says_of_the_callers_leg_is_not_quoted_as_the_dial_actions_word(check):
    summary = ev.LegSummarised(processing="complete", disconnected_by="caller")
    story = answered_call().add(f"twilio:{PARENT}", summary, "00:30:00")
    assert check(THERE, story).finding == "No, the caller had left."


def test_a_dial_action_without_a_status_is_not_quoted(check):
    story = answered_call(child_end="00:18:55", parent_end="00:18:52").dial_action("00:18:55.4", status=None)
    assert check(THERE, story).finding == "No, the caller had left."


def test_who_was_on_the_line_may_not_be_known(check):
    assert check(THERE, answered_call()).speaks_for is None
    assert check(THERE, Story().child("in-progress", "00:18:23", sequence=2)) is None
    assert check(THERE, Story().asked("00:17:52").parent("completed", "00:18:10", sequence=0)) is None


def _bye(side):
    summary = ev.LegSummarised(processing="complete", disconnected_by=side)
    return conversation().add(f"twilio:{CHILD}", summary, "00:30:00")


@pytest.mark.parametrize(
    ("side", "finding", "speaks_for"),
    [
        ("callee", "The AI's side.", AI | LIMIT | REFUSED | (OURS - {"flow_ended"})),
        ("caller", "Twilio's side.", CALLER | OURS | LIMIT | REFUSED | USELESS),
    ],
)
def test_the_bye_speaks_for_the_side_that_sent_it(check, side, finding, speaks_for):
    row = check(BYE, _bye(side))
    assert (row.finding, row.speaks_for) == (finding, speaks_for)
    assert rests_on(_bye(side), row) == ["leg.summarised 00:30:00"]


def test_the_bye_is_missing_without_insights_and_no_question_of_a_leg_that_was_refused(check):
    assert check(BYE, conversation()).speaks_for is None
    assert check(BYE, _bye("unknown")).speaks_for is None
    assert check(BYE, refused()) is None
    assert check(BYE, Story().asked("00:17:52").parent("completed", "00:18:10", sequence=0)) is None


def test_each_limit_that_was_reached_speaks_for_a_limit(check):
    story = conversation().answered("00:18:16", "Dial", path="/voice", asked="voice", time_limit_s=30)
    row = check(LIMITS, story)
    assert (row.speaks_for, "timeLimit" in row.finding) == (LIMIT, True)
    assert (rests_on(story, row), interval(row)) == (
        ["leg.status 00:18:52"], ("00:18:23", "00:18:52.500")
    )  # fmt: skip
    expired = conversation().socket_closed("00:18:50", 1001, received=1001, reason="expired")
    assert "maximum duration" in check(LIMITS, expired).finding
    assert check(LIMITS, conversation()) is None


def test_the_amplifier_is_told_and_speaks_for_nobody(check):
    story = conversation().answered("00:18:52.45", "Hangup")
    row = check(CHAIN, story)
    assert row.speaks_for == NOTHING
    assert "Child completed → dial action → <Hangup/> → parent completed" in row.finding
    assert rests_on(story, row) == [
        "leg.status 00:18:52", "dial.finished 00:18:52.400", "flow.answered 00:18:52.450",
        "leg.status 00:18:52",
    ]  # fmt: skip
    assert interval(row) == ("00:18:52", "00:18:53")
    assert check(CHAIN, conversation()) is None


@pytest.mark.parametrize(("code", "speaks_for"), [(200, NOTHING), (399, NOTHING), (400, REFUSED | CALLER)])
def test_a_sip_code_speaks_only_where_it_refuses(check, code, speaks_for):
    row = check(SIP, refused(code))
    assert (row.speaks_for, f"{code}: the INVITE" in row.finding) == (speaks_for, True)
    assert rests_on(refused(code), row) == ["leg.status 00:18:18"]


def test_no_code_is_no_answer(check):
    assert check(SIP, refused(None)) is None
    assert check(SIP, Story().asked("00:17:52").parent("completed", "00:18:10", sequence=0)) is None


def test_a_header_that_was_left_out_is_told_and_speaks_for_nobody(check):
    story = conversation()
    for code, clock in (("15003", "00:18:17"), ("32113", "00:18:18")):
        story.add(f"twilio:{CHILD}", ev.ProviderWarned(level="warning", code=code), clock)
    row = check(WARNED, story)
    assert row.speaks_for == NOTHING
    assert (rests_on(story, row), interval(row)) == (["provider.warned 00:18:18"], ("00:18:18", None))
    assert check(WARNED, cut_off()) is None
