from dataclasses import replace

import pytest

from callstore.domain.facts import events as ev
from tests.builders import PARENT, Story, at
from tests.findings.stories import cut_off, refused
from tests.judging import interval, rests_on


def test_fires_when_the_invite_was_refused_and_no_webhook_came(find):
    assert find("never_reached_app", refused()).certainty == "shown"


def test_stays_silent_when_the_webhook_came(find):
    assert find("never_reached_app", refused().offered("00:18:17")) is None


def test_stays_silent_for_an_answered_leg(find):
    assert find("never_reached_app", cut_off()) is None


def test_admits_that_the_code_is_missing(find):
    finding = find("never_reached_app", refused(sip_code=None))
    assert (finding.certainty, finding.missing) == ("consistent", ("the SIP response code",))


def test_rests_on_the_leg_and_the_dial_action(find):
    finding = find("never_reached_app", refused())
    assert rests_on(refused(), finding) == [
        "leg.status 00:18:17", "leg.status 00:18:18", "dial.finished 00:18:18.400"
    ]  # fmt: skip
    assert interval(finding) == ("00:18:17", "00:18:19")
    assert finding.missing == ()
    assert finding.says == "The AI leg ended as busy with SIP 486; no incoming-call webhook came."


def test_a_webhook_that_came_after_the_end_came_too_late(find):
    finding = find("never_reached_app", refused().offered("00:18:20"))
    assert (finding.certainty, "only made after that" in finding.says) == ("shown", True)
    assert find("never_reached_app", refused().offered("00:18:19")) is None  # within Twilio's second


def test_stays_silent_when_frames_of_the_session_came(find):
    story = refused().frame(ev.FrameSeen, "00:18:18")
    assert find("never_reached_app", story) is None


@pytest.mark.parametrize(("clock", "reached"), [("00:18:18", True), ("00:18:20.1", False)])
def test_an_accept_shows_that_our_application_was_asked_although_no_webhook_came_here(find, clock, reached):
    """The leg ended at 00:18:18, or any time of that second; clocks agree to a second."""
    story = refused().api(clock, "accept", status=404)
    assert (find("never_reached_app", story) is None) == reached


@pytest.mark.parametrize(("code", "certainty"), [(399, "consistent"), (400, "shown")])
def test_a_code_from_400_on_is_a_refusal(find, code, certainty):
    assert find("never_reached_app", refused(code)).certainty == certainty


def test_stays_silent_when_the_caller_had_left(find):
    story = Story().child("initiated", "00:18:17", sequence=0)
    story.child("canceled", "00:18:18", sequence=1).dial_action("00:18:18.4", status="completed")
    assert find("never_reached_app", story) is None


def test_a_leg_that_was_only_ever_reported_by_the_dial_action_will_do(find):
    finding = find("never_reached_app", Story().dial_action("00:18:18.4", dial_status="busy"))
    assert interval(finding) == ("00:18:18.400", "00:18:18.401")


def test_claims_nothing_while_the_leg_rings(find):
    assert find("never_reached_app", Story().child("ringing", "00:18:17", sequence=1)) is None


def test_claims_nothing_of_a_call_without_an_ai_leg(find):
    story = Story().asked("00:17:52").parent("completed", "00:18:10", sequence=0)
    assert find("never_reached_app", story) is None


def test_claims_nothing_of_a_leg_that_was_answered_while_nobody_watched(find):
    assert find("never_reached_app", Story().child("completed", "00:18:52", sequence=3)) is None


def test_needs_neither_a_dial_action_nor_a_code(find):
    story = Story().child("busy", "00:18:18", sequence=1)
    finding = find("never_reached_app", story)
    assert rests_on(story, finding) == ["leg.status 00:18:18"]
    assert finding.says == "The AI leg ended as busy; no incoming-call webhook came."


@pytest.mark.parametrize(("later", "late"), [(1.5, False), (2.6, True), (33.0, True)])
def test_a_webhook_that_was_made_in_time_and_came_after_the_end_came_too_late(find, verdict, later, late):
    """The leg ended at 00:18:18, or any time of that second; clocks agree to a second."""
    story = refused(400).offered("00:18:17")
    story.records[-1] = replace(story.records[-1], received_at=at("00:18:17.5") + later)
    finding = find("never_reached_app", story)
    assert (finding is not None and "only came after that" in finding.says) == late
    assert (verdict(story).cause == "never_reached_app") == late


def test_a_late_copy_of_a_webhook_that_our_application_had_is_not_late(find):
    story = refused(400).offered("00:18:17")
    story.records[-1] = replace(story.records[-1], received_at=at("00:19:30"))
    failed = ev.AppSaid(what="exception", level="error", message="bad signature")
    assert find("never_reached_app", story)
    assert find("never_reached_app", story.add(f"twilio:{PARENT}", failed, "00:18:18", source="app")) is None
    accepted = refused(400).offered("00:18:17").api("00:18:17.8", "accept", status=200)
    accepted.records[-2] = replace(accepted.records[-2], received_at=at("00:19:30"))
    assert find("never_reached_app", accepted) is None
    assert find("accepted_unusable", accepted)


def test_of_two_copies_of_a_webhook_the_first_counts(find):
    story = refused(400).offered("00:18:17").offered("00:18:17")
    story.records[-2] = replace(story.records[-2], received_at=at("00:19:30"))
    assert find("never_reached_app", story) is None


def test_a_late_webhook_whose_accept_finds_nothing_is_no_region_mismatch(verdict):
    story = refused(400).offered("00:18:17").api("00:18:50.4", "accept", status=404)
    story.records[-2] = replace(story.records[-2], received_at=at("00:18:50"))
    assert verdict(story).cause == "never_reached_app"
