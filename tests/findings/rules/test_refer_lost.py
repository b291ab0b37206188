import pytest

from callstore.domain.facts import events as ev
from tests.builders import PARENT
from tests.findings.stories import conversation, finished
from tests.judging import interval, rests_on


def test_fires_when_nothing_came_of_a_referral(find, verdict):
    story = conversation().api("00:18:34", "refer")
    assert find("refer_lost", story).certainty == "shown"
    result = verdict(story)
    assert (result.verdict, result.cause, result.ended_first_by) == ("flow_ended", "refer_lost", "app")


def test_stays_silent_when_a_new_leg_came(find):
    story = conversation().api("00:18:34", "refer")
    story.leg("CA" + "d" * 32, "initiated", "00:18:36", parent=PARENT, sequence=0)
    assert find("refer_lost", story) is None


def test_stays_silent_when_openai_refused_it_or_the_agent_finished(find):
    assert find("refer_lost", conversation().api("00:18:34", "refer", status=404)) is None
    assert find("refer_lost", finished().api("00:18:34", "refer")) is None


def test_admits_it_cannot_know_while_the_new_leg_may_still_come(find):
    story = conversation().api("00:18:51", "refer")
    assert find("refer_lost", story) is None
    story.add(f"twilio:{PARENT}", ev.LegSummarised(processing="partial"), "00:30:00")
    finding = find("refer_lost", story)
    assert (finding.certainty, finding.missing) == ("consistent", ("a SIP trace that shows the REFER",))


def test_rests_on_the_referral_and_the_end(find):
    story = conversation().api("00:18:34", "refer")
    finding = find("refer_lost", story)
    assert rests_on(story, finding) == ["api.called 00:18:34", "leg.status 00:18:52"]
    assert interval(finding) == ("00:18:34", "00:18:52.500")
    assert (finding.missing, "while the caller waited" in finding.says) == ((), True)


@pytest.mark.parametrize("status", [None, 300, 500])
def test_an_order_that_was_not_taken_for_sure_is_only_consistent(find, status):
    finding = find("refer_lost", conversation().api("00:18:34", "refer", status=status))
    assert (finding.certainty, len(finding.missing)) == ("consistent", 1)


@pytest.mark.parametrize(("clock", "certainty"), [("00:18:36.4", "shown"), ("00:18:36.6", "consistent")])
def test_fifteen_seconds_of_waiting_are_enough(find, clock, certainty):
    """The leg cannot have ended before 00:18:51.5."""
    story = conversation().api(clock, "refer")
    story.add(f"twilio:{PARENT}", ev.LegSummarised(processing="partial"), "00:30:00")
    assert find("refer_lost", story).certainty == certainty


@pytest.mark.parametrize(("clock", "known"), [("00:18:37.8", True), ("00:18:37.9", False)])
def test_a_leg_may_still_come_for_fifteen_seconds(find, clock, known):
    """The last fact of the story was received at 00:18:52.8."""
    assert (find("refer_lost", conversation().api(clock, "refer")) is not None) == known


def test_stays_silent_when_we_hung_up_or_the_flow_took_the_leg(find):
    assert find("refer_lost", conversation().api("00:18:34", "refer").api("00:18:50", "hangup")) is None
    story = conversation().api("00:18:34", "refer")
    story.add(f"twilio:{PARENT}", ev.LegChanged(how="redirect"), "00:18:51.6")
    assert find("refer_lost", story) is None


def test_stays_silent_when_the_agent_finished_though_nobody_hung_up(find):
    assert find("refer_lost", conversation().api("00:18:34", "refer").tool("00:18:50")) is None


def test_an_order_below_300_was_taken(find):
    assert find("refer_lost", conversation().api("00:18:34", "refer", status=299)).certainty == "shown"
