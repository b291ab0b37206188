from tests.findings.stories import cut_off, refused


def test_fires_when_the_invite_was_refused_and_no_webhook_came(find):
    assert find("never_reached_app", refused()).certainty == "shown"


def test_stays_silent_when_the_webhook_came(find):
    assert find("never_reached_app", refused().offered("00:18:17")) is None


def test_stays_silent_for_an_answered_leg(find):
    assert find("never_reached_app", cut_off()) is None


def test_admits_that_the_code_is_missing(find):
    finding = find("never_reached_app", refused(sip_code=None))
    assert (finding.certainty, finding.missing) == ("consistent", ("the SIP response code",))
