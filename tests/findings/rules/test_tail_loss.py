import pytest

from callstore.domain.facts import events as ev
from tests.builders import Story, answered_call, at, clock
from tests.findings.stories import ZERO, cut_off, left
from tests.judging import interval, rests_on


def test_fires_when_the_last_turn_was_heard_and_its_text_never_came(find):
    assert find("tail_loss", left().turn("item_9", "00:18:47", "00:18:50.5", ZERO)).certainty == "shown"


def test_stays_silent_when_the_last_turn_has_its_text(find):
    assert find("tail_loss", left()) is None


def test_stays_silent_when_the_text_had_time_to_come(find):
    assert find("tail_loss", left().turn("item_9", "00:18:40", "00:18:43", ZERO)) is None


def test_stays_silent_when_the_caller_was_still_on_the_line(find):
    assert find("tail_loss", cut_off().turn("item_9", "00:18:47", "00:18:50.5", ZERO)) is None


def test_admits_that_the_order_of_the_ends_only_suggests_it(find):
    story = answered_call(child_end="00:18:55", parent_end="00:18:52")
    assert find("tail_loss", story.turn("item_9", "00:18:49", "00:18:51.5", ZERO)).certainty == "consistent"


def test_claims_nothing_when_who_left_is_not_known(find):
    story = answered_call().turn("item_9", "00:18:47", "00:18:50.5", ZERO)
    assert find("tail_loss", story) is None


def test_rests_on_the_turn_who_left_and_the_end(find):
    story = left().turn("item_9", "00:18:47", "00:18:50.5", ZERO)
    finding = find("tail_loss", story)
    assert rests_on(story, finding) == [
        "speech.started 00:18:47.200", "turn.committed 00:18:51", "dial.finished 00:18:52.400",
        "leg.status 00:18:52",
    ]  # fmt: skip
    assert interval(finding) == ("00:18:47.200", "00:18:52.500")


@pytest.mark.parametrize(("stop", "soon"), [("00:18:48.4", False), ("00:18:48.6", True)])
def test_a_turn_that_was_closed_three_seconds_before_had_its_time(find, stop, soon):
    """The leg cannot have ended before 00:18:51.5, and half a second of silence closes a turn."""
    story = left().turn("item_9", "00:18:45", clock(at(stop) - 0.5 - at("00:00:00")), ZERO)
    assert (find("tail_loss", story) is not None) == soon


def test_a_turn_that_was_stopped_and_not_yet_committed_will_do(find):
    story = answered_call().dial_action("00:18:52.4", status="completed")
    story.frame(ev.SpeechStopped, "00:18:51", item="item_9", audio_ms=27700.0)
    finding = find("tail_loss", story)
    assert rests_on(story, finding)[0] == "speech.stopped 00:18:51"
    assert interval(finding)[0] == "00:18:51"


def test_a_transcription_that_failed_is_no_tail(find):
    story = left().turn("item_9", "00:18:47", "00:18:50.5", ZERO)
    assert find("tail_loss", story.frame(ev.TurnFailed, "00:18:51.5", item="item_9")) is None


def test_only_the_last_turn_counts(find):
    story = (
        left()
        .turn("item_9", "00:18:47", "00:18:48.5", ZERO)
        .turn("item_8", "00:18:49", "00:18:50", ZERO, "So")
    )
    assert find("tail_loss", story) is None


def test_stays_silent_when_the_session_had_deserted_the_caller_before(find):
    story = answered_call().dial_action("00:18:52.4", status="completed")
    story.turn("item_9", "00:18:47", "00:18:50.5", ZERO)
    assert find("tail_loss", story)
    story.frame(ev.SessionClosed, "00:18:46", kind="session.closed", reason="connection_lost")
    assert find("tail_loss", story) is None


def test_claims_nothing_without_a_session(find):
    story = Story().child("completed", "00:18:52", sequence=3).dial_action("00:18:52.4", status="completed")
    assert find("tail_loss", story) is None


def test_a_turn_that_is_still_open_is_not_the_last_that_was_heard(find):
    story = left().turn("item_9", "00:18:47", "00:18:50", ZERO)
    story.frame(ev.SpeechStarted, "00:18:51.5", item="item_10", audio_ms=27900.0)
    assert find("tail_loss", story)


def test_a_turn_that_was_committed_without_a_stop_was_heard(find):
    story = left().frame(ev.SpeechStarted, "00:18:47.2", item="item_9", audio_ms=23400.0)
    story.frame(ev.TurnCommitted, "00:18:51", item="item_9")
    assert rests_on(story, find("tail_loss", story))[1] == "turn.committed 00:18:51"


def test_a_turn_whose_beginning_nobody_saw_stands_where_it_ended(find):
    story = left().frame(ev.SpeechStopped, "00:18:51", item="item_9", audio_ms=27700.0)
    assert rests_on(story, find("tail_loss", story))[0] == "speech.stopped 00:18:51"
