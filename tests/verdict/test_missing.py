"""Which witnesses are missing, and what to ask for: every one that lacks is listed, and no other."""

import pytest

from callstore.domain.call.fold import fold
from callstore.domain.facts import events as ev
from callstore.findings.rule import case
from callstore.verdict import missing as witnesses
from tests.builders import CHILD, PARENT, Story, answered_call
from tests.findings.stories import ZERO, conversation, finished, left, refused

FIRST = ("00:18:30", "00:18:33")
NO_EVENT = "no event of the AI session was seen"
NO_CLOSE = "no close of the AI session was observed"
UNTOLD = "what the application did: its API calls and statements do not reach us"
UNRECORDED = "no recording of both channels"
SHORT = "the recording does not reach the end of the AI leg"
NO_BYE = "who sent the BYE is not known (Voice Insights, disconnected_by)"
WHO_LEFT = "whether the caller was still on the line when the AI leg ended"


def missing(story):
    return witnesses.missing(case(fold(story.records)))


def whom_to_ask(story, verdict, lacking=("something",)):
    return witnesses.whom_to_ask(case(fold(story.records)), verdict, lacking)


def _bye(story, side):
    summary = ev.LegSummarised(processing="complete", disconnected_by=side)
    return story.add(f"twilio:{CHILD}", summary, "00:30:00")


@pytest.mark.parametrize(
    ("story", "lacking"),
    [
        (conversation(), (NO_CLOSE, UNTOLD, UNRECORDED, NO_BYE)),
        (answered_call(), (NO_EVENT, UNRECORDED, NO_BYE, WHO_LEFT)),
        (Story().child("completed", "00:18:52", sequence=3), (NO_EVENT, UNRECORDED, NO_BYE, WHO_LEFT)),
        (finished(), (NO_BYE,)),
        (_bye(finished(), "caller"), ()),
        (_bye(finished(), "callee"), ()),
        (_bye(finished(), "unknown"), (NO_BYE,)),
        (conversation().heard("00:18:23", "00:18:45", FIRST), (NO_CLOSE, UNTOLD, SHORT, NO_BYE)),
        (left(), (UNTOLD, UNRECORDED, NO_BYE)),
        (refused(), ()),
        (refused().frame(ev.FrameSeen, "00:18:18"), ()),
        (Story().child("busy", "00:18:18", sequence=1), (WHO_LEFT,)),
        (Story().child("in-progress", "00:18:23", sequence=2), (NO_EVENT, UNRECORDED, NO_BYE)),
        (Story().asked("00:17:52").parent("completed", "00:18:10", sequence=0), ()),
    ],
)
def test_every_witness_that_is_missing_is_listed_and_no_other(story, lacking):
    assert missing(story) == lacking


def test_frames_that_were_lost_are_counted():
    story = finished().frame(ev.FrameSeen, "00:18:46").lose(2).frame(ev.FrameSeen, "00:18:47")
    assert missing(story) == ("events of the AI session that were lost on the way: 2", NO_BYE)


def test_a_leg_that_was_refused_has_one_witness():
    [step] = whom_to_ask(refused(), "never_connected")
    assert (
        step == f"Ask OpenAI why the INVITE of {CHILD} at 2026-04-13T00:18:17.000Z was answered 486 (busy)."
    )
    [step] = whom_to_ask(refused(None), "never_connected")
    assert step.endswith("was answered (busy).")
    [step] = whom_to_ask(Story().dial_action("00:18:18.4", dial_status="busy"), "never_connected")
    assert "at 2026-04-13T00:18:18.400Z" in step


@pytest.mark.parametrize(
    "story",
    [
        answered_call(),
        Story().child("ringing", "00:18:17", sequence=1),
        Story().asked("00:17:52").parent("completed", "00:18:10", sequence=0),
    ],
    ids=["answered", "rings", "no AI leg"],
)
def test_nobody_is_asked_about_an_invite_that_was_not_refused(story):
    assert whom_to_ask(story, "never_connected") == ()


@pytest.mark.parametrize("verdict", ["natural_end", "app_ended", "caller_hung_up", "flow_ended"])
def test_a_verdict_that_rests_on_acts_needs_no_other_witness(verdict):
    assert whom_to_ask(conversation(), verdict) == ()


def test_where_nothing_is_missing_there_is_nothing_to_settle():
    assert whom_to_ask(conversation(), "ai_silent_first", ()) == ()


LOG = "Ask OpenAI for the session log of sess_1 between {} and {}."
FRAMES = "Forward the session's sideband frames, or let callstore watch: nobody observed the AI."
TELL = "Forward realtime.api_call and app.* events: they tell whether the application hung up."
INSIGHTS = "Enable Voice Insights Advanced Features: it names the side that sent the BYE."
RECORD = "Record both channels (record-from-answer-dual): it shows who was speaking."
ACTION = "Give <Dial> an action: it tells whether the caller was still on the line."
STREAMS = "Subscribe Event Streams (api-request.call.modified): it shows what our account changed."


def test_each_missing_witness_of_a_watched_session_is_asked_for():
    log = LOG.format("2026-04-13T00:18:33.900Z", "2026-04-13T00:18:53.500Z")
    assert whom_to_ask(conversation(), "ai_silent_first") == (log, TELL, INSIGHTS, RECORD)
    story = conversation().api("00:18:20", "accept")
    assert (
        whom_to_ask(_bye(story, "caller").heard("00:18:23", "00:18:52", FIRST), "ai_silent_first")[1:] == ()
    )
    assert INSIGHTS not in whom_to_ask(_bye(conversation(), "callee"), "ai_silent_first")


def test_frames_that_outlived_the_leg_are_asked_for_too():
    story = conversation().frame(ev.FrameSeen, "00:19:10")
    asked = LOG.format("2026-04-13T00:18:53.500Z", "2026-04-13T00:19:10.000Z")
    assert whom_to_ask(story, "ai_silent_first")[0] == asked


def test_a_session_without_a_name_of_its_own_is_asked_for_by_its_call():
    story = answered_call().turn("item_1", "00:18:30", "00:18:33", ZERO, "Hello.")
    assert "session log of rtc_u1_story between" in whom_to_ask(story, "ai_silent_first")[0]


def test_an_unwatched_call_that_nobody_can_judge_lacks_everything():
    assert whom_to_ask(answered_call(), "inconclusive") == (FRAMES, TELL, INSIGHTS, RECORD, ACTION, STREAMS)


def test_what_our_account_changed_is_asked_for_only_where_it_may_decide():
    assert STREAMS not in whom_to_ask(answered_call(), "ai_silent_first")
    told = answered_call().add(f"twilio:{PARENT}", ev.LegChanged(how="redirect"), "00:18:00")
    assert STREAMS not in whom_to_ask(told, "inconclusive")


def test_a_leg_that_was_never_answered_lacks_only_the_dial_action():
    assert whom_to_ask(Story().child("busy", "00:18:18", sequence=1), "inconclusive") == (ACTION,)
    assert whom_to_ask(refused(), "inconclusive") == ()


def test_a_call_without_an_ai_leg_lacks_nothing_of_one():
    story = Story().asked("00:17:52").parent("completed", "00:18:10", sequence=0)
    assert whom_to_ask(story, "inconclusive") == ()


def test_of_a_session_without_any_leg_only_its_log_is_asked_for():
    story = Story().frame(ev.FrameSeen, "00:18:30").socket_closed("00:18:45", 1006)
    [step] = whom_to_ask(story, "inconclusive")
    assert "session log of rtc_u1_story" in step


def test_a_call_that_goes_on_has_no_dial_action_yet():
    story = Story().child("in-progress", "00:18:23", sequence=2).frame(ev.FrameSeen, "00:18:30")
    assert whom_to_ask(story, "inconclusive") == (FRAMES, TELL, INSIGHTS, RECORD, STREAMS)
