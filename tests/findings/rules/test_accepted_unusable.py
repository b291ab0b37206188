from tests.findings.stories import conversation, refused


def _accepted():
    return refused(400).offered("00:18:17").api("00:18:17.4", "accept")


def test_fires_when_the_accept_was_taken_and_no_session_was_there(find, verdict):
    story = _accepted().socket_opened("00:18:17.9", 404)
    assert find("accepted_unusable", story).certainty == "shown"
    assert (verdict(story).verdict, verdict(story).cause) == ("never_connected", "accepted_unusable")


def test_stays_silent_when_the_accept_was_refused(find):
    story = refused(400).offered("00:18:17").api("00:18:17.4", "accept", status=400)
    assert find("accepted_unusable", story) is None


def test_stays_silent_for_a_leg_that_was_answered(find):
    story = conversation().api("00:18:22", "accept").socket_opened("00:19:30", 404)
    assert find("accepted_unusable", story) is None


def test_admits_that_nobody_tried_to_attach(find):
    finding = find("accepted_unusable", _accepted())
    assert (finding.certainty, len(finding.missing)) == ("consistent", 1)
