import numpy as np
import pytest

from callstore.audio.analysis import analyse
from tests.audio.sounds import echo_of, noise, silence, speech, total, wav

AGENT = speech("founding_call", 1)[:56000]  # the greeting: speech from 1.4 to 6.2 s, then silence
CALLER = speech("founding_call", 0)[18 * 8000 : 24 * 8000]  # six seconds of talk
ROOM = np.concatenate(
    ([1.0], np.zeros(39), np.random.default_rng(5).normal(0, 0.15, 1160) * np.exp(-np.arange(1160) / 300))
)


@pytest.mark.parametrize("delay_s", [0.0, 0.15, 0.4])
@pytest.mark.parametrize("floor_db", [None, -60, -50])
def test_the_agents_echo_is_not_the_callers_speech(delay_s, floor_db):
    back = echo_of(AGENT, delay_s=delay_s, weaker_db=20)
    heard = analyse(wav(back if floor_db is None else back + noise(len(back), floor_db), AGENT))
    assert heard.caller == ()
    assert total(heard.echo) == pytest.approx(4.4, abs=0.6)


def test_echo_through_a_room_is_mostly_found():
    back = echo_of(np.convolve(AGENT, ROOM)[: len(AGENT)].astype(np.float32), delay_s=0.2, weaker_db=15)
    heard = analyse(wav(back + noise(len(back), -60), AGENT))
    assert total(heard.echo) > 4 * total(heard.caller)


def test_a_caller_who_speaks_over_the_agent_stays_the_caller():
    over = np.concatenate((silence(0.6), CALLER, silence(10)))[: len(AGENT)]
    heard = analyse(wav(over, AGENT))
    assert heard.echo == ()
    assert total(heard.caller) > 4.5


def test_a_caller_who_speaks_softly_over_the_agent_stays_the_caller():
    over = np.concatenate((silence(0.6), CALLER, silence(10)))[: len(AGENT)] * np.float32(0.15)
    heard = analyse(wav(over, AGENT))
    assert heard.echo == ()
    assert total(heard.caller) > 4.5


def test_a_caller_who_speaks_over_the_agents_echo_stays_the_caller():
    over = np.concatenate((silence(0.6), CALLER, silence(10)))[: len(AGENT)]
    heard = analyse(wav(over + echo_of(AGENT, delay_s=0.15, weaker_db=25), AGENT))
    assert total(heard.caller) > 4.5
    assert total(heard.echo) < 0.6


def test_the_callers_answer_after_the_echo_is_kept():
    agent = np.concatenate((AGENT, silence(6)))
    answer = np.concatenate((silence(6.8), CALLER, silence(10)))[: len(agent)]
    heard = analyse(wav(answer + echo_of(agent, delay_s=0.15, weaker_db=20), agent))
    assert total(heard.echo) == pytest.approx(4.4, abs=0.6)
    alone = analyse(wav(answer, silence(len(agent) / 8000)))
    assert total(heard.caller) == pytest.approx(total(alone.caller), abs=0.3)
    assert heard.caller[0][0] > 6.5


def test_the_same_voice_as_loud_on_both_channels_is_not_called_echo():
    heard = analyse(wav(AGENT, AGENT))
    assert heard.echo == ()


def test_without_an_agent_there_is_no_echo():
    assert analyse(wav(CALLER, silence(6))).echo == ()


def test_a_faint_echo_under_key_tones_is_the_echo_still():
    at = np.arange(len(AGENT)) / 8000
    keys = (0.1 * np.sin(2 * np.pi * 697 * at) * (at % 1.0 < 0.1)).astype(np.float32)
    back = echo_of(AGENT, delay_s=0.2, weaker_db=24) + keys + noise(len(AGENT), -65)
    heard = analyse(wav(np.concatenate((back, CALLER)), np.concatenate((AGENT, silence(6)))))
    assert sum(end - start for start, end in heard.caller if start < 6.5) < 0.5


def test_the_callers_echo_on_the_agents_channel_is_known_too():
    said = np.concatenate((CALLER, silence(1)))
    heard = analyse(wav(said, echo_of(said, delay_s=0.1, weaker_db=18)))
    assert heard.echo == ()
    assert total(heard.agent_echo) > 0.9 * total(heard.agent) > 4
