import numpy as np
import pytest

from callstore.audio.wave import BLOCK_FRAMES, CutShort, Sound, Unreadable
from tests.audio.sounds import RATE, flac_of_silence, noise, silence, speech, wav


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


def mp3(seconds=29.0):
    spoken = [speech("founding_call", channel)[: round(seconds * RATE)] for channel in (0, 1)]
    return wav(*spoken, format="MP3", subtype="MPEG_LAYER_III")


def tagged(frames):
    """An MP3 whose first frame tells of so many frames."""
    whole = bytearray(mp3())
    at = whole.find(b"Xing") + 8
    whole[at : at + 4] = frames.to_bytes(4, "big")
    return bytes(whole)


def test_an_mp3_is_as_long_as_it_is_whatever_it_tells():
    whole = mp3()
    untold = whole[whole.find(whole[:2], 10) :]  # without the first frame, which tells
    assert Sound(whole).duration_s == pytest.approx(29, abs=0.01)
    assert Sound(untold).duration_s == pytest.approx(29, abs=0.2)
    assert (Sound(whole).kind, Sound(wav(silence(1))).kind) == ("mp3", "wav")


def test_a_piece_of_an_mp3_is_that_piece():
    sound = Sound(mp3())
    whole = np.concatenate(list(sound.blocks()))
    assert np.array_equal(sound.between(20, 21), whole[20 * RATE : 21 * RATE])


@pytest.mark.parametrize("frames", [1, 100, 10**6, 2**31, 2**32 - 1])
def test_an_mp3_with_a_lying_header_is_unreadable(frames):
    with pytest.raises(Unreadable):
        Sound(tagged(frames))


def test_an_mp3_that_unpacks_to_more_than_a_call_ends_where_a_call_would(monkeypatch):
    monkeypatch.setattr("callstore.audio.wave.LONGEST_S", 10)
    with pytest.raises(Unreadable, match="a duration of"):
        Sound(mp3())


@pytest.mark.parametrize("part", [0.3, 0.5, 0.9])
@pytest.mark.parametrize("whole", [mp3, lambda: wav(speech("founding_call", 0))], ids=["mp3", "wav"])
def test_a_part_of_a_recording_is_told_from_all_of_it(whole, part):
    data = whole()
    with pytest.raises(CutShort, match="ends before its header says"):
        Sound(data[: round(len(data) * part)])


def says(length):
    """A WAV of a caller whose header tells of so many bytes of sound."""
    data = bytearray(wav(speech("founding_call", 0)))
    at = data.find(b"data") + 4
    data[at : at + 4] = length.to_bytes(4, "little")
    return bytes(data)


def test_a_wav_that_tells_of_less_than_it_has_is_unreadable():
    with pytest.raises(Unreadable, match="bytes more than its header says"):
        Sound(says(1000))


@pytest.mark.parametrize("length", [2**32 - 1, 2**31 - 1, 0x7FFF_F000])
def test_a_wav_that_was_written_without_knowing_its_end_is_heard_to_its_end(length):
    assert Sound(says(length)).duration_s == pytest.approx(29, abs=0.01)


def test_notes_behind_the_sound_are_none_of_it():
    data = wav(speech("founding_call", 0))
    noted = data + b"LIST" + (20_000).to_bytes(4, "little") + bytes(20_000)
    assert Sound(noted).duration_s == pytest.approx(29, abs=0.01)
