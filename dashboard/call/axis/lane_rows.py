"""Where the lanes lie under each other, in pixels. Pure."""

from collections.abc import Iterable
from itertools import accumulate
from typing import NamedTuple

LOW, TALL = 26, 38  # a lane of bars; a lane with a waveform
WAVES = {"caller_audio": 1, "agent_audio": 2}  # lane → channel of the recording, unless they are swapped


class Row(NamedTuple):
    """Where a lane lies, in pixels from the top."""

    top: int
    height: int

    @property
    def middle(self) -> float:
        return self.top + self.height / 2


def rows(lanes: Iterable[str]) -> dict[str, Row]:
    """The place of each lane, under each other in this order."""
    lanes = list(lanes)
    heights = [TALL if lane in WAVES else LOW for lane in lanes]
    tops = accumulate(heights, initial=0)
    return {lane: Row(top, height) for lane, top, height in zip(lanes, tops, heights, strict=False)}
