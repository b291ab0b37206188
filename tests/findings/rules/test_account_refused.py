import pytest

from callstore.domain.facts import events as ev
from callstore.findings.rules.account_refused import CODES
from tests.findings.stories import conversation


def _refused(code="insufficient_quota"):
    return conversation().frame(
        ev.ReplyFinished, "00:18:40", response="r", status="failed", error_type=code, error_code=code
    )


@pytest.mark.parametrize("code", sorted(CODES))
def test_fires_for_each_code_that_ends_a_session(find, verdict, code):
    story = _refused(code).socket_closed("00:18:40.5", 1000, received=1000)
    assert find("account_refused", story).certainty == "shown"
    assert (verdict(story).verdict, verdict(story).cause) == ("ai_closed_first", "account_refused")


def test_stays_silent_for_a_server_error(find):
    assert find("account_refused", _refused("server_error").socket_closed("00:18:40.5", 1000)) is None


def test_stays_silent_when_the_agent_spoke_again(find):
    story = _refused().frame(ev.ReplyFinished, "00:18:45", response="r2", status="completed")
    assert find("account_refused", story) is None


def test_admits_that_no_close_was_seen(find):
    finding = find("account_refused", _refused())
    assert (finding.certainty, finding.missing) == ("consistent", ("a close of the AI session",))
