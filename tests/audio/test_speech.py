"""Speech, heard in one channel: where it begins and ends, at any rate, and what is none."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callstore.audio.detector.detector import Detector
from callstore.audio.speech import (
    ENTER,
    HELD_STEPS,
    SHORTEST_S,
    STEP_S,
    SURE,
    WEAKEST_DB,
    Listener,
    resampled,
    spans,
)
from tests.audio.sounds import RATE, bridged, noise, silence, speech, total


def heard(samples, rate=RATE):
    listener = Listener(rate)
    listener.hear(column(samples))
    [found] = listener.spans(len(samples) / rate)
    return found


def column(samples):
    """One channel as a block of samples."""
    return np.ascontiguousarray(samples, dtype=np.float32)[:, None]


@cache
def heard_of(scenario, channel):
    """What is heard in a recorded channel as it is."""
    return heard(speech(scenario, channel))


def loud(samples, above_db=-50, step_s=0.005):
    """Where a recording with silent pauses is louder than its floor: the truth for edges."""
    width = round(step_s * RATE)
    frames = samples[: len(samples) // width * width].reshape(-1, width)
    level = 10 * np.log10(np.mean(frames**2, axis=1) + 1e-12) > above_db
    steps = [(i * step_s, (i + 1) * step_s) for i in np.flatnonzero(level)]
    return [span for span in bridged(steps) if span[1] - span[0] > 0.1]


SPOKEN = [(name, channel) for name in ("founding_call", "natural_end", "tail_loss") for channel in (0, 1)]


@pytest.mark.parametrize(("scenario", "channel"), SPOKEN)
@pytest.mark.parametrize(("floor_db", "within"), [(None, 0.15), (-45, 0.15), (-35, 0.3)])
def test_edges_are_where_the_sound_is_on_a_quiet_and_on_a_noisy_line(scenario, channel, floor_db, within):
    clean = speech(scenario, channel)
    truth = loud(clean)
    if floor_db is None:
        found = bridged(heard_of(scenario, channel))
    else:
        found = bridged(heard(clean + noise(len(clean), floor_db)))
    assert len(truth) >= 2
    for start, end in truth:
        over = [span for span in found if span[0] < end and span[1] > start]
        assert over, f"speech at {start:.2f} s was not heard"
        assert abs(over[0][0] - start) < within
        assert abs(over[-1][1] - end) < within
    assert total(found) == pytest.approx(total(truth), rel=0.06)


def test_speech_that_the_recording_cuts_lasts_to_its_last_sample():
    samples = speech("drop_mid_speech", 0)
    assert heard(samples)[-1][1] == round(len(samples) / RATE, 3)


def dtmf(low, high, on_s, every_s, seconds=20):
    at = np.arange(seconds * RATE) / RATE
    tone = 0.25 * np.sin(2 * np.pi * low * at) + 0.25 * np.sin(2 * np.pi * high * at)
    return (tone * (at % every_s < on_s)).astype(np.float32)


NOT_SPEECH = {
    "silence": silence(20),
    "line noise": noise(20 * RATE, -35),
    "bursts of noise": noise(20 * RATE, -15) * (np.arange(20 * RATE) % RATE < RATE // 5),
    "the key 1": dtmf(697, 1209, 0.2, 1.0),
    "a ringback tone": dtmf(440, 480, 2.0, 6.0),
    "clicks": (np.arange(20 * RATE) % 4001 == 0).astype(np.float32),
}


@pytest.mark.parametrize("sound", NOT_SPEECH)
def test_what_telephones_do_by_themselves_is_no_speech(sound):
    assert heard(NOT_SPEECH[sound].astype(np.float32)) == ()


@pytest.mark.parametrize("rate", [16000, 22050, 44100, 48000])
def test_other_rates_hear_the_same_speech(rate):
    samples = speech("natural_end", 0)
    expected = bridged(heard_of("natural_end", 0))
    at = np.arange(round(len(samples) * rate / RATE)) * RATE / rate
    found = bridged(heard(np.interp(at, np.arange(len(samples)), samples).astype(np.float32), rate))
    assert len(found) == len(expected)
    assert np.allclose(found, expected, atol=0.15)


def test_blocks_are_heard_as_one_stream():
    samples = speech("founding_call", 0)
    whole, parts = Listener(RATE), Listener(RATE)
    whole.hear(column(samples))
    for at in range(0, len(samples), 8 * RATE):
        parts.hear(column(samples[at : at + 8 * RATE]))
    assert parts.spans(29.0) == whole.spans(29.0)


def test_resampling_keeps_the_mean_and_the_length():
    samples = noise(44100, -10) + np.float32(0.25)
    fewer = resampled(column(samples), 44100, 16000)
    assert len(fewer) == 16000
    assert fewer.mean() == pytest.approx(samples.mean(), abs=1e-4)


STEPS = st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), max_size=200)


@given(STEPS, st.floats(0, STEP_S, exclude_max=True))
def test_spans_are_sorted_apart_and_inside_for_any_scores(steps, missing):
    duration = max(len(steps) * STEP_S - missing, 0.0)
    found = spans([score for score, _ in steps], [power for _, power in steps], duration)
    edges = [edge for span in found for edge in span]
    assert edges == sorted(edges)
    assert all(end - start >= SHORTEST_S - 0.001 for start, end in found)
    assert not edges or (edges[0] >= 0 and edges[-1] <= round(duration, 3))


def even(*scores, power=0.1):
    return spans(scores, [power] * len(scores), len(scores) * STEP_S)


def test_a_score_between_the_thresholds_keeps_nothing_open():
    between = (ENTER + SURE) / 2
    assert even(*[between] * 50, 0.0) == ()
    opened = even(*[0.0] * 10, 0.9, *[between] * 39, 0.0)
    assert opened == ()  # a single step is no word
    assert even(*[0.0] * 10, *[0.9] * 5, *[between] * 39, 0.0) == (
        (round(9 * STEP_S, 3), round(15 * STEP_S, 3)),
    )


def test_a_dip_in_a_word_is_no_end_and_an_end_is_where_speech_was_last_sure():
    dipped = even(*[0.9] * 20, *[0.0] * HELD_STEPS, *[0.9] * 20, *[0.0] * 20)
    assert dipped == ((0.0, round((40 + HELD_STEPS) * STEP_S, 3)),)
    assert len(even(*[0.9] * 20, *[0.0] * (HELD_STEPS + 1), *[0.9] * 20, *[0.0] * 20)) == 2


def test_what_is_far_weaker_than_the_speaker_is_not_the_speaker():
    loud, weak = 0.1, 0.1 * 10 ** (-(WEAKEST_DB + 1) / 10)
    powers = [loud] * 30 + [weak] * 30 + [loud] * 30
    assert spans([0.9] * 90, powers, 90 * STEP_S) == (
        (0.0, round(30 * STEP_S, 3)),
        (round(59 * STEP_S, 3), round(90 * STEP_S, 3)),
    )
    pause = [loud] * 30 + [weak] * HELD_STEPS + [loud] * 30
    assert len(spans([0.9] * len(pause), pause, len(pause) * STEP_S)) == 1


def test_a_voice_that_is_weak_throughout_is_heard():
    samples = speech("natural_end", 0)
    assert total(heard(samples * np.float32(0.03))) == pytest.approx(
        total(heard_of("natural_end", 0)), rel=0.06
    )


def test_two_channels_heard_together_are_heard_as_each_alone():
    both = np.stack([speech("founding_call", 0), speech("founding_call", 1)], axis=1)
    listener = Listener(RATE, 2)
    listener.hear(both)
    assert listener.spans(29.0) == [heard_of("founding_call", 0), heard_of("founding_call", 1)]


def test_an_hour_in_which_nobody_is_heard_costs_the_detector_nothing(monkeypatch):
    given = []
    scores = Detector.scores
    monkeypatch.setattr(Detector, "scores", lambda of, wave: given.append(len(wave)) or scores(of, wave))
    listener = Listener(RATE)
    for _ in range(60):
        listener.hear(column(silence(60)))
    assert listener.spans(3600) == [()]
    assert sum(given) < 10 * RATE


def test_what_is_heard_after_a_long_silence_is_what_was_always_heard():
    """The model remembers what went before: silence is told to it after all once there is sound again."""
    quiet, spoken = silence(90), speech("founding_call", 0)
    whole = np.concatenate((spoken, quiet, spoken, quiet))
    whole = whole[: len(whole) // 256 * 256]
    plain = Detector(RATE, 1).scores(column(whole))[:, 0]
    listener = Listener(RATE)
    for start in range(0, len(whole), 8 * RATE):
        listener.hear(column(whole[start : start + 8 * RATE]))
    heard = np.asarray(listener._scores[0])
    sounding = whole.reshape(-1, 256).any(axis=1)
    assert heard[sounding] == pytest.approx(plain[sounding], abs=1e-5)
    assert np.abs(heard - plain).max() < 0.01
