"""Deliveries of recorded calls, changed as no provider would change them, each time as a seed says."""

import json
import math
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from callstore.domain.facts import vocabulary
from ingest.providers.delivery import Delivery

WORDS = sorted({word for words in vars(vocabulary).values() if isinstance(words, tuple) for word in words})
# Values that mean something elsewhere, mean nothing, or are hard to hold.
TEXTS = (
    "", " ", "\0", "hologram", "COMPLETED", "NaN", "-1", "0", "007", "1e309", "-2147483649", "9" * 400,
    "null", "+15550100001", "CA" + "0" * 32, "CA" + "b" * 64, "RE", "rtc_", "live_x", "x" * 5000, "=1+1",
    "{", "[]", "{}", "<script>alert(1)</script>", "\u202e|\ufeff", "2099-01-01T00:00:00Z",
    "0001-01-01T00:00:00Z", "Mon, 99 Foo 2026", "1776039504720",
)  # fmt: skip
NUMBERS = (0, -1, 1, 404, 1011, 2**31, 2**63, 10**30, 1e300, -1e15, 0.1, math.nan, -math.inf)
DEEP = json.loads("[" * 300 + "]" * 300)
OTHERS = (True, False, None, [], {}, [[]], ["x", 1, None], {"x": {"y": []}}, DEEP)
ODD: list[Any] = [*TEXTS, *NUMBERS, *OTHERS]
Chance = random.Random


def mutated(given: list[Delivery], chance: Chance) -> tuple[list[Delivery], list[str]]:
    """The deliveries after some changes, and what was done, to be printed where it does harm."""
    done = []
    for _ in range(chance.choice([1, 1, 2, 3, 5, 8])):
        change = chance.choice(CHANGES)
        given, what = change(list(given), chance)
        done.append(f"{change.__name__.strip('_')} {what}")
    return given, done


def _drop(given: list[Delivery], chance: Chance) -> tuple[list[Delivery], str]:
    kept = [each for each in given if chance.random() > 0.3] or given[:1]
    return kept, f"all but {len(kept)}"


def _only(given: list[Delivery], chance: Chance) -> tuple[list[Delivery], str]:
    chosen = chance.sample(given, min(len(given), chance.randint(1, 3)))
    return chosen, ", ".join(each.path for each in chosen)


def _repeat(given: list[Delivery], chance: Chance) -> tuple[list[Delivery], str]:
    again = chance.choices(given, k=3)
    return [*given, *again], ", ".join(each.path for each in again)


def _reorder(given: list[Delivery], chance: Chance) -> tuple[list[Delivery], str]:
    times = [each.received_at for each in given]
    chance.shuffle(given)
    return [replace(each, received_at=at) for each, at in zip(given, times, strict=True)], "all"


def _hurry(given: list[Delivery], chance: Chance) -> tuple[list[Delivery], str]:
    """Everything is received at one moment, which may be long before or after."""
    at = given[0].received_at + chance.choice([0.0, -1e8, 1e8])
    return [replace(each, received_at=at) for each in given], f"to {at}"


def _change(given: list[Delivery], chance: Chance) -> tuple[list[Delivery], str]:
    """Any field of any delivery: blanked, left out, renamed, nested, or another value."""
    number = chance.randrange(len(given))
    body, what = _changed(given[number], chance)
    given[number] = replace(given[number], body=body)
    return given, f"{number} {given[number].path}: {what}"


def _change_all_alike(given: list[Delivery], chance: Chance) -> tuple[list[Delivery], str]:
    """The same field wherever it stands."""
    seed = chance.random()
    name = chance.choice(sorted(_names(chance.choice(given))) or [""])
    changed = [replace(each, body=_changed(each, random.Random(seed), name)[0]) for each in given]
    return changed, f"{name} by {seed}"


CHANGES: list[Callable[[list[Delivery], Chance], tuple[list[Delivery], str]]] = [
    _drop, _only, _repeat, _reorder, _hurry, _change, _change, _change, _change_all_alike,
]  # fmt: skip


def _names(delivery: Delivery) -> set[str]:
    if not delivery.is_json:
        return {name for name, _ in delivery.form}
    return {key for _, key in _places(_json(delivery.body)) if isinstance(key, str)}


def _changed(delivery: Delivery, chance: Chance, name: str | None = None) -> tuple[bytes, str]:
    """The body with one of its fields changed, and how."""
    if not delivery.is_json:
        return _form(delivery, chance, name)
    lines = delivery.body.splitlines() if b"\n" in delivery.body.strip() else [delivery.body]
    number = chance.randrange(len(lines))
    value = _json(lines[number])
    places = [(place, key) for place, key in _places(value) if name in (None, key)]
    if not places:
        return delivery.body, "nothing"
    place, key = chance.choice(places)
    what = _do(place, key, chance)
    lines[number] = json.dumps(value).encode()
    return b"\n".join(lines), f"{key} {what}"


def _form(delivery: Delivery, chance: Chance, name: str | None) -> tuple[bytes, str]:
    fields: dict[str, Any] = dict(delivery.form)
    if "Payload" in fields and name is None and chance.random() < 0.5:
        fields["Payload"], what = _changed_text(fields["Payload"], chance)
    else:
        key = name if name is not None else chance.choice(sorted(fields) or [""])
        if key not in fields:
            return delivery.body, "nothing"
        what = f"{key} {_do(fields, key, chance)}"
    texts = {name: value if isinstance(value, str) else json.dumps(value) for name, value in fields.items()}
    return urlencode(texts).encode(), what


def _do(place: Any, key: Any, chance: Chance) -> str:
    """Change one field of an object or a list in place."""
    what = chance.choice(["blank", "drop", "rename", "nest", "list", "text", "word", "odd", "odd", "repeat"])
    match what:
        case "blank":
            place[key] = ""
        case "drop":
            del place[key]
        case "rename" if isinstance(place, dict):
            place[chance.choice([f"{key}X", key.lower(), "type", "id", "CallStatus", ""])] = place.pop(key)
        case "nest":
            place[key] = {"value": place[key]}
        case "list":
            place[key] = [place[key]] * chance.choice([0, 1, 3])
        case "text":
            place[key] = json.dumps(place[key])
        case "word":
            place[key] = chance.choice(WORDS)
        case "repeat" if isinstance(place[key], str):
            place[key] *= chance.choice([2, 100])
        case _:
            place[key] = chance.choice(ODD)
            return f"= {place[key]!r}"[:60]
    return what


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every field of every object and every item of every list, by what holds it."""
    held = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in list(held):
        yield value, key
        yield from _places(inner)


def _json(text: bytes | str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _changed_text(text: str, chance: Chance) -> tuple[str, str]:
    value = _json(text)
    places = list(_places(value))
    if not places:
        return "", "blank Payload"
    place, key = chance.choice(places)
    what = _do(place, key, chance)
    return json.dumps(value), f"Payload.{key} {what}"
