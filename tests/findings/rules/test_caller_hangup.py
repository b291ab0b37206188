from tests.builders import answered_call
from tests.findings.stories import cut_off, left


def test_fires_when_the_dial_action_finds_the_parent_gone(find):
    assert find("caller_hangup", left()).certainty == "shown"


def test_stays_silent_when_the_caller_was_still_on_the_line(find):
    assert find("caller_hangup", cut_off()) is None


def test_order_alone_is_only_consistent_with_it(find):
    story = answered_call(child_end="00:18:55", parent_end="00:18:52")
    finding = find("caller_hangup", story)
    assert (finding.certainty, len(finding.missing)) == ("consistent", 1)


def test_admits_it_cannot_order_two_ends_within_the_same_second(find):
    assert find("caller_hangup", answered_call()) is None
