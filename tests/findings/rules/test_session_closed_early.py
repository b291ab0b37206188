from tests.findings.stories import conversation, cut_off, finished


def test_fires_when_the_server_closed_well_before_the_end(find):
    assert (
        find("session_closed_early", conversation().socket_closed("00:18:45", 1001, received=1001)).certainty
        == "shown"
    )


def test_stays_silent_when_we_had_hung_up(find):
    assert find("session_closed_early", finished()) is None


def test_our_own_close_tells_nothing_of_the_session(find):
    assert find("session_closed_early", conversation().socket_closed("00:18:45", 1011, sent=1011)) is None


def test_without_a_close_frame_it_is_only_consistent(find):
    finding = find("session_closed_early", conversation().socket_closed("00:18:45", 1006))
    assert (finding.certainty, finding.missing) == ("consistent", ("a close frame",))


def test_admits_nothing_when_no_close_was_seen(find):
    assert find("session_closed_early", cut_off()) is None
