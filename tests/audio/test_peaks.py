import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callstore.audio.peaks import FULL_SCALE, PER_SECOND, Pyramid, read
from tests.audio.sounds import noise


def pyramid(samples, rate):
    """Encoded peaks of (frames, channels), fed in blocks of two seconds."""
    building = Pyramid(rate)
    for at in range(0, len(samples), 2 * rate):
        building.add(samples[at : at + 2 * rate])
    return building.encoded()


SAMPLES = np.column_stack((noise(90 * 8000, -12, seed=1), noise(90 * 8000, -30, seed=2))).clip(-1, 1)
PEAKS = pyramid(SAMPLES, 8000)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 1), st.floats(0, 90), st.floats(0, 90), st.integers(1, 3000))
def test_a_view_has_at_most_px_columns_and_bounds_every_sample(channel, start, end, px):
    x0, dx, least, greatest = read(PEAKS, channel, start, end, px)
    assert len(least) == len(greatest) <= px
    if end <= start or not least:
        return
    assert x0 - 1e-9 <= start and x0 + len(least) * dx + 1e-9 >= min(end, 90)
    for column, (low, high) in enumerate(zip(least, greatest, strict=True)):
        part = SAMPLES[round((x0 + column * dx) * 8000) : round((x0 + (column + 1) * dx) * 8000), channel]
        assert low / FULL_SCALE <= part.min() and part.max() <= high / FULL_SCALE


@pytest.mark.parametrize("px", [1, 10, 100, 1000, 2400])
def test_a_view_is_not_much_coarser_than_asked_for(px):
    _, _, least, _ = read(PEAKS, 0, 0, 90, px)
    assert len(least) > min(px, 90 * PER_SECOND) / 2.5


def test_a_bound_is_no_looser_than_one_step_of_eight_bits():
    _, dx, least, greatest = read(PEAKS, 0, 3, 4, 1000)
    assert dx == 1 / PER_SECOND
    part = SAMPLES[3 * 8000 : 3 * 8000 + 160, 0]
    assert part.min() - least[0] / FULL_SCALE < 1 / FULL_SCALE
    assert greatest[0] / FULL_SCALE - part.max() < 1 / FULL_SCALE


@pytest.mark.parametrize("rate", [8000, 11025, 22050, 44100])
def test_a_mark_an_hour_in_is_where_it_was_at_any_rate(rate):
    building = Pyramid(rate)
    block = np.zeros((60 * rate, 1), dtype=np.float32)
    for _ in range(60):
        building.add(block)
    building.add(np.ones((rate, 1), dtype=np.float32))
    x0, dx, _, greatest = read(building.encoded(), 0, 3590, 3700, 100_000)
    assert x0 + greatest.index(FULL_SCALE) * dx == pytest.approx(3600, abs=1e-6)


def test_nothing_is_drawn_where_nothing_was_recorded():
    assert read(PEAKS, 0, 91, 95, 100)[2] == []
    assert read(PEAKS, 0, 50, 40, 100)[2] == []
    assert read(PEAKS, 0, -9, -1, 100)[2] == []


@pytest.mark.parametrize("damaged", [b"", b"CSP1", PEAKS[:-1], PEAKS + b"\0", b"XXXX" + PEAKS[4:]])
def test_bytes_that_are_no_peaks_are_refused(damaged):
    with pytest.raises(ValueError, match="peaks"):
        read(damaged, 0, 0, 1, 10)


def test_a_channel_that_was_not_recorded_is_refused():
    with pytest.raises(ValueError, match="no channel 2"):
        read(PEAKS, 2, 0, 1, 10)


def test_an_hour_of_two_channels_is_under_a_megabyte():
    building = Pyramid(8000)
    for _ in range(60):
        building.add(np.zeros((60 * 8000, 2), dtype=np.float32))
    assert len(building.encoded()) < 1_000_000
