"""The filters that are a click away."""

from typing import NamedTuple

from callstore.search.keys import KEYS
from dashboard.calls.list_url import Address
from dashboard.calls.query import Query

FILTERS = (
    ("All", "", ""),
    ("Clean but cut off", "is:truncated status:completed sip:200", "cut"),
    ("AI silent first", "verdict:ai_silent_first", "silent"),
    ("No AI close", "no:ai_close", "unplugged"),
    ("Sources missing", "no:recording", "no-record"),
    ("Live now", "is:live", "live"),
)


class Preset(NamedTuple):
    """A filter by its name; `active` where the list shows exactly it."""

    name: str
    query: str
    icon: str
    url: str
    active: bool


def presets(address: Address, query: Query | None) -> list[Preset]:
    """Every quick filter as a link in the order that is chosen; without a query none is active."""
    now = query.text if query else None
    return [Preset(name, q, icon, address.asking(q).url, q == now) for name, q, icon in FILTERS]


class Example(NamedTuple):
    """A key of the query language by its example, as a link, and what it asks."""

    example: str
    about: str
    url: str


def examples(address: Address) -> list[Example]:
    """Every key once."""
    return [Example(key.example, key.about, address.asking(key.example).url) for key in KEYS.values()]
