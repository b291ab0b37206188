"""Laying a recording on turns is exact, and takes no time to speak of."""

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callstore.domain.analysis.alignment import align
from callstore.domain.facts.spans import shift


def _speech(count: int, seed: int = 0):
    chance, at, spans = random.Random(seed), 1.0, []
    for _ in range(count):
        length = chance.uniform(0.6, 5.0)
        spans.append((at, at + length))
        at += length + chance.uniform(0.5, 8.0)
    return spans


@given(st.integers(1, 30), st.floats(-1.2, 1.2), st.integers(0, 9))
def test_a_start_near_the_stamp_is_found_to_a_tenth(count, off, seed):
    speech = _speech(count, seed)
    found = align(speech, [], shift(speech, 1000.0 + off), [], 1000.0)
    assert found.start == pytest.approx(1000.0 + off, abs=0.1)


def test_edges_that_are_a_little_off_do_not_matter():
    chance, speech = random.Random(1), _speech(12)
    turns = [
        (s + 1000 + chance.uniform(-0.15, 0.15), e + 1000 + chance.uniform(-0.15, 0.15)) for s, e in speech
    ]
    assert align(speech, [], turns, [], 1000.4).start == pytest.approx(1000.0, abs=0.16)


def test_nothing_is_laid_on_nothing():
    assert align([], [], [(1.0, 2.0)], [], 0.0) is None
    assert align([(1.0, 2.0)], [], [], [], 0.0) is None


def test_thousands_of_turns_are_laid_in_a_blink():
    speech = _speech(4000)
    turns = shift(_speech(4000, seed=5), 1000.0)
    start = time.perf_counter()
    align(speech, speech, turns, turns, 1000.0)
    assert time.perf_counter() - start < 2.0
