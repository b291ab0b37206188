"""The numbers of a conversation as the telling has them, and how near we come to them."""

import pytest

from callstore.rehearsal.labelled.numbers import told_numbers
from callstore.rehearsal.labelled.scene import scene
from callstore.rehearsal.labelled.voices import Voice, say
from callstore.rehearsal.simulation.speech import Utterance

SEED = 100
WORDS = "Hello, I am calling about the estimate you sent."


@pytest.fixture
def telling():
    """A call whose words a test places, in seconds from the answer of its AI leg, which lasts a minute."""
    of = scene(SEED, 1, "agent_finishes")
    of.voices |= {who: Voice("en", "en-us", 130, 40, 50, 0.0) for who in ("caller", "agent")}
    of.played.legs.answered, of.played.legs.ended = 1000.0, 1060.0

    def told(*spoken):
        of.words = [
            Utterance(who, WORDS, 1000.0 + start, 1000.0 + start + (length or _lasts(of)), **more)
            for who, start, length, more in spoken
        ]
        return told_numbers(of)

    return told


def _lasts(of):
    return len(say(WORDS, of.voices["caller"])) / 8000


def test_a_call_with_a_greeting_and_two_answers(telling):
    long = _lasts(scene_with_voice())
    told = telling(
        ("agent", 1.0, None, {}),
        ("caller", 6.0, None, {}),
        ("agent", 6.0 + long + 0.8, None, {}),
        ("caller", 20.0, None, {}),
        ("agent", 20.0 + long + 1.2, None, {}),
    )
    assert told["response_time_p50_s"] == pytest.approx(1.0, abs=0.03)
    assert told["response_time_p95_s"] == pytest.approx(1.18, abs=0.03)
    assert told["longest_dead_air_s"] == pytest.approx(60 - 20 - 2 * long - 1.2, abs=0.03)
    assert (told["interruptions"], told["talk_over_s"]) == (0, 0)
    assert told["caller_talk_share"] == pytest.approx(0.4, abs=0.01)


def test_who_was_cut_off_is_counted_once_and_the_overlap_measured(telling):
    told = telling(("agent", 1.0, 1.5, {"cut": True}), ("caller", 2.0, None, {}), ("agent", 9.0, None, {}))
    assert told["interruptions"] == 1
    assert 0.3 < told["talk_over_s"] <= 0.5
    assert told["response_time_p50_s"] == pytest.approx(9.0 - 2.0 - _lasts(scene_with_voice()), abs=0.03)


def test_what_nobody_could_hear_is_nothing_that_was_said(telling):
    told = telling(("agent", 1.0, None, {"heard": False}), ("caller", 6.0, None, {}))
    assert (told["response_time_p50_s"], told["caller_talk_share"]) == (None, 1.0)


def scene_with_voice():
    of = scene(SEED, 1, "agent_finishes")
    of.voices["caller"] = Voice("en", "en-us", 130, 40, 50, 0.0)
    return of


def test_an_agent_that_is_cut_off_speaks_until_the_detector_has_heard_the_caller():
    for number in range(40):
        of = scene(SEED, number)
        for words in of.played.session.spoken:
            if words.cut:
                (cutter,) = [
                    w
                    for w in of.played.session.spoken
                    if w.start < words.end < w.end + 1.0 and w.who == "caller"
                ]
                assert words.start < cutter.start
                assert 0.2 < words.end - cutter.start < 0.8
                return
    raise AssertionError("nobody was ever cut off")
