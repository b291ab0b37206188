"""Keys, and the values that calls have, for a place of a query."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db import DatabaseError, connection

from callstore.projection.patience import TooSlow
from callstore.report.document import StableField, stable_fields
from callstore.search.errors import QueryError
from callstore.search.facets.catalogue import COUNTED, GAPS, MISSING
from callstore.search.facets.count import MOST, Value, counted
from callstore.search.facets.edit import value_text
from callstore.search.keys import KEYS, Key
from callstore.search.parser import parse
from callstore.search.suggest.place import Spot, spot
from callstore.search.tree import And, Term

SHOWN = 50
BUDGET_S = 0.03  # who types waits for no count
NEWEST = 1_000  # of so many calls the words that no facet counts are read
WRITTEN_SO = {
    "duration": (">2s", ">5s", ">10s", ">1m", "<500ms", "1m..5m"),
    "time": ("-1h", "-24h", "-7d", "-30d"),
}


@dataclass(frozen=True, slots=True)
class Offer:
    """What could stand there: `text` in the place of what was written; of a value how many calls have it.

    Where not `exact`, at least so many; a count of None is not known.
    """

    kind: str
    text: str
    about: str
    count: int | None = None
    exact: bool = False


class Offers(NamedTuple):
    """Offers, best first, for what stands from `start` to `end`."""

    start: int
    end: int
    items: list[Offer]


def offers(text: str, at: int | None, now: datetime) -> Offers:
    """What could stand at a place, the end where it is None. Never raises for what a person wrote."""
    place = len(text) if at is None else at
    here = spot(text, place)
    if here is None:
        return Offers(place, place, [])
    found = _keys(here) if here.key is None else _values(text, here, now)
    return Offers(here.start, here.end, list(found)[:SHOWN])


def _keys(here: Spot) -> Iterator[Offer]:
    typed = here.typed.casefold()
    begin = [name for name in KEYS if name.startswith(typed)]
    inside = [name for name in KEYS if typed and typed in name and name not in begin]
    for name in (*begin, *inside):
        yield Offer("key", f"{name}:", KEYS[name].about)
    if len(typed) > 1:  # who knows the value need not know its key
        for name, key in KEYS.items():
            for value in key.values:
                if value.startswith(typed):
                    yield Offer("value", f"{name}:{value}", key.about)


def _values(text: str, here: Spot, now: datetime) -> Iterator[Offer]:
    assert here.key is not None
    key = KEYS.get(here.key)
    if key is None:
        return
    calls = {each.value: each for each in _counted(text, here, key, now)}
    # What calls have, most first, then what else there is; lengths of a gap stand in their order.
    known = [*(GAPS if here.key == "gap" else calls), *key.values, *WRITTEN_SO.get(key.kind, ())]
    words = _words(key)
    for value in _fitting(dict.fromkeys(known), here.typed):
        told = calls.get(value)
        counts = bool(calls) and value in words
        yield Offer(
            "value",
            value_text(here.key, value).partition(":")[2],
            _about(here.key, key, value),
            told.count if told else 0 if counts else None,
            told.exact if told else counts,
        )


def _words(key: Key) -> Collection[str]:
    """The values that a call can have; a key may know a word for several, too, which is not counted."""
    return {word for field in _fields(key) for word in field.words} or key.values


def _fields(key: Key) -> list[StableField]:
    return [stable_fields()[name] for name in key.fields]


def _fitting(values: Iterable[str], typed: str) -> Iterator[str]:
    wanted = typed.casefold().replace("-", "_").rstrip("*")
    written = [(value, value.casefold().replace("-", "_")) for value in values]
    yield from (value for value, text in written if text.startswith(wanted))
    yield from (value for value, text in written if wanted in text and not text.startswith(wanted))


def _about(name: str, key: Key, value: str) -> str:
    words = {"gap": GAPS, "no": MISSING}.get(name, {})
    return words.get(value, key.about)


def _counted(text: str, here: Spot, key: Key, now: datetime) -> list[Value]:
    """The values that calls have which the rest of the query finds; of all calls where it cannot be read."""
    try:
        if here.key in COUNTED:
            return counted(_rest(text, here), [here.key], now, BUDGET_S)[here.key]
        return _of_newest(key)
    except (QueryError, DatabaseError, TooSlow):
        return []


def _rest(text: str, here: Spot) -> Term:
    try:
        return parse(text[: here.term_start] + text[here.term_end :])
    except QueryError:
        return And(())


def _of_newest(key: Key) -> list[Value]:
    lists = [key.column] if key.column else [f.column for f in _fields(key) if f.plain is list]
    if not lists:
        return []
    column = lists[0]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT value, count(*) FROM (SELECT unnest({column}) AS value FROM (SELECT {column} FROM call"
            " WHERE started_at IS NOT NULL ORDER BY started_at DESC LIMIT %s) AS newest) AS told"
            " GROUP BY value ORDER BY 2 DESC, 1 LIMIT %s",
            [NEWEST, SHOWN],
        )
        return [Value(value, min(count, MOST), False) for value, count in cursor]
