from tests.findings.stories import cut_off, left


def test_fires_when_our_answer_to_the_dial_action_was_hangup(find):
    finding = find("parent_followed_child", cut_off().answered("00:18:52.45", "Hangup"))
    assert finding.certainty == "shown"
    assert len(finding.evidence) == 4


def test_stays_silent_when_we_answered_with_something_else(find):
    assert find("parent_followed_child", cut_off().answered("00:18:52.45", "Say", "Dial")) is None


def test_stays_silent_when_the_caller_had_left(find):
    assert find("parent_followed_child", left().answered("00:18:52.45", "Hangup")) is None


def test_claims_nothing_when_our_answer_is_not_known(find):
    assert find("parent_followed_child", cut_off()) is None
