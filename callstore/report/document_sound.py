"""The part of a call's document that tells of a recording.

Seconds named `*_s` count from the call's start, `positions` are places in the log, None is not known.
"""

from typing import TypedDict

from callstore.domain.facts.vocabulary import SourceState


class RecordingPart(TypedDict):
    """A recording and the speech in it, as [start, end] of each stretch."""

    recording: str
    leg: str
    status: str | None
    state: SourceState
    failure: str | None
    removed_at: str | None
    url: str | None
    account: str | None
    channels: int | None
    duration_s: float | None
    start_s: float | None
    spread_s: float
    aligned: bool
    clock_offset_s: float | None
    nudged_s: float
    channels_swapped: bool
    media: str | None
    peaks: str | None
    analyser: str | None
    caller: list[list[float]]
    agent: list[list[float]]
    bleed: list[list[float]]
    echo: list[list[float]]
    positions: list[int]
