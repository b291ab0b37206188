from callstore.domain.facts import events as ev
from tests.findings.stories import ZERO, conversation, finished


def test_fires_for_turns_whose_transcription_failed(find):
    story = finished().turn("item_2", "00:18:40", "00:18:42", ZERO)
    story.frame(ev.TurnFailed, "00:18:43", item="item_2", code="server_error")
    assert find("transcription_failed", story).certainty == "shown"


def test_stays_silent_when_the_text_came_after_all(find):
    story = conversation().frame(ev.TurnFailed, "00:18:33.2", item="item_1")
    assert find("transcription_failed", story) is None


def test_claims_nothing_of_a_text_that_may_still_come(find):
    assert find("transcription_failed", conversation().turn("item_2", "00:18:40", "00:18:42", ZERO)) is None
