import pytest

from callstore.domain.facts import events as ev
from tests.builders import CHILD, PARENT, answered_call
from tests.findings.stories import ZERO, cut_off
from tests.judging import interval, rests_on


def _conversation():
    """As far as a <Dial> goes whose action is never asked."""
    return answered_call().turn("item_1", "00:18:30", "00:18:33", ZERO, "This is Kishi.")


def test_fires_when_our_account_changed_the_leg_by_rest(find, verdict):
    story = _conversation().add(f"twilio:{PARENT}", ev.LegChanged(how="redirect"), "00:18:51.6")
    assert find("flow_redirect", story).certainty == "shown"
    result = verdict(story)
    assert (result.verdict, result.cause, result.ended_first_by) == ("flow_ended", "flow_redirect", "app")


def test_fires_when_new_twiml_is_asked_for_in_the_middle_of_the_dial(find):
    story = _conversation().asked("00:18:50", path="/transfer", status="in-progress")
    assert find("flow_redirect", story).certainty == "shown"


def test_fires_when_a_referred_call_gets_a_new_leg(find):
    other = "CA" + "d" * 32
    story = _conversation().api("00:18:51", "refer")
    story.leg(other, "initiated", "00:18:53", direction="outbound-dial", parent=PARENT, sequence=0)
    story.records[:] = [r for r in story.records]
    assert find("flow_redirect", story) is not None


def test_stays_silent_when_the_change_was_refused(find):
    story = cut_off().add(f"twilio:{PARENT}", ev.LegChanged(how="end", http_status=404), "00:18:51.6")
    assert find("flow_redirect", story) is None


def test_stays_silent_for_the_request_that_follows_the_dial_action(find):
    assert find("flow_redirect", cut_off().asked("00:18:53", path="/next", status="in-progress")) is None


def test_stays_silent_for_the_screening_of_the_leg_and_for_a_late_copy(find):
    screened = ev.FlowAsked(path="/screen", status="in-progress", direction="outbound-dial")
    story = _conversation().add(f"twilio:{CHILD}", screened, "00:18:23.8")
    assert find("flow_redirect", story.asked("00:18:45", path="/voice", status="in-progress")) is None


def test_admits_that_a_request_at_the_end_may_be_what_stands_behind_the_dial(find):
    finding = find("flow_redirect", _conversation().asked("00:18:52.6", path="/next", status="in-progress"))
    assert (finding.certainty, len(finding.missing)) == ("consistent", 1)


def test_rests_on_the_change_and_the_end(find):
    story = _conversation().add(f"twilio:{PARENT}", ev.LegChanged(how="redirect"), "00:18:51.6")
    finding = find("flow_redirect", story)
    assert rests_on(story, finding) == ["leg.changed 00:18:51.600", "leg.status 00:18:52"]
    assert interval(finding) == ("00:18:51.600", "00:18:52.500")
    assert (finding.missing, "by REST" in finding.says) == ((), True)


def test_says_how_the_leg_was_taken(find):
    story = _conversation().asked("00:18:50", path="/transfer", status="in-progress")
    assert "new TwiML" in find("flow_redirect", story).says
    story = _conversation().api("00:18:51", "refer")
    story.leg("CA" + "d" * 32, "initiated", "00:18:53", direction="outbound-dial", parent=PARENT, sequence=0)
    assert "referred the call" in find("flow_redirect", story).says


@pytest.mark.parametrize("ours", [lambda s: s.tool("00:18:50"), lambda s: s.api("00:18:51", "hangup")])
def test_stays_silent_when_the_agent_or_the_application_had_ended_the_call(find, ours):
    story = _conversation().add(f"twilio:{PARENT}", ev.LegChanged(how="redirect"), "00:18:51.6")
    assert find("flow_redirect", ours(story)) is None
