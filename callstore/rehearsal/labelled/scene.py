"""One labelled call before it is written down: who said what when, what is recorded, who witnesses it."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from random import Random

from callstore.rehearsal.labelled import endings
from callstore.rehearsal.labelled.voices import RATE, Samples, Voice, say, voice
from callstore.rehearsal.simulation.phrases import Language
from callstore.rehearsal.simulation.speech import Speaker, Utterance
from callstore.rehearsal.simulation.story import Manner, PlayedCall, play

# Witness sets and how many of a hundred calls have them. `lossy`: a callback or two never arrived.
WITNESSES = {
    "all": 54, "mono": 7, "short_recording": 4, "no_recording": 13, "no_sideband": 9,
    "no_dial_action": 6, "bare": 4, "lossy": 3,
}  # fmt: skip
RECORDED = frozenset({"all", "mono", "short_recording", "no_sideband", "no_dial_action", "lossy"})
DUAL = RECORDED - {"mono", "short_recording"}
NO_SIDEBAND = frozenset({"no_sideband", "bare"})
NO_DIAL_ACTION = frozenset({"no_dial_action", "bare"})
BEGIN = 1_790_000_000.0
APART_S = 1000.0  # between two calls
LONGEST_TALK_S = 45.0


@dataclass
class Scene:
    """`words` are placed as the recording has them, on Twilio's clock. `conditions` name what is odd.

    `skew_s` is how far the application's clock is off.
    """

    number: int
    ending: str
    witnesses: str
    rng: Random
    played: PlayedCall
    voices: dict[str, Voice]
    words: list[Utterance]
    skew_s: float
    conditions: set[str] = field(default_factory=set)
    recorded: tuple[float, float] | None = None  # from when to when

    @property
    def transcribed(self) -> bool:
        """Whether Twilio's own transcription was on: of every other call without a recording."""
        return self.witnesses == "no_recording" and self.played.legs.answered > 0 and self.number % 2 == 0

    @property
    def language(self) -> Language:
        return self.played.legs.line.language

    @property
    def leg(self) -> tuple[float, float]:
        """From the AI leg's answer to its end."""
        return self.played.legs.answered, self.played.legs.ended

    def sound(self, words: Utterance) -> Samples:
        """What was said, cut where it was cut."""
        return say(words.text, self.voices[words.who])[: round((words.end - words.start) * RATE)]


def scene(seed: int, number: int, only: str | None = None) -> Scene:
    """The call of this number. The same seed and number give the same call; `only` fixes its ending."""
    rng = Random(f"labelled:{seed}:{number}")
    known = endings.ENDINGS
    name = only or rng.choices(list(known), weights=[ending.weight for ending in known.values()])[0]
    witnesses = rng.choices(list(WITNESSES), weights=list(WITNESSES.values()))[0]
    cast: dict[str, Voice] = {}
    manner = Manner(
        pace=_pace(cast, rng),
        jitter_s=rng.uniform(0.005, 0.06),
        lasts_s=rng.uniform(4.0, LONGEST_TALK_S),
        lost=0.0,
    )
    begin = BEGIN + number * APART_S + rng.random()
    played = play(rng, begin, known[name], manner=manner)
    found = Scene(number, name, witnesses, rng, played, cast, _placed(played, rng), _skew(rng))
    if abs(found.skew_s) > 0.4:
        found.conditions.add("skewed_far" if abs(found.skew_s) > 2.0 else "skewed")
    if played.legs.answered and witnesses in RECORDED:
        found.recorded = _recorded(found)
    return found


def _pace(cast: dict[str, Voice], rng: Random) -> Callable[[Speaker, str, Language], float]:
    """Texts take as long as the voices need, which are chosen when the language is known."""

    def length(who: Speaker, text: str, language: Language) -> float:
        if who not in cast:
            cast[who] = voice(rng, language.code)
        return len(say(text, cast[who])) / RATE if text else 0.0

    return length


def _placed(played: PlayedCall, rng: Random) -> list[Utterance]:
    """Twilio records the caller before the AI hears them, and the agent after it began to speak."""
    before, after = rng.uniform(0.02, 0.2), rng.uniform(0.02, 0.2)
    moved = []
    for words in played.session.spoken:
        by = -before if words.who == "caller" else after
        moved.append(replace(words, start=words.start + by, end=words.end + by))
    return moved


def _skew(rng: Random) -> float:
    """Most clocks are right to a tenth; a few are a second off, and one in forty by much more."""
    chance = rng.random()
    if chance < 0.82:
        return rng.gauss(0.0, 0.07)
    if chance < 0.975:
        return rng.uniform(-1.4, 1.4)
    return rng.choice((-1, 1)) * rng.uniform(3.0, 30.0)


def _recorded(of: Scene) -> tuple[float, float]:
    """A recording begins and ends about when the leg does, or stops early, or is of the caller's leg."""
    rng, (answered, ended) = of.rng, of.leg
    start, end = answered + rng.uniform(0.0, 0.4), ended + rng.uniform(-0.25, 0.1)
    if of.witnesses == "short_recording":
        return start, max(start + 2.0, ended - rng.uniform(1.6, 4.0))
    if rng.random() < 0.07:
        of.conditions.add("longer_recording")
        return of.played.legs.dialled + rng.uniform(0.0, 0.5), ended + rng.uniform(0.1, 0.6)
    return start, end
