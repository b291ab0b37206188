"""The deciding order, and that a verdict never claims more than its witnesses."""

import pytest

from callstore.domain.call.fold import fold
from callstore.domain.facts import events as ev
from callstore.domain.facts.vocabulary import LEADS_TO
from callstore.findings.rule import rules
from callstore.report.report import report
from callstore.verdict.verdict import ORDER
from tests.builders import CHILD, PARENT, Story, answered_call
from tests.findings.stories import ZERO, conversation, cut_off, dropped, failed, finished, left, refused


@pytest.mark.parametrize(
    ("story", "expected"),
    [
        (Story().asked("00:17:52"), ("live", "unknown")),
        (finished(), ("natural_end", "ai")),
        (conversation().api("00:18:51", "hangup"), ("app_ended", "app")),
        (left(), ("caller_hung_up", "caller")),
        (left().turn("item_9", "00:18:47", "00:18:50.5", ZERO), ("caller_hung_up", "caller")),
        (cut_off(), ("ai_silent_first", "unknown")),
        (dropped(), ("ai_closed_first", "ai")),
        (failed(), ("ai_closed_first", "ai")),
        (refused(), ("never_connected", "unknown")),
        (answered_call(), ("inconclusive", "unknown")),
    ],
)
def test_each_kind_of_call_has_its_verdict(verdict, story, expected):
    result = verdict(story)
    assert (result.verdict, result.ended_first_by) == expected


def test_every_deciding_slug_is_a_rule():
    assert {cause for cause, _ in ORDER} <= set(rules())


def test_who_ended_first_is_known_once_the_byes_direction_is(verdict):
    story = cut_off()
    story.add(
        f"twilio:{CHILD}", ev.LegSummarised(processing="complete", disconnected_by="callee"), "00:30:00"
    )
    result = verdict(story)
    assert (result.ended_first_by, result.confidence) == ("ai", "high")


def test_a_silent_ai_and_a_silent_caller_make_a_verdict_of_low_confidence(verdict):
    result = verdict(conversation().heard("00:18:23", "00:18:52", ("00:18:30", "00:18:33")))
    assert (result.verdict, result.confidence) == ("ai_silent_first", "low")


def test_the_founding_pattern_says_what_is_missing_and_what_would_settle_it(verdict):
    result = verdict(cut_off())
    assert "no close of the AI session was observed" in result.missing
    assert any("OpenAI" in step for step in result.whom_to_ask)


def test_an_inconclusive_call_lists_its_missing_witnesses(verdict):
    assert "no event of the AI session was seen" in verdict(answered_call()).missing


def test_a_call_without_an_ai_leg_is_judged_by_who_ended_the_parent(verdict):
    story = Story().asked("00:17:52").parent("completed", "00:18:10", sequence=0)
    assert verdict(story).verdict == "caller_hung_up"
    story.answered("00:18:09", "Say", "Hangup", path="/voice", asked="voice")
    assert verdict(story).verdict == "app_ended"


@pytest.mark.parametrize(
    ("story", "holds", "basis"),
    [
        (cut_off(), True, "recording"),
        (dropped(received=None), True, "ai_vad"),
        (finished(), False, None),
        (left(), False, None),
        (refused(), False, None),
        (conversation().heard("00:18:23", "00:18:52", ("00:18:30", "00:18:33")), False, None),
        (
            conversation().heard("00:18:23", "00:18:52", ("00:18:30", "00:18:33"), ("00:18:40", "00:18:46")),
            False,
            None,
        ),
        (
            conversation().heard("00:18:23", "00:18:52", ("00:18:30", "00:18:33"), ("00:18:51", "00:18:52")),
            False,
            None,
        ),
    ],
    ids=[
        "cut off",
        "open turn, no recording",
        "finished",
        "left",
        "refused",
        "quiet",
        "spoke earlier",
        "under 1.5 s",
    ],
)
def test_truncated_holds_only_by_its_definition(story, holds, basis):
    document = report(story.records)
    assert ("truncated" in document["flags"], document["truncation_basis"]) == (holds, basis)


def test_truncated_is_absent_and_says_why_when_no_witness_heard_the_end():
    document = report(conversation().records)
    assert "truncated" not in document["flags"]
    assert any("speaking at the end is not known" in reason for reason in document["evidence_missing"])


def test_an_application_that_hangs_up_on_a_speaking_caller_truncates_too():
    document = report(cut_off().api("00:18:51.5", "hangup").records)
    assert (document["verdict"], "truncated" in document["flags"]) == ("app_ended", True)


def test_a_mono_recording_cannot_say_who_spoke():
    story = conversation().heard("00:18:23", "00:18:52", ("00:18:41", "00:18:52"), channels=1)
    document = report(story.records)
    assert document["untranscribed_caller_speech_s"] is None
    assert "no recording of both channels" in document["evidence_missing"]


def test_echo_of_the_agent_is_not_the_caller():
    story = conversation().heard(
        "00:18:23",
        "00:18:52",
        ("00:18:30", "00:18:33"),
        ("00:18:45", "00:18:52"),
        echo=[("00:18:45", "00:18:52")],
    )
    assert report(story.records)["untranscribed_caller_speech_s"] == 0


def test_the_gap_is_measured_where_the_recording_really_began():
    """The recording's stamp is cut to a whole second; its speech is laid on the turns the AI heard."""
    story = conversation().heard("00:18:22", "00:18:51", ("00:18:29", "00:18:32"), ("00:18:40", "00:18:51"))
    document = report(story.records)
    assert document["recordings"][0]["aligned"]
    assert abs(document["recordings"][0]["start_s"] - (23 - 0 + 18 * 60 - 17 * 60 - 52.3)) < 0.3
    assert abs(document["untranscribed_caller_speech_s"] - 11.0) < 0.1


def test_legs_are_named_even_when_no_event_of_the_parent_came():
    story = Story().child("completed", "00:18:52", sequence=3)
    call = fold(story.records)
    assert (call.child.sid, call.parent) == (CHILD, None)
    assert call.child.parent == PARENT


CONTRACT = {
    "natural_end": {"agent_finished": "ai"},
    "caller_hung_up": {"caller_hangup": "caller", "tail_loss": "caller"},
    "app_ended": {"app_hangup": "app"},
    "false_finish": {"false_finish": "ai"},
    "ai_silent_first": {"silent_session_loss": None},
    "ai_closed_first": dict.fromkeys(
        (
            "drop_mid_speech",
            "server_error",
            "account_refused",
            "content_filter",
            "beta_shape",
            "session_closed_early",
        ),
        "ai",
    ),
    "ai_deaf": {"deaf_session": None},
    "ai_mute": {"mute_agent": None, "replies_failed": None},
    "limit_reached": {"max_duration": "ai", "twilio_limit": "twilio"},
    "flow_ended": {"flow_redirect": "app", "refer_lost": "app"},
    "never_connected": dict.fromkeys(
        (
            "never_reached_app",
            "region_mismatch",
            "accept_refused",
            "never_accepted",
            "ghost_call",
            "accepted_unusable",
            "standalone_leg",
            "stream_failed",
        ),
        "unknown",
    ),
}


def test_each_cause_leads_to_the_verdict_of_the_contract():
    decided: dict = {}
    for cause, actor in ORDER:
        decided.setdefault(LEADS_TO[cause], {})[cause] = actor
    assert decided == CONTRACT


def test_every_check_says_what_it_rests_on():
    document = report(cut_off().api("00:18:22", "accept").records)
    known = {r.position for r in cut_off().api("00:18:22", "accept").records}
    words = {check["check"]: check["says"] for check in document["judgement"]["checks"]}
    assert words["AI session closed"] == "missing"
    assert words["Caller speaking at the end"] == words["AI heard that speech"] == "supports"
    assert words["SIP response"] == "not_applicable"
    for check in document["judgement"]["checks"]:
        assert set(check["positions"]) <= known
        assert (check["start_s"] is None) == (check["end_s"] is None) or check["start_s"] is not None


def test_a_check_that_contradicts_takes_a_step_of_confidence_off():
    story = finished()
    assert report(story.records)["verdict_confidence"] == "high"
    story.add(
        f"twilio:{CHILD}", ev.LegSummarised(processing="complete", disconnected_by="caller"), "00:30:00"
    )
    assert report(story.records)["verdict_confidence"] == "high"  # our hang-up may go by either side
    speaking = conversation().tool("00:18:51").api("00:18:51.5", "hangup")
    speaking.heard("00:18:23", "00:18:52", ("00:18:30", "00:18:33"), ("00:18:50.9", "00:18:51.8"))
    document = report(speaking.records)
    assert (document["verdict"], document["verdict_confidence"]) == ("natural_end", "medium")


def test_a_hangup_whose_session_nobody_watched_may_be_the_agents_own():
    story = answered_call().dial_action("00:18:52.4").api("00:18:51.5", "hangup")
    assert (report(story.records)["verdict"], report(story.records)["cause"]) == ("inconclusive", None)
    said = ev.AppSaid(what="hangup_requested")
    story.add(story.records[-1].subject, said, "00:18:51.4", source="app")
    assert report(story.records)["cause"] == "app_hangup"


def test_a_socket_cut_with_the_leg_says_nothing_of_who_left():
    story = answered_call().turn("item_1", "00:18:30", "00:18:33", ZERO, "Hello.").api("00:18:22", "accept")
    story.frame(ev.SpeechStarted, "00:18:45.2", item="item_2", audio_ms=21400.0)
    story.socket_closed("00:18:52.3", 1006)
    assert report(story.records)["verdict"] == "inconclusive"
    assert report(story.dial_action("00:18:52.4").records)["cause"] == "drop_mid_speech"


def test_our_own_refusal_of_a_call_is_told_as_such():
    story = refused(603).offered("00:18:17").api("00:18:17.5", "reject")
    document = report(story.records)
    assert (document["verdict"], document["ended_first_by"]) == ("never_connected", "app")


def test_settling_names_the_session_and_the_stretch_of_time():
    (asked, *_) = report(cut_off().records)["judgement"]["settle"]
    assert "sess_1" in asked and "between 2026-04-13T00:18:39.000Z and 2026-04-13T00:18:5" in asked


def test_a_false_finish_truncates_and_a_true_one_does_not():
    story = conversation().tool("00:18:44").api("00:18:51.5", "hangup")
    story.heard("00:18:23", "00:18:52", ("00:18:30", "00:18:33"), ("00:18:43", "00:18:52"))
    document = report(story.records)
    assert (document["cause"], "truncated" in document["flags"]) == ("false_finish", True)
    assert "truncated" not in report(finished().records)["flags"]


def test_a_refused_leg_asks_who_refused_it_and_nothing_of_a_bye():
    judgement = report(refused().records)["judgement"]
    assert judgement["missing"] == []
    assert [("answered 486 (busy)" in step) for step in judgement["settle"]] == [True]
    assert ("OpenAI asked our application", "supports") in {
        (c["check"], c["says"]) for c in judgement["checks"]
    }


def test_nobody_knows_of_a_cut_where_the_caller_may_have_left():
    """The socket is cut with the leg and no dial action was asked: so it is when callers leave."""
    story = answered_call().turn("item_1", "00:18:30", "00:18:33", ZERO, "Hello.").api("00:18:22", "accept")
    story.turn("item_2", "00:18:47", "00:18:51.9", ZERO).socket_closed("00:18:52.1", 1006)
    story.heard("00:18:23", "00:18:52", ("00:18:30", "00:18:33"), ("00:18:47", "00:18:51.9"))
    document = report(story.records)
    assert "truncated" not in document["flags"]
    assert "whether the caller hung up is not known" in document["evidence_missing"]
    assert "truncated" in report(story.dial_action("00:18:52.4").records)["flags"]
