import numpy as np
import pytest

from callstore.audio.wave import BLOCK_S, Sound, Unreadable
from tests.audio.sounds import RATE, noise, silence, wav


@pytest.mark.parametrize("rubbish", [b"", b"RIFF", b"<html>404</html>", bytes(5000), wav(silence(1))[:20]])
def test_garbage_is_unreadable_and_says_so(rubbish):
    with pytest.raises(Unreadable, match="not a sound file"):
        Sound(rubbish)


def test_a_recording_without_a_sample_is_unreadable():
    with pytest.raises(Unreadable, match="duration of 0 s"):
        Sound(wav(silence(0)))


def test_an_absurd_rate_is_unreadable():
    with pytest.raises(Unreadable, match="sample rate of 50 Hz"):
        Sound(wav(silence(1), rate=50))


def test_blocks_give_every_sample_once_and_in_order():
    samples = np.linspace(-1, 1, RATE * (2 * BLOCK_S + 3), dtype=np.float32)
    sound = Sound(wav(samples, -samples, subtype="FLOAT"))
    blocks = list(sound.blocks())
    assert [len(block) for block in blocks] == [RATE * BLOCK_S, RATE * BLOCK_S, RATE * 3]
    joined = np.concatenate(blocks)
    assert np.array_equal(joined[:, 0], samples) and np.array_equal(joined[:, 1], -samples)


def test_between_is_cut_at_the_edges_of_the_recording():
    sound = Sound(wav(noise(RATE, -20)))
    assert len(sound.between(-1, 0.5)) == RATE // 2
    assert len(sound.between(0.75, 9)) == RATE // 4
    assert len(sound.between(5, 9)) == 0


def test_samples_that_are_no_numbers_become_numbers():
    samples = np.array([np.nan, np.inf, -np.inf, 0.5], dtype=np.float32)
    assert Sound(wav(samples, subtype="FLOAT")).between(0, 1)[:, 0].tolist() == [0, 1, -1, 0.5]
