from tests.builders import Story
from tests.findings.stories import refused


def _asked_elsewhere(at="00:18:18.5"):
    story = Story().asked("00:17:52.3").child("initiated", "00:18:17", sequence=0).offered("00:18:17")
    story.api(at, "accept", status=404)
    story.child("failed", "00:18:47", sequence=1, sip_code=480, duration_s=0)
    return story.dial_action("00:18:47.4", dial_status="failed").parent("completed", "00:18:50", sequence=0)


def test_fires_when_a_fresh_call_is_not_known_and_says_that_one_call_proves_nothing(find, verdict):
    finding = find("region_mismatch", _asked_elsewhere())
    assert (finding.certainty, len(finding.missing)) == ("consistent", 1)
    result = verdict(_asked_elsewhere())
    assert (result.verdict, result.cause) == ("never_connected", "region_mismatch")


def test_stays_silent_for_a_late_accept(find):
    assert find("region_mismatch", _asked_elsewhere("00:18:30")) is None


def test_stays_silent_when_the_call_was_over_before_the_accept(find):
    story = refused().offered("00:18:17").api("00:18:19.5", "accept", status=404)
    assert find("region_mismatch", story) is None


def test_claims_nothing_when_no_accept_is_known(find):
    assert find("region_mismatch", refused().offered("00:18:17")) is None
