"""What to do with the caller, in the second in which the AI's leg ended."""

import random
from dataclasses import replace

import pytest

from callstore.advice.advice import advise
from callstore.advice.dial_action import DialReport
from callstore.domain.facts import events as ev
from callstore.rehearsal.evaluation.evaluate import recorded
from callstore.rehearsal.scenarios.scenario import drafts, load
from tests.builders import AI, CHILD, PARENT, Story, answered_call, at
from tests.findings.stories import ZERO, conversation, dropped, failed, finished, left, refused

NOW = at("00:18:53")
HERE = DialReport(call_status="in-progress", dial_call_status="completed")


def advice(story, told=None, asked=CHILD, now=NOW):
    return advise(story.records, asked, told or DialReport(), now)


def running():
    """The AI leg has been answered; nothing says yet that it ended."""
    story = Story().asked("00:17:52.3").child("initiated", "00:18:17", sequence=0).offered("00:18:17")
    story.child("in-progress", "00:18:23", sequence=2)
    return story.turn("item_1", "00:18:30", "00:18:33", ZERO, "This is Kishi.")


def replied(story, start, end):
    story.frame(ev.ReplyStarted, start, kind="response.created", response=start)
    return story.frame(ev.PlaybackChanged, end, kind="stopped", response=start, state="stopped")


def test_a_caller_whose_words_had_no_answer_is_connected_again():
    given = advice(conversation())
    assert (given.advice, given.confidence) == ("reconnect", "high")
    assert "no answer" in given.reason and given.because


def test_a_caller_in_an_open_turn_is_connected_again():
    given = advice(dropped())
    assert given.advice == "reconnect"
    assert "closed with 1011" in given.reason and "turn was open" in given.reason


def test_a_session_that_fell_silent_after_the_agents_words_is_lost_but_less_surely():
    given = advice(replied(conversation(), "00:18:34", "00:18:39"))
    assert (given.advice, given.confidence) == ("reconnect", "medium")
    assert "silent for the last 13.5 s" in given.reason


def test_words_that_only_twilio_heard_wait_for_an_answer_too():
    story = replied(conversation(), "00:18:34", "00:18:39").written("00:18:44", "Hello? Are you there?")
    given = advice(story)
    assert (given.advice, given.confidence) == ("reconnect", "high")
    assert story.records[-1].position in given.because


def test_the_second_time_it_is_a_person():
    again = "CA" + "d" * 32
    story = conversation()
    story.leg(again, "in-progress", "00:18:58", sequence=2, parent=PARENT, direction="outbound-dial")
    story.leg(again, "completed", "00:19:20", sequence=3, parent=PARENT, direction="outbound-dial")
    story.add(
        "openai:rtc_u1_again", ev.SessionOffered(api="realtime", child=again), "00:18:57", source="openai"
    )
    started = ev.SpeechStarted(connection="c2", kind="speech_started", item="again_1", audio_ms=900.0)
    story.add("openai:rtc_u1_again", started, "00:19:05", source="app")
    for asked in (again, PARENT):
        given = advice(story, HERE, asked, at("00:19:21"))
        assert given.advice == "apologise_and_transfer", asked
        assert "not the first" in given.reason
    assert advice(story, HERE, CHILD).advice == "reconnect"  # of the first leg nothing came before


def test_a_dial_that_rang_in_vain_before_is_no_first_time():
    story = conversation()
    story.leg("CA" + "0" * 32, "busy", "00:18:01", sequence=1, parent=PARENT, direction="outbound-dial")
    assert advice(story).advice == "reconnect"


@pytest.mark.parametrize("told", [None, HERE, DialReport(finished=True)])
def test_a_call_that_the_agent_finished_ends(told):
    given = advice(finished(), told)
    assert (given.advice, given.confidence) == ("hang_up", "high")


def test_a_call_that_the_application_ended_ends():
    given = advice(conversation().api("00:18:51.5", "hangup"))
    assert given.advice == "hang_up" and "application" in given.reason


def test_the_application_may_know_of_a_finish_before_the_log_does():
    assert advice(conversation(), DialReport(finished=True)).advice == "hang_up"
    assert advice(Story(), DialReport("in-progress", "completed", CHILD, True)).advice == "hang_up"


def test_a_finish_in_spite_of_which_the_caller_speaks_on_is_doubtful():
    story = conversation().tool("00:18:44")
    story.frame(ev.SpeechStarted, "00:18:46", item="item_9", audio_ms=22000.0)
    assert advice(story).advice == "unknown"


@pytest.mark.parametrize(
    ("story", "told"),
    [(left(), None), (conversation(), DialReport("completed")), (Story(), DialReport("completed"))],
)
def test_nobody_is_talked_to_who_has_left(story, told):
    assert advice(story, told).advice == "hang_up"


def test_what_the_application_is_told_now_outweighs_what_the_log_says():
    assert advice(left(), HERE).advice != "hang_up"


@pytest.mark.parametrize(
    ("story", "told"),
    [
        (refused(), None),
        (refused(None), DialReport("in-progress", "busy")),
        (Story(), DialReport("in-progress", "failed")),
        (running(), DialReport("in-progress", "no-answer", "CA" + "f" * 32)),
    ],
)
def test_an_ai_that_never_answered_is_apologised_for(story, told):
    given = advice(story, told)
    assert (given.advice, given.confidence) == ("apologise_and_transfer", "high")


def offered(status: int | None = None) -> Story:
    """The endpoint gave up on a call that our application was asked about in time."""
    story = Story().asked("00:17:52.3").child("initiated", "00:18:16", sequence=0).offered("00:18:17")
    if status:
        story.api("00:18:17.4", "accept", status)
    story.child("failed", "00:18:22", sequence=1, sip_code=500, duration_s=0)
    return story.dial_action("00:18:22.4", dial_status="failed")


@pytest.mark.parametrize(
    ("story", "why"),
    [
        (refused(), "no incoming-call webhook came"),
        (offered(401), "OpenAI refused every accept of our application (1, answered with 401)"),
        (offered(404), "the API that was asked does not know the call"),
        (offered(200), "The accept was answered with success"),
    ],
)
def test_why_it_never_answered_is_told_in_words(story, why):
    given = advice(story)
    assert given.advice == "apologise_and_transfer" and why in given.reason
    assert given.reason.startswith("The AI's leg was never answered")


def test_an_ai_that_refuses_us_is_not_asked_again():
    story = failed()
    story.frame(ev.SessionErrored, "00:18:44.2", error_type="insufficient_quota", code="insufficient_quota")
    assert advice(story).advice == "apologise_and_transfer"
    assert advice(failed()).advice == "reconnect"


def test_an_ai_that_does_not_speak_our_protocol_is_not_asked_again():
    assert (
        advice(conversation().socket_closed("00:18:51", 4000, received=4000)).advice
        == "apologise_and_transfer"
    )


def test_a_session_that_openai_says_is_gone_is_lost():
    story = replied(running(), "00:18:34", "00:18:44").child("completed", "00:18:52", sequence=3)
    opened = ev.SocketOpened(connection="conn_2", http_status=404)
    story.add(f"openai:{AI}", opened, "00:18:46", source="app")
    given = advice(story, HERE)
    assert given.advice == "reconnect" and "session is gone" in given.reason


def test_a_leg_of_which_nothing_says_that_it_ended_gets_no_advice():
    assert advice(running()).advice == "unknown"


def test_that_it_ended_may_be_told_before_the_log_knows():
    given = advice(running(), HERE)
    assert given.advice == "reconnect" and all(position > 0 for position in given.because)


def test_an_unobserved_session_gets_no_advice():
    given = advice(answered_call().dial_action("00:18:52.4"))
    assert given.advice == "unknown" and "No event" in given.reason


def test_an_application_that_knows_it_ended_nothing_needs_no_observer():
    given = advice(answered_call().dial_action("00:18:52.4"), HERE._replace(finished=False))
    assert (given.advice, given.confidence) == ("reconnect", "medium")


def test_an_agent_who_had_the_last_word_right_before_the_end_gets_no_advice():
    story = replied(conversation(), "00:18:34", "00:18:51.9")
    assert advice(story).advice == "unknown"
    assert advice(story, HERE._replace(finished=False)).advice == "reconnect"


def test_who_does_not_know_whether_the_caller_is_there_is_not_sure():
    story = running().child("completed", "00:18:52", sequence=3)
    assert advice(story).confidence == "low"
    assert advice(story, HERE).confidence == "high"


def test_a_referral_and_a_time_limit_are_our_own_doing():
    assert advice(conversation().api("00:18:40", "refer")).advice == "unknown"
    limited = Story().answered("00:18:16", "Dial", path="/voice", asked="voice", time_limit_s=29)
    limited.records += conversation().records
    assert "timeLimit" in advice(limited).reason


def batched(story, *received):
    """The session's events, of which each batch came at once, `received` after the last of it happened."""
    story.records = [
        replace(r, received_at=next(at(c) for c in received if at(c) >= r.occurred.at))
        if r.subject == f"openai:{AI}"
        else r
        for r in story.records
    ]
    return story


def test_events_that_come_in_batches_may_lag_and_a_finish_may_be_on_its_way():
    story = batched(replied(running(), "00:18:34", "00:18:48"), "00:18:17", "00:18:34", "00:18:48")
    given = advice(story, HERE, now=at("00:18:51"))
    assert given.advice == "unknown" and "holds its events back" in given.reason
    assert advice(story, HERE._replace(finished=False), now=at("00:18:51")).advice == "reconnect"
    assert advice(story, HERE, now=at("00:19:10")).advice == "reconnect"  # longer than any batch was


def test_a_close_is_the_end_of_the_story_however_it_came():
    story = replied(running(), "00:18:34", "00:18:48").socket_closed("00:18:49", 1006)
    story = batched(story, "00:18:17", "00:18:34", "00:18:49")
    assert advice(story, HERE, now=at("00:18:52")).advice == "reconnect"


def known_at_the_dial_action(name):
    """The facts of a recorded call that had arrived when Twilio asked what to do next."""
    scenario = load(name)
    asked = next(d.received_at for d in scenario.deliveries if "dial-action" in d.path)
    given = [d for d in drafts(scenario) if d.received_at <= asked]
    return scenario, [recorded(draft, position) for position, draft in enumerate(given, 1)], asked


def test_the_founding_caller_would_have_been_kept_on_the_line():
    scenario, records, asked = known_at_the_dial_action("founding_call")
    for subject in ("child_call_sid", "parent_call_sid"):
        given = advise(records, scenario.expect[subject], HERE, asked)
        assert given.advice == "reconnect", given
        assert given.because


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("natural_end", {"hang_up", "unknown"}),
        ("asr_failed", {"hang_up", "unknown"}),
        ("caller_hangup", {"hang_up"}),
        ("tail_loss", {"hang_up"}),
        ("sip_486", {"apologise_and_transfer"}),
        ("drop_mid_speech", {"reconnect"}),
        ("server_error", {"reconnect", "unknown"}),
        ("no_recording", {"reconnect", "unknown"}),
    ],
)
def test_no_recorded_call_would_have_been_harmed(name, words):
    scenario, records, asked = known_at_the_dial_action(name)
    assert advise(records, scenario.expect["child_call_sid"], DialReport(), asked).advice in words


@pytest.mark.parametrize("name", ["founding_call", "natural_end", "drop_mid_speech", "caller_hangup"])
def test_whatever_part_of_a_call_is_known_there_is_an_answer(name):
    scenario, records, asked = known_at_the_dial_action(name)
    rng = random.Random(name)
    for _ in range(40):
        part = rng.sample(records, rng.randrange(len(records) + 1))
        given = advise(part, scenario.expect["child_call_sid"], DialReport(), asked)
        assert given.advice in ("reconnect", "apologise_and_transfer", "hang_up", "unknown") and given.reason
