"""What a Live sideband reflected tells what reached the AI, as far as somebody kept it; nothing beyond."""

import pytest

from callstore.domain.analysis.hearing import hear
from callstore.domain.call.fold import fold
from callstore.domain.facts import events as ev
from callstore.report.report import report
from tests.builders import at
from tests.live import held, said, started

CALLER = ("00:18:28", "00:18:31"), ("00:18:36", "00:18:40.5"), ("00:18:44", "00:18:46.5")
AGENT = ("00:18:25", "00:18:27"), ("00:18:32", "00:18:35"), ("00:18:41.5", "00:18:43")
WHOLE = "00:18:24", "00:18:51.8"


def talk(*unwritten):
    """Three turns and three replies, all written down but those turns named."""
    story = started()
    for number, span in enumerate(CALLER):
        if number not in unwritten:
            said(story, *span, f"Turn {number} of the caller.")
    for number, span in enumerate(AGENT):
        said(story, *span, f"Reply {number} of the agent.", side="agent")
    return story


def recorded(story, *caller):
    return story.heard("00:18:23", "00:18:52", *(caller or CALLER), agent=AGENT)


def told(story):
    document = report(story.records)
    return document["gap_kind"], document["untranscribed_caller_speech_s"], document["caller_speech_s"]


def about(seconds):
    return pytest.approx(seconds, abs=0.35)


def test_speech_that_was_reflected_and_not_written_was_heard():
    assert told(recorded(talk(1).reflected(*WHOLE, *CALLER)))[:2] == ("heard_not_transcribed", about(4.5))


def test_silence_where_the_recording_has_speech_is_a_measurement():
    story = recorded(talk(1).reflected(*WHOLE, CALLER[0], CALLER[2]))
    assert told(story)[:2] == ("not_heard", about(4.5))
    [gap] = report(story.records)["gaps"]
    assert gap["kind"] == "not_heard"


@pytest.mark.parametrize("kept", [("00:18:24", "00:18:34"), ("00:18:42", "00:18:51.8")])
def test_where_nobody_kept_what_was_reflected_nothing_is_measured(kept):
    story = talk(1).reflected(*kept, *CALLER)
    assert told(recorded(story))[0] == "unknown"
    assert [gap["kind"] for gap in report(story.records)["gaps"]] == ["unknown"]


def test_without_a_recording_what_was_reflected_tells_how_long_the_caller_spoke():
    assert told(talk().reflected(*WHOLE, *CALLER)) == ("none", 0, about(10.0))


def test_without_a_recording_speech_without_words_is_lost():
    document = report(talk(1).reflected(*WHOLE, *CALLER).records)
    assert document["gap_kind"] == "heard_not_transcribed"
    assert document["untranscribed_caller_speech_s"] == about(4.5)
    assert document["longest_gap_start_s"] == about(at("00:18:36") - at("00:17:52.3"))
    assert document["longest_gap_end_s"] == about(at("00:18:40.5") - at("00:17:52.3"))


def test_of_half_a_call_nobody_knows_that_nothing_was_lost():
    assert told(talk().reflected("00:18:24", "00:18:36", CALLER[0])) == ("unknown", None, None)


@pytest.mark.parametrize("by", ["mute", "fixture"])
def test_what_is_said_while_the_input_is_held_back_is_no_gap(by):
    story = held(talk(1).reflected(*WHOLE, *CALLER), by, "00:18:35", "00:18:41")
    assert told(story)[:2] == ("none", 0)


def test_a_call_that_nobody_watched_to_its_end_has_no_number():
    story = talk(1).reflected(*WHOLE, *CALLER).socket_closed("00:18:30", code=1006)
    assert told(story)[1] == about(4.5)  # events of its socket went on: it was none
    lost = started().reflected("00:18:24", "00:18:30", CALLER[0]).socket_closed("00:18:30", code=4000)
    assert told(lost)[1] is None


ECHO = tuple((start, end) for start, end in AGENT)


def test_the_agents_echo_is_not_the_caller():
    story = talk().reflected(*WHOLE, *CALLER, *ECHO).reflected(*WHOLE, *AGENT, side="agent")
    assert told(story) == ("none", 0, about(10.0))


def test_a_caller_who_speaks_over_the_agent_is_no_echo():
    over = ("00:18:33.5", "00:18:35")
    story = talk().reflected(*WHOLE, *CALLER, over).reflected(*WHOLE, *AGENT, side="agent")
    assert told(story)[0] == "heard_not_transcribed"


def test_the_agents_echo_in_the_recording_is_none_of_the_caller_although_it_was_reflected_too():
    story = talk().reflected(*WHOLE, *CALLER, *ECHO)
    assert told(recorded(story, *sorted([*CALLER, *ECHO])))[:2] == ("none", 0)


def test_twilios_words_tell_of_an_end_that_nobody_reflected():
    def cut(story):
        story.written("00:18:51.4", "Hello, are you still there, I would like to know it")
        story.api("00:18:51.5", "hangup").frame(ev.SessionClosed, "00:18:51.7", reason="close_requested")
        return report(story.records)["truncation_basis"]

    away = said(started(), *CALLER[0], "Turn 0.").reflected("00:18:24", "00:18:36", CALLER[0])
    there = said(started(), *CALLER[0], "Turn 0.").reflected(*WHOLE, CALLER[0], ("00:18:46", "00:18:51.6"))
    assert (cut(away), cut(there)) == ("twilio_transcript", "ai_audio")


def test_what_lies_between_two_vowels_is_one_utterance():
    story = started()
    bits = tuple((second / 10, second / 10 + 0.06) for second in range(2, 9))
    for moment in ("00:18:31", "00:18:32"):
        story.frame(ev.AudioReflected, moment, side="caller", duration_s=1.0, speech=bits)
    [first, second] = hear(fold(story.records)).received.speech
    assert first == (about(at("00:18:30.2")), about(at("00:18:30.86")))
    assert second[0] - first[1] > 0.3


def test_what_the_sideband_reflects_of_the_agent_sets_the_sessions_clock():
    story = started(zero="00:18:20")  # so early that the start does not fit
    for number in range(4):
        story.frame(
            ev.AudioReflected, f"00:18:{26 + number}.1", side="agent", duration_s=1.0,
            speech=((0.0, 1.0),), start_ms=2000.0 + number * 1000,
        )  # fmt: skip
    assert hear(fold(story.records)).ai_zero == pytest.approx(at("00:18:23.1"), abs=0.01)


def test_with_both_sides_reflected_the_conversation_has_its_numbers():
    story = talk().reflected(*WHOLE, *CALLER).reflected(*WHOLE, *AGENT, side="agent")
    document = report(story.records)
    assert document["numbers_basis"] == "ai_events"
    assert document["response_time_p50_s"] == about(1.0)
    assert report(talk().reflected(*WHOLE, *CALLER).records)["numbers_basis"] is None


def test_a_stretch_names_the_first_and_the_last_fact_of_it():
    story = started().reflected("00:18:24", "00:18:34", ("00:18:26.5", "00:18:29.5"))
    received = hear(fold(story.records)).received
    moments = {r.position: r.occurred.at for r in story.records}
    assert [moments[p] for p in received.positions(received.speech[0])] == [at("00:18:27"), at("00:18:30")]
    assert [moments[p] for p in received.positions((at("00:18:26.2"), at("00:18:26.8")))] == [at("00:18:27")]
    assert received.positions((at("00:18:40"), at("00:18:41"))) == ()
    assert received.positions((at("00:18:01"), at("00:18:02"))) == ()
