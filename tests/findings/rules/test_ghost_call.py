import pytest

from callstore.domain.facts import events as ev
from tests.builders import Story
from tests.findings.stories import ZERO
from tests.judging import interval, rests_on


def _given_up(status="canceled"):
    """The caller's leg is over at 00:18:18; the accept comes five seconds later."""
    story = Story().asked("00:17:52.3").child("initiated", "00:18:17", sequence=0).offered("00:18:17")
    story.parent(status, "00:18:18", sequence=0).child("in-progress", "00:18:23", sequence=1)
    story.api("00:18:23", "accept").frame(ev.SessionConfigured, "00:18:24", session="s")
    return story.child("completed", "00:18:40", sequence=2)


def test_fires_when_the_accept_came_after_the_caller_had_gone(find, verdict):
    assert find("ghost_call", _given_up()).certainty == "shown"
    assert (verdict(_given_up()).verdict, verdict(_given_up()).cause) == ("never_connected", "ghost_call")


def test_stays_silent_when_the_session_heard_somebody(find):
    story = _given_up().turn("item_1", "00:18:30", "00:18:33", ZERO, "Hello?")
    assert find("ghost_call", story) is None


def test_stays_silent_when_the_two_are_within_the_same_second(find):
    story = Story().asked("00:17:52.3").child("in-progress", "00:18:23", sequence=1).offered("00:18:17")
    story.parent("completed", "00:18:23", sequence=0).api("00:18:23.8", "accept")
    assert find("ghost_call", story.child("completed", "00:18:24", sequence=2)) is None


def test_admits_that_only_a_recording_would_tell_of_a_caller_who_left_answered(find):
    finding = find("ghost_call", _given_up("completed"))
    assert (finding.certainty, finding.missing) == ("consistent", ("a recording of both channels",))


def test_rests_on_the_end_of_the_caller_the_accept_and_the_last_event(find):
    finding = find("ghost_call", _given_up())
    assert rests_on(_given_up(), finding) == [
        "leg.status 00:18:18", "api.called 00:18:23", "session.configured 00:18:24"
    ]  # fmt: skip
    assert interval(finding) == ("00:18:18", "00:18:40.500")
    assert finding.missing == ()


@pytest.mark.parametrize("status", ["canceled", "no-answer", "busy", "failed"])
def test_a_caller_whose_call_was_never_answered_is_sure_to_be_gone(find, status):
    assert find("ghost_call", _given_up(status)).certainty == "shown"


def test_a_silent_recording_makes_it_sure(find):
    finding = find("ghost_call", _given_up("completed").heard("00:18:23", "00:18:40"))
    assert (finding.certainty, finding.missing) == ("shown", ())


def test_stays_silent_when_the_recording_has_somebody(find):
    story = _given_up("completed").heard("00:18:23", "00:18:40", ("00:18:30", "00:18:31"))
    assert find("ghost_call", story) is None


def _accepted_at(clock, **accept):
    story = Story().asked("00:17:52.3").child("initiated", "00:18:17", sequence=0).offered("00:18:17")
    story.parent("canceled", "00:18:18", sequence=0).child("in-progress", "00:18:23", sequence=1)
    return story.api(clock, "accept", **accept).child("completed", "00:18:40", sequence=2)


@pytest.mark.parametrize(("clock", "ghost"), [("00:18:20", False), ("00:18:20.1", True)])
def test_two_clocks_within_a_second_are_one_moment(find, clock, ghost):
    """The caller's leg ended at 00:18:18, or any time of that second."""
    assert (find("ghost_call", _accepted_at(clock)) is not None) == ghost


def test_an_accept_without_a_known_answer_counts_and_a_refused_one_does_not(find):
    assert find("ghost_call", _accepted_at("00:18:23", status=None))
    assert find("ghost_call", _accepted_at("00:18:23", status=299))
    assert find("ghost_call", _accepted_at("00:18:23", status=300)) is None


def test_other_calls_of_the_api_begin_no_session(find):
    story = Story().asked("00:17:52.3").child("in-progress", "00:18:17", sequence=0).offered("00:18:17")
    story.parent("canceled", "00:18:18", sequence=0).api("00:18:23", "hangup")
    assert find("ghost_call", story.child("completed", "00:18:40", sequence=2)) is None


def test_a_session_that_had_begun_before_was_not_accepted_after_the_caller_had_gone(find):
    story = _accepted_at("00:18:23").frame(ev.SessionConfigured, "00:18:17.8", session="s")
    assert find("ghost_call", story).says == "The caller left before anybody had spoken."


def test_without_an_accept_the_sessions_first_event_tells_when_it_began(find):
    story = Story().asked("00:17:52.3").parent("canceled", "00:18:18", sequence=0).offered("00:18:17")
    story.child("in-progress", "00:18:23", sequence=1).frame(ev.SessionConfigured, "00:18:24", session="s")
    story.frame(ev.FrameSeen, "00:18:30").child("completed", "00:18:40", sequence=2)
    assert "session.configured 00:18:24" in rests_on(story, find("ghost_call", story))


def test_of_two_accepts_the_first_began_the_session(find):
    story = _accepted_at("00:18:18.5").api("00:18:24", "accept")
    assert find("ghost_call", story) is None


def test_claims_nothing_where_nothing_was_accepted_or_the_callers_end_is_not_known(find):
    story = Story().parent("canceled", "00:18:18", sequence=0).child("in-progress", "00:18:23", sequence=1)
    assert find("ghost_call", story) is None
    assert find("ghost_call", story.offered("00:18:17")) is None
    unknown = Story().child("in-progress", "00:18:23", sequence=1).api("00:18:23", "accept")
    assert find("ghost_call", unknown) is None
    assert find("ghost_call", unknown.parent("in-progress", "00:17:53", sequence=0)) is None


def _left_ringing(parent="no-answer", child="canceled", dial: str | None = "no-answer", accept=True) -> Story:
    """The caller leaves within the second in which the accept is taken; the agent greets nobody."""
    story = Story().asked("00:18:16").child("initiated", "00:18:17", sequence=0).offered("00:18:17")
    if parent:
        story.parent(parent, "00:18:19", sequence=0)
    if child:
        story.child(child, "00:18:19", sequence=1, sip_code=487, duration_s=0)
    if dial:
        story.dial_action("00:18:19.8", dial, child or "canceled")
    if not accept:
        return story
    story.api("00:18:19.9", "accept").frame(ev.SessionConfigured, "00:18:20.6", session="s")
    story.frame(ev.ReplySpoken, "00:18:21", response="r", final=True, text="Hello, are you there?")
    return story.socket_closed("00:19:20", 1006)


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"parent": "canceled", "dial": "canceled"},
        {"parent": "completed", "dial": "completed"},  # a menu had answered the caller
        {"parent": None},
        {"dial": None},
        {"parent": "completed", "child": "no-answer", "dial": "completed"},
        {"accept": False},
    ],
)
def test_fires_by_how_the_legs_ended_where_whole_seconds_order_nothing(find, verdict, told):
    story = _left_ringing(**told)
    assert find("ghost_call", story).certainty == "shown"
    assert (verdict(story).verdict, verdict(story).cause) == ("never_connected", "ghost_call")


def test_stays_silent_when_the_caller_waited_and_the_leg_rang_out(find):
    story = _left_ringing("completed", "no-answer", "in-progress", accept=False)
    assert find("ghost_call", story) is None


def test_the_idle_timeout_commits_a_turn_that_nobody_spoke(find, verdict):
    story = _left_ringing().frame(ev.InputTimedOut, "00:18:32", item="item_1")
    story.frame(ev.TurnCommitted, "00:18:32", item="item_1")
    assert find("tail_loss", story) is None
    assert verdict(story).cause == "ghost_call"


def test_words_that_twilio_wrote_down_are_a_caller(find):
    assert find("ghost_call", _left_ringing().written("00:18:18", "Hello?")) is None
    assert find("ghost_call", _left_ringing().written("00:18:18", "Hi", track="outbound_track"))


def _left_at_once(*, shown=True) -> Story:
    """The leg is answered, the session begins, and the caller is gone before the greeting."""
    story = Story().asked("00:17:52.3").child("initiated", "00:18:17", sequence=0).offered("00:18:17")
    story.child("in-progress", "00:18:23", sequence=1).api("00:18:22", "accept")
    story.frame(ev.SessionConfigured, "00:18:23.4", session="s")
    story.parent("completed", "00:18:24", sequence=0).child("completed", "00:18:26", sequence=2)
    return story.dial_action("00:18:26.2", "completed") if shown else story


@pytest.mark.parametrize("shown", [True, False])
def test_fires_when_an_answered_caller_left_before_anybody_spoke(find, verdict, shown):
    finding = find("ghost_call", _left_at_once(shown=shown))
    assert (finding.certainty == "shown") == shown
    assert verdict(_left_at_once(shown=shown)).verdict == "never_connected"


def test_a_click_that_opened_the_detector_is_no_word_where_the_recording_is_silent(verdict):
    story = _left_at_once().frame(ev.SpeechStarted, "00:18:24", item="item_1", audio_ms=400.0)
    story.frame(ev.SpeechStopped, "00:18:24.4", item="item_1", audio_ms=900.0)
    assert verdict(story).cause == "tail_loss"
    assert verdict(story.heard("00:18:23", "00:18:26")).cause == "ghost_call"


def test_stays_silent_when_the_agent_had_greeted_the_caller(verdict):
    story = _left_at_once().frame(ev.ReplySpoken, "00:18:23.8", response="r", final=True, text="Hello.")
    assert verdict(story).cause == "caller_hangup"


def test_claims_nothing_of_a_session_that_nobody_watched(find):
    story = _left_at_once()
    story.records = [r for r in story.records if not isinstance(r.event, ev.SessionConfigured)]
    assert find("ghost_call", story) is None
