"""The filters that are a click away."""

from typing import NamedTuple

from callstore.people.seeds import SEEDS
from callstore.search.keys import KEYS
from dashboard.calls.list_url import Address
from dashboard.calls.query import Query

# Of the seeded views, as these ask: so a name means one thing above the list and among the views.
ICONS = {
    "clean-but-cut-off": "cut",
    "ai-silent-first": "silent",
    "no-ai-close-event": "unplugged",
    "sources-missing": "no-record",
    "live-now": "live",
}
FILTERS = (("All", "", ""), *((seed.name, seed.q, ICONS[seed.slug]) for seed in SEEDS if seed.slug in ICONS))


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
