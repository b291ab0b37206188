"""How the stance of a check is shown: its word, its icon, its tone."""

from typing import NamedTuple

from callstore.domain.facts.vocabulary import Stance


class StanceLook(NamedTuple):
    """How a check's stance is shown: never by colour alone."""

    word: str
    icon: str
    tone: str


SAYS: dict[Stance, StanceLook] = {
    "supports": StanceLook("supports", "check", "ok"),
    "contradicts": StanceLook("contradicts", "close", "bad"),
    "missing": StanceLook("missing", "question", "warn"),
    "not_applicable": StanceLook("not applicable", "minus", "quiet"),
}
