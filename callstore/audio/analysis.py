"""One pass over a recording: who spoke when, what was echo, and the waveform."""

from dataclasses import dataclass
from typing import BinaryIO

from callstore.audio import echo
from callstore.audio.peaks import Pyramid
from callstore.audio.speech import Listener
from callstore.audio.wave import Sound
from callstore.domain.facts.events import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """What was heard. Spans are seconds from the first sample, sorted, apart and inside the recording.

    `caller` and `echo` together are the speech on the first channel. With one channel everybody is on
    it: `caller` then holds all speech of the call, and only who knows the track may say whose it is.
    `agent` is all speech on the second channel, `agent_echo` what of it is the caller's echo.
    """

    duration_s: float
    kind: str  # of the file: wav, mp3, flac or ogg
    sample_rate: int
    channels: int
    caller: tuple[Span, ...]
    agent: tuple[Span, ...]
    echo: tuple[Span, ...]
    agent_echo: tuple[Span, ...]
    peaks: bytes


def analyse(source: bytes | BinaryIO) -> Analysis:
    """Hears a whole recording, given as bytes or as a seekable stream. Raises Unreadable.

    With a stream the memory does not grow with the recording's length.
    """
    sound = Sound(source)
    pyramid = Pyramid(sound.rate)
    listener = Listener(sound.rate, sound.channels)
    for block in sound.blocks():
        pyramid.add(block)
        listener.hear(block)
    caller, *others = listener.spans(sound.duration_s)
    agent = others[0] if others else ()
    own, echoed = echo.split(sound, caller, agent)
    _, returned = echo.split(sound, agent, caller, channel=1)
    return Analysis(
        duration_s=round(sound.duration_s, 3),
        kind=sound.kind,
        sample_rate=sound.rate,
        channels=sound.channels,
        caller=tuple(own),
        agent=agent,
        echo=tuple(echoed),
        agent_echo=tuple(returned),
        peaks=pyramid.encoded(),
    )
