"""Records a labelled call: two channels as Twilio would have kept them, with all that lies on a line."""

import io
from random import Random

import numpy as np
import soundfile

from callstore.rehearsal.labelled import sounds
from callstore.rehearsal.labelled.scene import NO_SIDEBAND, Scene
from callstore.rehearsal.labelled.voices import RATE, Samples

# Shares of calls with each trouble, and what fills the quiet after the caller's last word.
ECHO, COUGHS, CLICKS, KEYS, NOISY, TAIL, SWAPPED = 0.4, 0.3, 0.3, 0.15, 0.25, 0.5, 0.04
TAILS = ("cough", "music", "keys", "noise")
TAIL_FROM_S = 2.5
# Only the AI's turns and playbacks tell which channel is whose.
ONLY_ONE_SIDE_TOLD = {*NO_SIDEBAND, "media_streams"}


def record(of: Scene) -> bytes | None:
    """recording.wav, or None where nothing was recorded; what was odd about it goes to `conditions`."""
    if of.recorded is None:
        return None
    start, end = of.recorded
    count = round((end - start) * RATE)
    agent = _Channel(count, start)
    for words in of.words:
        if words.who == "agent" and words.heard:
            agent.add(words.start, of.sound(words)[: _left(words.start, of.leg[1])])
    caller = _caller(of, count, start, agent.samples)
    agent.samples += sounds.floor("white", count, of.rng.uniform(-75, -60), of.rng)
    channels = [sounds.mu_law(caller.samples), sounds.mu_law(agent.samples)]
    if of.witnesses == "mono":
        channels = [sounds.mu_law(caller.samples + agent.samples)]
    elif of.rng.random() < SWAPPED and not {of.witnesses, *of.conditions} & ONLY_ONE_SIDE_TOLD:
        of.conditions.add("swapped")
        channels.reverse()
    file = io.BytesIO()
    soundfile.write(file, np.column_stack(channels), RATE, format="WAV", subtype="PCM_16")
    return file.getvalue()


class _Channel:
    """Samples from a moment on; what falls outside is not heard."""

    def __init__(self, count: int, start: float) -> None:
        self.samples: Samples = np.zeros(count, dtype=np.float32)
        self.start = start

    def add(self, at: float, sound: Samples) -> None:
        place = round((at - self.start) * RATE)
        sound, place = sound[max(0, -place) :], max(0, place)
        sound = sound[: max(0, len(self.samples) - place)]
        self.samples[place : place + len(sound)] += sound


def _caller(of: Scene, count: int, start: float, agent: Samples) -> _Channel:
    rng, channel = of.rng, _Channel(count, start)
    for words in of.words:
        if words.who == "caller":
            channel.add(words.start, of.sound(words) if words.text else sounds.cough(rng))
    _troubles(of, channel)
    _tail(of, channel)
    noisy = rng.random() < NOISY
    kind = rng.choice(list(sounds.FLOORS))
    if noisy:
        of.conditions.add(f"noise_{kind}")
    channel.samples += sounds.floor(
        kind, count, rng.uniform(-50, -40) if noisy else rng.uniform(-75, -52), rng
    )
    if rng.random() < ECHO:
        of.conditions.add("echo")
        channel.samples += sounds.echo(agent, rng.uniform(0.03, 0.4), rng.uniform(9.0, 34.0), rng)
    return channel


def _troubles(of: Scene, channel: _Channel) -> None:
    """Coughs, clicks and keys, anywhere but in the caller's own words."""
    rng = of.rng
    for name, share, make in (
        ("cough", COUGHS, sounds.cough),
        ("clicks", CLICKS, sounds.click),
        ("keys", KEYS, sounds.dtmf),
    ):
        if rng.random() < share:
            of.conditions.add(name)
            for _ in range(rng.randrange(1, 4)):
                sound = make(rng)
                at = _quiet(of, rng, len(sound) / RATE)
                if at is not None:
                    channel.add(at, sound)


def _quiet(of: Scene, rng: Random, length_s: float) -> float | None:
    """A moment from which on the caller says nothing for so long."""
    start, end = of.leg
    own = [words for words in of.words if words.who == "caller"]
    for _ in range(20):
        at = rng.uniform(start, end)
        if all(at + length_s < words.start or at > words.end for words in own):
            return at
    return None


def _tail(of: Scene, channel: _Channel) -> None:
    """What sounds on the line after the caller's last word, where that is long enough."""
    rng, end = of.rng, of.leg[1]
    last = max([words.end for words in of.words if words.start < end], default=end)
    left = end - last
    if left < TAIL_FROM_S or rng.random() > TAIL:
        return
    kind = rng.choice(TAILS)
    of.conditions.add(f"tail_{kind}")
    if kind == "cough":
        channel.add(end - rng.uniform(0.5, 1.8), sounds.cough(rng))
    elif kind == "keys":
        channel.add(end - rng.uniform(1.0, 2.0), sounds.dtmf(rng))
    elif kind == "music":
        channel.add(last + 0.4, sounds.music(left, rng))
    else:
        noise = sounds.floor(rng.choice(list(sounds.FLOORS)), round(left * RATE), rng.uniform(-35, -25), rng)
        channel.add(last + 0.4, noise)


def _left(at: float, end: float) -> int:
    return max(0, round((end - at) * RATE))
