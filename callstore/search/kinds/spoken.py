"""Words that were said, and numbers and ids: which terms ask for them, and of which calls they are."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from callstore.domain.facts import ids
from callstore.projection.words import find, said
from callstore.projection.words.find import Asked
from callstore.projection.words.sought import SPOKEN, Sought, sought, within_ids
from callstore.projection.words.tokens import Side
from callstore.search.conditions import Where, joined
from callstore.search.keys import KEYS, Key
from callstore.search.limits import named_id
from callstore.search.tree import And, Anything, Filter, Literal, OneOf, Or, Term, Word
from callstore.search.values import plain

# Says of which calls some words are, all of them: it may have to ask the index.
Find: TypeAlias = Callable[[Sequence[Sought]], Asked]

SIDES: dict[str, tuple[Side, ...]] = {
    "transcript": SPOKEN, "caller": ("caller",), "agent_said": ("agent",),
}  # fmt: skip
IDS = frozenset(said.IDS)


def sought_by(term: Term) -> Sought | None:
    """The one word or phrase that a term asks for; None for a term that asks for anything else."""
    match term:
        case Word(literal) if not named_id(term):
            return sought(_parts(literal), ids=True)
        case Filter(key, Literal() as literal) if is_of_words(key):
            return sought(_parts(literal), SIDES[key.lower()])
        case _:
            return None


def of_ids(key: Key, term: Filter) -> Sought | None:
    """What the index of words knows of a number or an id that a key asks for: no call without it is meant.

    None where it says nothing: of other keys, of several values, of what is too short.
    """
    if key.kind != "name" or not IDS.issuperset(key.fields) or not isinstance(term.value, Literal):
        return None
    text = term.value.text
    if not text.isascii() or ids.whole(text):  # a whole id has an index of its own
        return None
    word = within_ids(_parts(term.value))
    return word if word and word[0].tokens else None


def is_of_words(key: str) -> bool:
    """True for the key of words that were said."""
    kind = KEYS.get(key.lower())
    return kind is not None and kind.kind == "text"


def words_of(term: Term) -> list[Sought]:
    """Every word that a call may be found by; not those that it must not have."""
    match term:
        case And(terms) | Or(terms):
            return [word for each in terms for word in words_of(each)]
        case Filter(key, OneOf(several)) if is_of_words(key):
            return [sought(_parts(each), SIDES[key.lower()]) for each in several]
        case _:
            word = sought_by(term)
            return [word] if word else []


def spoken(words: Sequence[Sought], found: Find) -> Where:
    """The condition that a call has all of these words."""
    return Where(*found(words))


def of_filter(term: Filter, found: Find) -> Where:
    """The condition of a key of words whose value is not one literal. Raises QueryError."""
    name = term.key.lower()
    if isinstance(term.value, Anything):
        sides = [Where(*find.anything(side)) for side in SIDES[name]]
        return joined("OR", sides)
    literals = plain(name, term)
    return joined("OR", [spoken([sought(_parts(each), SIDES[name])], found) for each in literals])


def _parts(literal: Literal) -> list[str]:
    return [literal.text] if literal.quoted else literal.text.split("*")
