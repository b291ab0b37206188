from callstore.domain.facts import events as ev
from tests.findings.stories import ZERO, conversation, finished
from tests.judging import interval, rests_on


def test_fires_for_turns_whose_transcription_failed(find):
    story = finished().turn("item_2", "00:18:40", "00:18:42", ZERO)
    story.frame(ev.TurnFailed, "00:18:43", item="item_2", code="server_error")
    assert find("transcription_failed", story).certainty == "shown"


def test_stays_silent_when_the_text_came_after_all(find):
    story = conversation().frame(ev.TurnFailed, "00:18:33.2", item="item_1")
    assert find("transcription_failed", story) is None


def test_claims_nothing_of_a_text_that_may_still_come(find):
    assert find("transcription_failed", conversation().turn("item_2", "00:18:40", "00:18:42", ZERO)) is None


def test_rests_on_each_failure(find):
    story = finished()
    for item, clock in (("item_2", "00:18:40"), ("item_3", "00:18:43")):
        story.turn(item, clock, clock + ".5", ZERO).frame(ev.TurnFailed, clock + ".9", item=item)
    finding = find("transcription_failed", story)
    assert rests_on(story, finding) == ["turn.failed 00:18:40.900", "turn.failed 00:18:43.900"]
    assert interval(finding) == ("00:18:40.900", "00:18:43.900")
    assert "turns without text: 2" in finding.says
