"""The column of facets: of each key its values with their counts, and where a click on them leads."""

from dataclasses import dataclass, field
from datetime import datetime

from callstore.search.facets.catalogue import FACETS, Facet
from callstore.search.facets.count import MOST, Value, counted
from callstore.search.facets.edit import Edited
from dashboard.calls.list_url import Address

SHOWN = 7  # of a facet; the others are a click away
OPEN = ("verdict", "is", "gap", "status", "ended_by", "agent")  # before a reader has opened or closed any
SPELT = {"ai": "AI", "app": "App", "caller": "Caller", "twilio": "Twilio", "unknown": "Unknown"}
WORDS = frozenset({"cause", "finding", "is", "topology", "review"})  # their slugs are read as words


@dataclass(frozen=True)
class FacetValue:
    """A value: how it is called, how many calls have it, and the lists that it leads to."""

    value: str
    label: str
    calls: str
    spoken: str
    only: str
    less: str
    chosen: bool
    left_out: bool


@dataclass(frozen=True)
class FacetGroup:
    """A facet: its first values, the others, and where all that is asked of it is taken away."""

    key: str
    title: str
    open: bool
    clear: str
    values: list[FacetValue]
    more: list[FacetValue] = field(default_factory=list)


def facet_groups(address: Address, now: datetime) -> list[FacetGroup]:
    """The facets of a list, without those of which no call has a value.

    Raises QueryError, and projection.patience.TooSlow where even few calls could not be counted in time.
    """
    query = Edited.read(address.q)
    found = counted(address.whole(query.tree, now), tuple(FACETS), now)
    groups = (_group(FACETS[key], values, query, address) for key, values in found.items())
    return [group for group in groups if group.values]


def _group(facet: Facet, values: list[Value], query: Edited, address: Address) -> FacetGroup:
    known = {each.value for each in values}
    # What is asked for stays to be seen, and to be taken back, where no call has it.
    none = [Value(name, 0, True) for name in query.named(facet.key) if name not in known]
    told = [_value(facet, each, query, address) for each in (*values, *none)]
    first = [each for at, each in enumerate(told) if at < SHOWN or each.chosen or each.left_out]
    asked = query.asks(facet.key)
    clear = address.asking(query.cleared(facet.key)).url if asked else ""
    more = [each for each in told if each not in first]
    return FacetGroup(facet.key, facet.title, asked or facet.key in OPEN, clear, first, more)


def _value(facet: Facet, told: Value, query: Edited, address: Address) -> FacetValue:
    key, value = facet.key, told.value
    chosen, left_out = query.chosen(key, value), query.left_out(key, value)
    back = query.unsaid(key, value)
    return FacetValue(
        value,
        dict(facet.words).get(value) or _label(key, value),
        _calls(told),
        f"{'at least ' if not told.exact else ''}{told.count:,} call{'' if told.count == 1 else 's'}",
        address.asking(back if chosen else query.only(key, value)).url,
        address.asking(back if left_out else query.without(key, value)).url,
        chosen,
        left_out,
    )


def _label(key: str, value: str) -> str:
    if key == "ended_by":
        return SPELT.get(value, value)
    return value.replace("_", " ") if key in WORDS else value


def _calls(told: Value) -> str:
    if told.exact:
        return f"{told.count:,}"
    return "10k+" if told.count >= MOST else f"{told.count:,}+"
