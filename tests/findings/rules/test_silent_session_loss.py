from tests.builders import answered_call
from tests.findings.stories import conversation, cut_off, dropped, finished, left


def test_fires_when_the_caller_speaks_on_into_a_silent_session(find):
    finding = find("silent_session_loss", cut_off())
    assert finding.certainty == "shown"
    assert "a close of the AI session" in finding.missing


def test_stays_silent_when_somebody_acted_or_a_close_was_seen(find):
    for story in (finished(), left(), dropped()):
        assert find("silent_session_loss", story) is None


def test_stays_silent_when_the_session_spoke_to_the_end(find):
    from callstore.domain.facts import events as ev

    story = cut_off().frame(ev.FrameSeen, "00:18:51.8", kind="rate_limits.updated")
    assert find("silent_session_loss", story) is None


def test_two_seconds_are_silence_where_the_caller_spoke_in_them_and_was_not_heard(find):
    story = conversation().turn("item_2", "00:18:45", "00:18:49.2", "00:18:23.3", "Yes.")
    said = ("00:18:30", "00:18:33"), ("00:18:45", "00:18:49.2")
    cut = story.heard("00:18:23", "00:18:52", *said, ("00:18:50.2", "00:18:52"))
    assert find("silent_session_loss", cut).certainty == "shown"


def test_two_seconds_are_a_pause_where_the_caller_said_nothing(find):
    story = conversation().turn("item_2", "00:18:45", "00:18:49.2", "00:18:23.3", "Yes.")
    said = ("00:18:30", "00:18:33"), ("00:18:45", "00:18:49.2")
    assert find("silent_session_loss", story.heard("00:18:23", "00:18:52", *said)) is None


def test_with_a_silent_caller_it_is_only_consistent(find):
    quiet = conversation().heard("00:18:23", "00:18:52", ("00:18:30", "00:18:33"))
    assert find("silent_session_loss", quiet).certainty == "consistent"


def test_admits_it_cannot_know_without_a_recording(find):
    finding = find("silent_session_loss", conversation())
    assert finding.certainty == "consistent"
    assert "a recording of both channels" in finding.missing


def test_claims_nothing_of_a_session_that_nobody_watched(find):
    assert find("silent_session_loss", answered_call()) is None
