"""Who speaks when, as a story has it: the truth that sounds and labels are made of."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from callstore.rehearsal.simulation.phrases import Language

Speaker: TypeAlias = Literal["caller", "agent"]
Pace: TypeAlias = Callable[[Speaker, str, Language], float]  # seconds that it takes to say a text


@dataclass(frozen=True, slots=True)
class Utterance:
    """Words and when they were said (Unix seconds).

    Of the caller's: `heard` where the AI's detector opened for them, `written` where it gave their text.
    Of the agent's: `cut` where it ends because the caller began.
    """

    who: Speaker
    text: str
    start: float
    end: float
    heard: bool = True
    written: bool = True
    cut: bool = False


def by_letters(who: Speaker, text: str, language: Language) -> float:
    """How long a text takes where nobody says it aloud."""
    return len(text) / language.letters_per_s
