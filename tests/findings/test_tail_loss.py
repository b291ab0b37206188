from tests.findings.stories import ZERO, cut_off, left


def test_fires_when_the_last_turn_was_heard_and_its_text_never_came(find):
    assert find("tail_loss", left().turn("item_9", "00:18:47", "00:18:50.5", ZERO)).certainty == "shown"


def test_stays_silent_when_the_last_turn_has_its_text(find):
    assert find("tail_loss", left()) is None


def test_stays_silent_when_the_text_had_time_to_come(find):
    assert find("tail_loss", left().turn("item_9", "00:18:40", "00:18:43", ZERO)) is None


def test_claims_nothing_of_the_caller_leaving_when_the_caller_had_not(find):
    assert find("tail_loss", cut_off().turn("item_9", "00:18:47", "00:18:50.5", ZERO)) is None
