import pytest

from callstore.domain.facts import events as ev
from tests.builders import CHILD, PARENT, Story, answered_call
from tests.judging import interval, rests_on


def _dies(
    status="failed", end="00:18:28", sip_code: int | None = 400, dial: str | None = "in-progress"
) -> Story:
    """The webhook comes in time, and the leg dies without an answer."""
    story = Story().asked("00:17:52.3").child("initiated", "00:18:17", sequence=0).offered("00:18:17")
    story.child(status, end, sequence=1, sip_code=sip_code, duration_s=0)
    return story.dial_action(f"{end}.4", dial, status) if dial else story


def _said(story: Story, what="exception", clock="00:18:18", level="error", message="bad signature") -> Story:
    event = ev.AppSaid(what=what, level=level, message=message)
    return story.add(f"twilio:{PARENT}", event, clock, source="app")


@pytest.mark.parametrize(
    "story",
    [
        _said(_dies()),
        _said(_dies("no-answer", "00:18:47", 480)),
        _said(_dies(), what="log", level="critical"),
        _said(_dies("busy", sip_code=None, dial=None), clock="00:18:27"),
        _said(_dies("canceled", "00:18:40", 487, dial="completed")),  # the caller gave up in the end
    ],
)
def test_fires_when_the_application_told_of_its_failure(find, verdict, story):
    assert find("never_accepted", story).certainty == "shown"
    result = verdict(story)
    assert (result.verdict, result.cause) == ("never_connected", "never_accepted")


def test_admits_that_nothing_says_why_an_application_did_not_accept(find):
    finding = find("never_accepted", _said(_dies(), what="log", level="info"))
    assert (finding.certainty, finding.missing) == (
        "consistent", ("why the application did not accept",)
    )  # fmt: skip


def test_claims_nothing_of_an_application_that_tells_nothing(find, verdict):
    """It may have accepted with a body that was not usable: nothing says so."""
    assert find("never_accepted", _dies()) is None
    assert (verdict(_dies()).verdict, verdict(_dies()).cause) == ("never_connected", None)


@pytest.mark.parametrize("status", [200, 401, 404, None])
def test_stays_silent_when_an_accept_was_sent(find, status):
    assert find("never_accepted", _said(_dies()).api("00:18:19", "accept", status=status)) is None


def test_stays_silent_when_the_application_rejected_the_call(find, verdict):
    story = _dies("busy", sip_code=603).api("00:18:18", "reject")
    assert find("never_accepted", story) is None
    assert verdict(story).ended_first_by == "app"


def test_stays_silent_when_a_session_was_there(find):
    assert find("never_accepted", _said(_dies()).frame(ev.FrameSeen, "00:18:20")) is None
    assert find("never_accepted", _said(_dies()).socket_opened("00:18:20")) is None
    assert find("never_accepted", _said(answered_call())) is None


def test_stays_silent_when_no_webhook_came(find, verdict):
    story = Story().child("initiated", "00:18:17", sequence=0).child("failed", "00:18:28", sequence=1)
    story = _said(story.dial_action("00:18:28.4", dial_status="failed"))
    assert find("never_accepted", story) is None
    assert verdict(story).cause == "never_reached_app"


@pytest.mark.parametrize(("end", "patient"), [("00:18:21", False), ("00:18:25", True)])
def test_a_caller_who_leaves_at_once_left_nothing_to_accept(verdict, end, patient):
    story = _said(_dies("canceled", end, 487, dial="completed"), what="log", level="info")
    assert verdict(story).cause == ("never_accepted" if patient else "ghost_call")


def test_an_error_after_the_end_explains_nothing(find):
    finding = find("never_accepted", _said(_dies(), clock="00:18:31"))
    assert finding.certainty == "consistent"


def test_an_attempt_to_attach_that_was_refused_is_no_session(find):
    assert find("never_accepted", _said(_dies()).socket_opened("00:18:20", 404))


def test_claims_nothing_while_the_leg_rings(find):
    story = Story().child("ringing", "00:18:17", sequence=1).offered("00:18:17")
    assert find("never_accepted", _said(story)) is None


def test_without_the_ais_leg_only_the_applications_own_word_will_do(verdict):
    story = Story().asked("00:17:52.3").offered("00:18:17", parent=PARENT)
    story.parent("completed", "00:18:50", sequence=0)
    assert verdict(_said(story)).cause == "never_accepted"
    story.records.pop()
    assert verdict(_said(story, what="log", level="info")).cause != "never_accepted"


def test_rests_on_the_webhook_the_failure_and_the_end_of_the_leg(find):
    story = _said(_dies())
    finding = find("never_accepted", story)
    assert rests_on(story, finding) == [
        "session.offered 00:18:17", "app.said 00:18:18", "leg.status 00:18:28"
    ]  # fmt: skip
    assert interval(finding) == ("00:18:17", "00:18:29")
    assert finding.says.endswith("did not accept, but failed: bad signature.")
    assert CHILD not in finding.says
