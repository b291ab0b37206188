"""Without Event Streams a redirect is told by what Twilio does next and our flow does not lead to."""

import pytest

from callstore.domain.facts import events as ev
from tests.builders import CHILD, PARENT
from tests.conversations import (
    DESK,
    OPENAI,
    PERSON,
    SECOND,
    asks_for_a_person,
    dial_over,
    dialled,
    first_conversation,
)
from tests.findings.stories import ZERO
from tests.judging import rests_on

PUT_THROUGH = ("initiated", "00:18:53"), ("in-progress", "00:18:58"), ("completed", "00:20:10")


def _to_a_person(story):
    return dialled(story, PERSON, DESK, *PUT_THROUGH).parent("completed", "00:20:10", sequence=0)


def _action(story, *verbs: str, clock="00:18:52.7"):
    """The dial action of the AI leg, answered with these verbs; with none the answer is an empty response."""
    path = f"/dial/{CHILD[-1]}"
    return dial_over(story, clock, CHILD).answered("00:18:52.75", *verbs, path=path)


def _redirected(*verbs):
    return _to_a_person(asks_for_a_person(_action(first_conversation(), *verbs)))


def test_a_request_that_the_answer_to_the_action_does_not_lead_to_is_a_redirect(find, verdict):
    story = _redirected()
    assert find("flow_redirect", story).certainty == "shown"
    result = verdict(story)
    assert (result.verdict, result.cause, result.ended_first_by) == ("flow_ended", "flow_redirect", "app")


def test_so_is_one_after_an_answer_that_would_have_hung_up(find):
    assert find("flow_redirect", _redirected("Say", "Hangup")).certainty == "shown"


@pytest.mark.parametrize("verbs", [("Redirect",), ("Say", "Redirect"), ("Enqueue",)])
def test_the_request_that_the_answer_to_the_action_leads_to_is_no_redirect(find, verbs):
    assert find("flow_redirect", _redirected(*verbs)) is None


def test_a_person_whom_the_answer_to_the_action_dials_is_no_redirect(find, verdict):
    story = _to_a_person(_action(first_conversation(), "Say", "Dial", "Number"))
    assert find("flow_redirect", story) is None
    assert verdict(story).verdict != "flow_ended"


def test_without_the_request_a_new_leg_tells_it(find):
    story = _to_a_person(_action(first_conversation()))
    finding = find("flow_redirect", story)
    assert (finding.certainty, "dialled another" in finding.says) == ("shown", True)
    assert rests_on(story, finding) == ["leg.status 00:18:53", "leg.status 00:18:52"]


def test_without_the_action_a_new_leg_tells_it_where_our_twiml_dialled_once(find):
    assert find("flow_redirect", _to_a_person(first_conversation())).certainty == "shown"


def test_a_second_dial_in_our_twiml_is_no_redirect(find):
    story = _to_a_person(first_conversation())
    story.answered("00:17:52.25", "Dial", "Sip", "Dial", "Number", path="/voice", asked="voice")
    assert find("flow_redirect", story) is None


def test_a_leg_that_rings_while_the_ai_speaks_is_a_redirect_whatever_is_answered(find):
    story = _action(first_conversation(), "Dial", "Number")
    dialled(story, PERSON, DESK, ("initiated", "00:18:49"), ("in-progress", "00:18:55"))
    assert find("flow_redirect", story).certainty == "shown"


def test_legs_that_are_dialled_together_are_no_redirect(find):
    story = _action(first_conversation(), "Hangup")
    dialled(story, PERSON, DESK, ("initiated", "00:18:17"), ("canceled", "00:18:23"))
    assert find("flow_redirect", story) is None


def test_where_our_answer_is_not_known_the_transfer_that_the_agent_asked_for_tells_it(find):
    silent = _to_a_person(asks_for_a_person(dial_over(first_conversation(), "00:18:52.7", CHILD)))
    assert find("flow_redirect", silent) is None
    finding = find("flow_redirect", silent.tool("00:18:47", name="transfer_to_human"))
    assert (finding.certainty, len(finding.missing)) == ("consistent", 1)


def test_a_person_whom_the_action_dials_because_the_agent_asked_for_one_was_no_loss_of_the_ai(find, verdict):
    story = _to_a_person(_action(first_conversation(), "Dial", "Number"))
    finding = find("flow_redirect", story.tool("00:18:47", name="escalate"))
    assert (finding.certainty, verdict(story).verdict) == ("consistent", "flow_ended")


def test_a_conversation_that_went_on_after_the_transfer_failed_was_not_ended_by_it(find):
    story = _to_a_person(_action(first_conversation(), "Dial", "Number"))
    story.tool("00:18:35", name="transfer_call").turn("item_2", "00:18:38", "00:18:40", ZERO, "Hello?")
    assert find("flow_redirect", story.frame(ev.ReplyStarted, "00:18:41", response="r2")) is None


def test_a_transfer_of_long_ago_does_not(find):
    story = _to_a_person(asks_for_a_person(dial_over(first_conversation(), "00:18:52.7", CHILD)))
    assert find("flow_redirect", story.tool("00:18:20", name="transfer_to_human")) is None


def test_a_menu_before_the_ai_was_dialled_is_no_redirect(find):
    story = _action(first_conversation(), "Hangup").asked("00:18:05", path="/menu", status="in-progress")
    pressed = ev.DigitsPressed(path="/gather", status="in-progress", digits="1", direction="inbound")
    assert find("flow_redirect", story.add(f"twilio:{PARENT}", pressed, "00:18:16")) is None


def test_a_caller_who_is_helped_after_the_session_closed_was_not_taken_away(find, verdict):
    story = _to_a_person(asks_for_a_person(_action(first_conversation())))
    told = ev.SocketClosed(connection="conn_2", code=1011, received=1011)
    story.add("openai:rtc_u1_story", told, "00:18:49", source="app")
    story.records[:] = [r for r in story.records if getattr(r.event, "code", None) != 1006]
    assert find("flow_redirect", story) is None
    assert verdict(story).verdict == "ai_closed_first"


def test_without_callbacks_of_the_ai_leg_its_session_says_since_when_a_request_is_a_redirect(find):
    story = _redirected()
    story.records[:] = [r for r in story.records if r.subject not in (f"twilio:{CHILD}", f"twilio:{PERSON}")]
    assert find("flow_redirect", story).certainty == "shown"


def test_the_next_leg_to_the_ai_tells_it_too(find):
    story = dialled(
        _action(first_conversation()), SECOND, OPENAI, ("initiated", "00:18:53"), ("busy", "00:18:54")
    )
    assert find("flow_redirect", story).certainty == "shown"


def _ended(by: str):
    """The action comes with a caller's leg that is over, and Voice Insights names the side that ended it."""
    story = dial_over(first_conversation(), "00:18:52.7", CHILD, status="completed")
    story.parent("completed", "00:18:52", sequence=0)
    summary = ev.LegSummarised(processing="complete", disconnected_by=by)
    return story.add(f"twilio:{PARENT}", summary, "00:19:40")


def test_a_callers_leg_that_our_side_ended_in_the_middle_of_the_dial_was_ended_by_rest(find, verdict):
    story = _ended("callee")
    assert find("flow_redirect", story).certainty == "consistent"
    assert find("caller_hangup", story) is None
    assert verdict(story).verdict == "flow_ended"


def test_a_caller_who_hung_up_was_not_taken_away(find, verdict):
    assert find("flow_redirect", _ended("caller")) is None
    assert verdict(_ended("caller")).verdict == "caller_hung_up"
