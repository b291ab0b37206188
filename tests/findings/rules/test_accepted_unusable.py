import pytest

from callstore.domain.facts import events as ev
from tests.builders import Story, answered_call
from tests.findings.stories import conversation, refused
from tests.judging import interval, rests_on


def _accepted():
    return refused(400).offered("00:18:17").api("00:18:17.4", "accept")


def test_fires_when_the_accept_was_taken_and_no_session_was_there(find, verdict):
    story = _accepted().socket_opened("00:18:17.9", 404)
    assert find("accepted_unusable", story).certainty == "shown"
    assert (verdict(story).verdict, verdict(story).cause) == ("never_connected", "accepted_unusable")


def test_stays_silent_when_the_accept_was_refused(find):
    story = refused(400).offered("00:18:17").api("00:18:17.4", "accept", status=400)
    assert find("accepted_unusable", story) is None


def test_stays_silent_for_a_leg_that_was_answered(find):
    story = conversation().api("00:18:22", "accept").socket_opened("00:19:30", 404)
    assert find("accepted_unusable", story) is None


def test_admits_that_nobody_tried_to_attach(find):
    finding = find("accepted_unusable", _accepted())
    assert (finding.certainty, len(finding.missing)) == ("consistent", 1)


def test_rests_on_the_accept_the_attempt_and_the_end_of_the_leg(find):
    story = _accepted().socket_opened("00:18:17.9", 404)
    finding = find("accepted_unusable", story)
    assert rests_on(story, finding) == [
        "api.called 00:18:17.400", "socket.opened 00:18:17.900", "leg.status 00:18:18"
    ]  # fmt: skip
    assert interval(finding) == ("00:18:17.400", "00:18:19")
    assert finding.missing == ()


def test_says_how_the_leg_ended_and_whether_a_session_was_there(find):
    assert find("accepted_unusable", _accepted()).says.endswith("ended as busy with SIP 400.")
    story = refused(None).offered("00:18:17").api("00:18:17.4", "accept").socket_opened("00:18:17.9", 404)
    says = find("accepted_unusable", story).says
    assert says.endswith("ended as busy and no session was there to attach to.")


def test_an_attempt_that_was_refused_otherwise_shows_no_missing_session(find):
    story = _accepted().socket_opened("00:18:17.9", 401)
    finding = find("accepted_unusable", story)
    assert finding.certainty == "consistent"
    assert rests_on(story, finding) == ["api.called 00:18:17.400", "leg.status 00:18:18"]


def test_stays_silent_when_something_came_of_the_session(find):
    story = _accepted().frame(ev.FrameSeen, "00:18:17.8")
    assert find("accepted_unusable", story) is None


def test_stays_silent_for_what_was_never_accepted(find):
    for action, status in (("hangup", 200), ("accept", 300), ("accept", None)):
        story = refused(400).offered("00:18:17").api("00:18:17.4", action, status=status)
        assert find("accepted_unusable", story) is None


def test_stays_silent_when_the_caller_had_left_before(find):
    story = _accepted()
    story.records = [r for r in story.records if not isinstance(r.event, ev.DialFinished)]
    story.dial_action("00:18:18.4", status="completed", dial_status="busy")
    assert find("accepted_unusable", story) is None


def test_claims_nothing_while_the_leg_rings(find):
    story = Story().child("ringing", "00:18:17", sequence=1).offered("00:18:17").api("00:18:17.4", "accept")
    assert find("accepted_unusable", story) is None


def test_stays_silent_for_an_answered_leg_whose_session_nobody_watched(find):
    story = answered_call().api("00:18:22", "accept").socket_opened("00:18:24", 404)
    assert find("accepted_unusable", story) is None


def test_claims_nothing_of_a_session_whose_leg_is_not_known(find):
    assert find("accepted_unusable", Story().offered("00:18:17").api("00:18:17.4", "accept")) is None


def test_begins_with_the_first_accept(find):
    story = _accepted().api("00:18:17.8", "accept", status=299)
    assert interval(find("accepted_unusable", story))[0] == "00:18:17.400"
    assert len(find("accepted_unusable", story).evidence) == 3


def _beep(end="00:18:27", dial="in-progress") -> Story:
    """The accept is taken, the leg answered at 00:18:23, and no session ever seen."""
    story = Story().asked("00:17:52.3").child("initiated", "00:18:17", sequence=0).offered("00:18:17")
    story.api("00:18:22", "accept").child("in-progress", "00:18:23", sequence=1)
    return story.child("completed", end, sequence=2, sip_code=200).dial_action(f"{end}.4", dial)


def test_fires_when_an_answered_leg_was_gone_within_seconds(find, verdict):
    assert find("accepted_unusable", _beep()).certainty == "consistent"
    assert (verdict(_beep()).verdict, verdict(_beep()).cause) == ("never_connected", "accepted_unusable")
    assert find("accepted_unusable", _beep().socket_opened("00:18:24", 404)).certainty == "shown"


@pytest.mark.parametrize(("end", "soon"), [("00:18:32", True), ("00:18:33", False)])
def test_ten_seconds_are_longer_than_a_leg_without_a_session_is_held(find, end, soon):
    assert (find("accepted_unusable", _beep(end)) is not None) == soon


def test_stays_silent_for_a_short_call_that_somebody_ended(find):
    assert find("accepted_unusable", _beep(dial="completed")) is None
    assert find("accepted_unusable", _beep().api("00:18:26", "hangup")) is None


def test_stays_silent_for_a_short_call_in_which_a_session_was_there(find):
    assert find("accepted_unusable", _beep().socket_opened("00:18:24")) is None
    assert find("accepted_unusable", _beep().written("00:18:25", "Hello", track="outbound_track")) is None
    spoken = _beep().heard("00:18:23", "00:18:27", agent=[("00:18:24", "00:18:26")])
    assert find("accepted_unusable", spoken) is None
    assert find("accepted_unusable", _beep().heard("00:18:23", "00:18:27"))
