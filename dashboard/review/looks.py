"""How the states of a review look on pages."""

from typing import NamedTuple

from callstore.domain.facts.vocabulary import REVIEW_STATES, ReviewState


class StateLook(NamedTuple):
    """How a state is shown: never by colour alone."""

    word: str
    icon: str
    tone: str


LOOKS: dict[ReviewState, StateLook] = {
    "new": StateLook("New", "flag", "quiet"),
    "investigating": StateLook("Investigating", "search", "info"),
    "confirmed": StateLook("Confirmed", "warning", "bad"),
    "not_suspicious": StateLook("Not suspicious", "check", "ok"),
    "resolved": StateLook("Resolved", "check", "ok"),
}
STATES = [(state, LOOKS[state].word) for state in REVIEW_STATES]
