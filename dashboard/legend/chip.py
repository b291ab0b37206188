"""A chip and what it means."""

from typing import NamedTuple


class Chip(NamedTuple):
    """Its word, icon and tone as the pages show it, its meaning, and the query of the calls that have it."""

    word: str
    icon: str
    tone: str
    about: str
    term: str = ""
