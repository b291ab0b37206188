from callstore.domain.facts import events as ev
from tests.builders import CHILD, Story
from tests.findings.stories import ZERO, cut_off


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
