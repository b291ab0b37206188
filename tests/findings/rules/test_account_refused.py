import pytest

from callstore.domain.facts import events as ev
from callstore.findings.rules.account_refused import CODES
from tests.findings.stories import conversation, finished
from tests.judging import interval, rests_on


def _refused(code="insufficient_quota"):
    return conversation().frame(
        ev.ReplyFinished, "00:18:47", response="r", status="failed", error_type=code, error_code=code
    )


@pytest.mark.parametrize("code", sorted(CODES))
def test_fires_for_each_code_that_ends_a_session(find, verdict, code):
    story = _refused(code).socket_closed("00:18:47.5", 1000, received=1000)
    assert find("account_refused", story).certainty == "shown"
    assert (verdict(story).verdict, verdict(story).cause) == ("ai_closed_first", "account_refused")


def test_stays_silent_for_a_server_error(find):
    assert find("account_refused", _refused("server_error").socket_closed("00:18:47.5", 1000)) is None


def test_stays_silent_when_the_agent_spoke_again(find):
    story = _refused().frame(ev.ReplyFinished, "00:18:49", response="r2", status="completed")
    assert find("account_refused", story) is None


def test_admits_that_no_close_was_seen(find):
    finding = find("account_refused", _refused())
    assert (finding.certainty, finding.missing) == ("consistent", ("a close of the AI session",))


def test_rests_on_the_refusals_the_close_and_the_end(find):
    story = _refused().socket_closed("00:18:47.5", 1000, received=1000)
    finding = find("account_refused", story)
    assert rests_on(story, finding) == [
        "reply.finished 00:18:47", "socket.closed 00:18:47.500", "leg.status 00:18:52"
    ]  # fmt: skip
    assert interval(finding) == ("00:18:47", "00:18:52.500")
    assert finding.missing == ()


@pytest.mark.parametrize("field", ["error_type", "code"])
def test_names_the_code_wherever_it_stands(find, field):
    other = {"error_type": "requests", "code": "slow_down"} | {field: "insufficient_quota"}
    story = conversation().frame(ev.SessionErrored, "00:18:40", **other)
    assert "refused with insufficient_quota" in find("account_refused", story).says


def test_stays_silent_when_somebody_ended_the_call(find):
    story = finished().frame(ev.SessionErrored, "00:18:40", code="insufficient_quota")
    assert find("account_refused", story) is None


@pytest.mark.parametrize(("clock", "status"), [("00:18:39", "completed"), ("00:18:49", "failed")])
def test_a_reply_from_before_or_one_that_failed_as_well_is_no_survival(find, clock, status):
    story = _refused().frame(ev.ReplyFinished, clock, response="r2", status=status)
    assert find("account_refused", story)


def test_the_session_survived_the_first_refusal_if_the_agent_spoke_between_two(find):
    story = _refused().frame(ev.ReplyFinished, "00:18:47.5", response="r2", status="completed")
    story.frame(ev.SessionErrored, "00:18:48", code="insufficient_quota")
    assert find("account_refused", story) is None


def test_of_several_refusals_the_first_is_named(find):
    story = _refused("invalid_api_key").frame(ev.SessionErrored, "00:18:48", code="insufficient_quota")
    finding = find("account_refused", story)
    assert "refused with invalid_api_key" in finding.says
    assert rests_on(story, finding)[:2] == ["reply.finished 00:18:47", "session.errored 00:18:48"]


def test_of_several_the_first_is_named_by_its_type_where_its_code_says_nothing(find):
    story = conversation()
    story.frame(ev.SessionErrored, "00:18:40", error_type="insufficient_quota", code="slow_down")
    story.frame(ev.SessionErrored, "00:18:42", error_type="invalid_api_key", code="invalid_api_key")
    assert "refused with insufficient_quota" in find("account_refused", story).says
