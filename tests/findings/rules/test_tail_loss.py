from tests.builders import answered_call
from tests.findings.stories import ZERO, cut_off, left


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
