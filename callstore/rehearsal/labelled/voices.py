"""Speech from espeak-ng: a text in a voice, as clean samples at 8 kHz."""

import ctypes
from dataclasses import dataclass
from functools import cache
from random import Random

import espeakng_loader
import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]
RATE = 8000
SYNCHRONOUS, UTF8 = 2, 1
SPEED, PITCH, RANGE = 1, 3, 4  # espeak_PARAMETER
# All of espeak-ng's plain voices; its robots and characters do not sound like a person.
TIMBRES = ("", "+f1", "+f2", "+f3", "+f4", "+f5", "+m1", "+m2", "+m3", "+m4", "+m5", "+m6", "+m7", "+m8")
ACCENTS = {
    "en": ("en-us", "en-gb-x-rp", "en-gb-scotland"),
    "ja": ("ja",),
    "es": ("es", "es-419"),
    "fr": ("fr", "fr-be"),
    "de": ("de",),
}
# espeak-ng reads no Kanji, so one of these is said instead.
KANA = (
    "もしもし、みつもりのけんで、おでんわしました。",
    "そうですね、らいしゅうの、げつようびは、どうでしょうか。",
    "はい、おねがいします。",
    "すみません、もういちど、いってもらえますか。",
    "それで、ひようは、どのくらい、かかりますか。",
    "せんしゅうから、だいどころの、みずが、とまらないんです。",
)
# Below this share of an utterance's peak there is no voice in a stretch of 10 ms.
QUIET = 0.02
STEP = RATE // 100
LEVEL = 0.12  # root mean square of every utterance


@dataclass(frozen=True, slots=True)
class Voice:
    """`speed` in words a minute; `pitch` and `range` of 100; `level_db` against an ordinary voice."""

    language: str
    name: str
    speed: int
    pitch: int
    range: int
    level_db: float


def voice(rng: Random, language: str) -> Voice:
    """Somebody who speaks this language."""
    return Voice(
        language,
        rng.choice(ACCENTS[language]) + rng.choice(TIMBRES),
        rng.randrange(125, 215),
        rng.randrange(20, 85),
        rng.randrange(25, 80),
        rng.uniform(-8.0, 4.0),
    )


@cache
def say(text: str, who: Voice) -> Samples:
    """The text in this voice, from its first sound to its last."""
    if any("一" <= letter <= "龥" for letter in text):
        text = KANA[sum(map(ord, text)) % len(KANA)]
    speech = _narrow(_spoken(text, who))
    loud = np.flatnonzero(audible(speech))
    speech = speech[loud[0] * STEP : (loud[-1] + 1) * STEP]
    level = LEVEL * 10 ** (who.level_db / 20) / np.sqrt(np.mean(speech**2))
    return (speech * np.float32(level)).astype(np.float32)


def audible(speech: Samples) -> NDArray[np.bool_]:
    """Whether there is a voice, for each 10 ms of clean speech."""
    steps = speech[: len(speech) // STEP * STEP].reshape(-1, STEP)
    level = np.sqrt(np.mean(steps**2, axis=1))
    loud: NDArray[np.bool_] = level > QUIET * level.max()
    return loud


def _narrow(speech: Samples) -> Samples:
    """What a telephone passes of it, 300 to 3,400 Hz, at 8 kHz."""
    count = round(len(speech) * RATE / _library().rate)
    tones = np.fft.rfft(speech)[: count // 2 + 1]
    hertz = np.arange(len(tones)) * _library().rate / len(speech)
    rise = np.clip((hertz - 200) / 150, 0, 1) * np.clip((3600 - hertz) / 300, 0, 1)
    return np.fft.irfft(tones * rise, count).astype(np.float32)


def _spoken(text: str, who: Voice) -> Samples:
    library = _library()
    engine = library.engine
    if engine.espeak_SetVoiceByName(who.name.encode()):
        raise ValueError(f"espeak-ng has no voice {who.name}")
    for parameter, value in ((SPEED, who.speed), (PITCH, who.pitch), (RANGE, who.range)):
        engine.espeak_SetParameter(parameter, value, 0)
    library.heard.clear()
    data = text.encode()
    engine.espeak_Synth(data, len(data) + 1, 0, 0, 0, UTF8, None, None)
    return np.concatenate(library.heard).astype(np.float32) / np.float32(32768)


class _Library:
    """espeak-ng, opened once in a process; what it says is appended to `heard`."""

    def __init__(self) -> None:
        self.engine = ctypes.CDLL(espeakng_loader.get_library_path())
        data = espeakng_loader.get_data_path().encode()
        self.rate: int = self.engine.espeak_Initialize(SYNCHRONOUS, 0, data, 0)
        if self.rate <= 0:
            raise OSError(f"espeak-ng did not start with the data in {data.decode()}")
        self.heard: list[NDArray[np.int16]] = []
        kind = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)
        self._callback = kind(self._take)  # kept, or the library would call into freed memory
        self.engine.espeak_SetSynthCallback(self._callback)

    def _take(self, samples: "ctypes._Pointer[ctypes.c_short]", count: int, _events: int) -> int:
        if samples and count > 0:
            self.heard.append(np.ctypeslib.as_array(samples, (count,)).copy())
        return 0


@cache
def _library() -> _Library:
    return _Library()
