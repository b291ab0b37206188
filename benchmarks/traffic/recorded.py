"""Calls with a recording of the length of the call, in the log and projected: what a page has to show."""

import io
import re
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import numpy as np
import soundfile

from benchmarks.fold import long_call
from benchmarks.live_call import draft
from benchmarks.traffic.calls import batches, copy
from callstore.audio.peaks import Pyramid
from callstore.audio.wave import Sound
from callstore.domain.facts.events import RecordingAnalysed, RecordingStatus
from callstore.domain.facts.record import Draft
from callstore.eventlog.writing import homes
from callstore.eventlog.writing.append import append
from callstore.media.storage import storage
from callstore.projection import projector

RATE = 8_000
TALK = sorted((Path(__file__).parents[2] / "tests" / "scenarios").glob("*/recording.wav"))


class Recorded(NamedTuple):
    """A call and its recording: our id, how many events and seconds it has, the recording's SID."""

    call: UUID
    events: int
    seconds: float
    recording: str


def recorded_call(events: int, length_s: float) -> Recorded:
    """A call of about so many events over so many seconds that has just ended, its recording kept."""
    told = [draft(record, 0.0) for record in long_call(events, length_s)]
    drafts = copy(told, time.time() - 60)
    moved, media = drafts[0].occurred.at - told[0].occurred.at, _kept(length_s)
    drafts = [_with_sound(each, media, moved) for each in drafts]
    for batch in batches(iter(drafts), 500):
        append(batch)
    trace = homes.home_of(drafts[-1]).trace
    projector.project([trace], replay=True)
    [recording] = {found[0] for each in drafts for found in re.finditer(r"RE\w{32}", str(each.event))}
    return Recorded(trace, len(drafts), length_s, recording)


def _with_sound(each: Draft, key: str, moved: float) -> Draft:
    """The fact with where the recording is kept, or with when it began."""
    event = each.event
    if isinstance(event, RecordingAnalysed):
        return replace(each, event=replace(event, media=f"{key}.wav", peaks=f"{key}.peaks"))
    if isinstance(event, RecordingStatus) and event.started_at:
        return replace(each, event=replace(event, started_at=event.started_at + moved))
    return each


def _kept(length_s: float) -> str:
    """The key under which talk of that length and its peaks are kept: real voices, again and again."""
    talk = np.concatenate([soundfile.read(path)[0] for path in TALK])
    key, left = f"bench-{length_s:.0f}", round(length_s * RATE)
    with tempfile.TemporaryFile() as file:
        with soundfile.SoundFile(file, "w", RATE, 2, "PCM_16", format="WAV") as sound:
            while left > 0:
                sound.write(talk[:left])
                left -= len(talk[:left])
        file.seek(0)
        pyramid = Pyramid(RATE)
        for block in Sound(file).blocks():
            pyramid.add(block)
        file.seek(0)
        storage().put(f"{key}.wav", file)
    storage().put(f"{key}.peaks", io.BytesIO(pyramid.encoded()))
    return key
