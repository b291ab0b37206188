from callstore.domain.facts import events as ev
from tests.builders import PARENT
from tests.findings.stories import conversation, finished


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
