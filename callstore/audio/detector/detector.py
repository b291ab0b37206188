"""How likely somebody speaks, step by step of 32 ms: Silero's voice detector over all channels at once."""

import os
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

Scores: TypeAlias = NDArray[np.float32]  # (steps, channels), 0 to 1

STEP_MS = 32
RATES = (8_000, 16_000)  # the two that the model knows
# Each step is heard with its last eighth before it, as Silero feeds its own model.
BEFORE = 8
HIDDEN = 128
# More at once is not faster, and takes memory.
STEPS_A_RUN = 500


class Detector:
    """Remembers what each channel sounded like before; hears them in order, a stretch after the other."""

    def __init__(self, rate: int, channels: int) -> None:
        self.step = rate * STEP_MS // 1000  # samples
        self._session = _session(rate)
        self._before = np.zeros((self.step // BEFORE, channels), dtype=np.float32)
        self._memory = np.zeros((2, 1, channels, HIDDEN), dtype=np.float32)

    def scores(self, samples: NDArray[np.float32]) -> Scores:
        """One score for each step of the next samples (frames, channels), which are whole steps."""
        size = self.step * STEPS_A_RUN
        return np.concatenate([self._run(samples[at : at + size]) for at in range(0, len(samples), size)])

    def _run(self, samples: NDArray[np.float32]) -> Scores:
        heard = np.concatenate((self._before, samples))
        width = len(self._before) + self.step
        # (steps, channels, samples of a step and before)
        steps = np.ascontiguousarray(np.lib.stride_tricks.sliding_window_view(heard, width, 0)[:: self.step])
        hidden, cell = self._memory
        scores, *memory = self._session.run(None, {"steps": steps, "hidden": hidden, "cell": cell})
        self._before, self._memory = heard[len(samples) :], np.stack(memory)
        found: Scores = scores
        return found


@cache
def _session(rate: int) -> "InferenceSession":
    """The model, made once a process, on one core: two recordings are fetched side by side as it is.

    What it needs is imported by the first who hears: it takes some 40 MB, and most processes never hear.
    """
    # Else it writes down each process, machine and model for its maker, and sends that. Its own call to be
    # told no comes too late: by then the first line is written.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime

    from callstore.audio.detector.unroll import unrolled

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    model = unrolled(rate).SerializeToString()
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
