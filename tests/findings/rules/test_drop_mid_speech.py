from tests.findings.stories import conversation, dropped


def test_fires_when_the_server_closes_inside_an_open_turn(find):
    assert find("drop_mid_speech", dropped()).certainty == "shown"


def test_stays_silent_when_no_turn_was_open(find):
    assert find("drop_mid_speech", conversation().socket_closed("00:18:51", 1011, received=1011)) is None


def test_stays_silent_when_the_leg_lived_on(find):
    assert find("drop_mid_speech", dropped(end="00:19:20")) is None


def test_admits_that_no_close_frame_was_received(find):
    finding = find("drop_mid_speech", dropped(received=None))
    assert (finding.certainty, finding.missing) == ("consistent", ("a close frame from the server",))
