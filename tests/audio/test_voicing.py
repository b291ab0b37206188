"""The bits of a sound against the detector of recordings: one remembers nothing, the other everything."""

from pathlib import Path

import numpy as np
import pytest

from callstore.audio.speech import Listener
from callstore.audio.voicing import STEP_S, speech_bits
from callstore.audio.wave import Sound
from callstore.domain.facts.spans import intersect, merge, total

RECORDINGS = sorted(Path(__file__).parents[1].glob("scenarios/*/recording.wav"))


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.parent.name)
def test_the_bits_of_a_caller_lie_where_the_recordings_detector_hears_him(path):
    sound = Sound(path.read_bytes())
    caller = np.ascontiguousarray(np.concatenate(list(sound.blocks()))[:, 0])
    listener = Listener(sound.rate)
    listener.hear(caller[:, None])
    [heard] = listener.spans(sound.duration_s)
    bits = merge(
        ((i * STEP_S, (i + 1) * STEP_S) for i, bit in enumerate(speech_bits(caller)) if bit), bridge=0.3
    )
    both = total(intersect(bits, heard))
    assert both >= 0.93 * total(heard)
    assert total(bits) - both <= 0.4 + 0.05 * total(heard)


def test_what_is_left_of_a_step_counts_as_one():
    assert list(speech_bits(np.zeros(161, dtype=np.float32))) == [False, False]
    assert list(speech_bits(np.zeros(0, dtype=np.float32))) == []
