import pytest

from callstore.domain.facts import events as ev
from tests.builders import CHILD, PARENT, Story
from tests.findings.stories import ZERO, cut_off
from tests.judging import interval, rests_on


def _alone(end="00:18:26"):
    story = Story().leg(CHILD, "initiated", "00:18:17", direction="outbound-api", sequence=0)
    story.offered("00:18:18").api("00:18:19", "accept")
    story.leg(CHILD, "in-progress", "00:18:20", direction="outbound-api", sequence=1)
    story.frame(ev.SessionConfigured, "00:18:21", session="s")
    return story.leg(CHILD, "completed", end, direction="outbound-api", sequence=2)


def test_fires_for_a_lone_leg_that_ends_at_once_and_says_what_it_does_not_know(find, verdict):
    finding = find("standalone_leg", _alone())
    assert (finding.certainty, len(finding.missing)) == ("consistent", 2)
    assert (verdict(_alone()).verdict, verdict(_alone()).cause) == ("never_connected", "standalone_leg")


def test_stays_silent_when_somebody_spoke(find):
    story = _alone().turn("item_1", "00:18:22", "00:18:23", ZERO, "Yes?")
    assert find("standalone_leg", story) is None


def test_stays_silent_for_a_leg_that_lasted_and_for_one_that_was_dialled(find):
    assert find("standalone_leg", _alone("00:19:26")) is None
    assert find("standalone_leg", cut_off()) is None


def test_claims_nothing_when_nobody_accepted_it(find):
    story = Story().leg(CHILD, "completed", "00:18:26", direction="outbound-api", sequence=2)
    assert find("standalone_leg", story) is None


def test_rests_on_the_leg_from_its_first_word_to_its_end(find):
    finding = find("standalone_leg", _alone())
    assert rests_on(_alone(), finding) == [f"leg.status 00:18:{second}" for second in (17, 20, 26)]
    assert interval(finding) == ("00:18:20", "00:18:26.500")


@pytest.mark.parametrize(("end", "soon"), [("00:18:29", True), ("00:18:30", False)])
def test_a_conversation_takes_more_than_ten_seconds(find, end, soon):
    """From the answer to the middle of the second in which it ended."""
    assert (find("standalone_leg", _alone(end)) is not None) == soon


@pytest.mark.parametrize("ours", [lambda s: s.tool("00:18:25"), lambda s: s.api("00:18:25", "hangup")])
def test_stays_silent_when_the_agent_or_the_application_ended_it(find, ours):
    assert find("standalone_leg", ours(_alone())) is None


def test_stays_silent_when_another_leg_belongs_to_it(find):
    story = _alone().leg(PARENT, "in-progress", "00:18:16", direction="inbound", sequence=0)
    assert find("standalone_leg", story) is None
    story = _alone().leg(CHILD, "completed", "00:18:26", direction="outbound-api", parent=PARENT, sequence=3)
    assert find("standalone_leg", story) is None


def test_without_an_answer_the_sessions_first_event_tells_when_it_began(find):
    story = Story().leg(CHILD, "initiated", "00:18:17", direction="outbound-api", sequence=0)
    story.offered("00:18:18").frame(ev.SessionConfigured, "00:18:21", session="s")
    story.leg(CHILD, "completed", "00:18:26", direction="outbound-api", sequence=2)
    assert interval(find("standalone_leg", story)) == ("00:18:21", "00:18:26.500")


def test_claims_nothing_of_a_leg_that_goes_on(find):
    story = Story().leg(CHILD, "in-progress", "00:18:20", direction="outbound-api", sequence=1)
    assert find("standalone_leg", story.frame(ev.SessionConfigured, "00:18:21", session="s")) is None


def test_stays_silent_for_an_inbound_leg_and_for_one_without_a_session(find):
    story = Story().leg(CHILD, "in-progress", "00:18:20", direction="inbound", sequence=1)
    story.frame(ev.SessionConfigured, "00:18:21", session="s")
    story.leg(CHILD, "completed", "00:18:26", direction="inbound", sequence=2)
    assert find("standalone_leg", story) is None
    story = Story().leg(CHILD, "in-progress", "00:18:20", direction="outbound-api", sequence=1)
    story.leg(CHILD, "completed", "00:18:26", direction="outbound-api", sequence=2)
    assert find("standalone_leg", story) is None
    assert find("standalone_leg", story.offered("00:18:18")) is None


def test_claims_nothing_where_nobody_knows_when_the_ai_had_it(find):
    story = Story().leg(CHILD, "initiated", "00:18:17", direction="outbound-api", sequence=0)
    story.offered("00:18:18").api("00:18:19", "accept")
    story.leg(CHILD, "completed", "00:18:26", direction="outbound-api", sequence=2)
    assert find("standalone_leg", story) is None
