import numpy as np
import pytest

from callstore.audio.wave import BLOCK_FRAMES, Sound, Unreadable
from tests.audio.sounds import RATE, flac_of_silence, noise, silence, wav


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
    samples = np.linspace(-1, 1, 2 * BLOCK_FRAMES + RATE * 3, dtype=np.float32)
    sound = Sound(wav(samples, -samples, subtype="FLOAT"))
    blocks = list(sound.blocks())
    assert [len(block) for block in blocks] == [BLOCK_FRAMES, BLOCK_FRAMES, RATE * 3]
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


@pytest.mark.parametrize("channels", [3, 8, 255])
def test_more_channels_than_a_call_has_are_unreadable(channels):
    with pytest.raises(Unreadable, match=f"{channels} channels"):
        Sound(wav(*[silence(1)] * channels))


@pytest.mark.parametrize("rate", [96_000, 192_000])
def test_a_studios_rate_is_unreadable(rate):
    with pytest.raises(Unreadable, match=f"a sample rate of {rate} Hz"):
        Sound(wav(silence(1, rate), rate=rate, format="FLAC"))


def test_a_file_that_unpacks_to_more_than_the_longest_recording_is_unreadable():
    bomb = flac_of_silence(16_000, 2, hours=2.4)
    assert len(bomb) < 1_000_000
    with pytest.raises(Unreadable, match="276,480,000 samples"):
        Sound(bomb)


@pytest.mark.parametrize("rate", [8_000, 11_025, 44_100, 48_000])
def test_a_block_takes_as_little_memory_at_any_rate(rate):
    blocks = list(Sound(flac_of_silence(rate, 2, hours=0.05)).blocks())
    assert max(block.nbytes for block in blocks) <= 8 * BLOCK_FRAMES
    assert all(len(block) % rate == 0 for block in blocks)
