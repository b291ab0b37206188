"""Columns of many rows as arrays in Postgres' binary form, where the statement says of what type they are.

psycopg asks each element for its type, three times over: for the few rows of a door's batch that takes
as long as everything else.
"""

from collections.abc import Callable, Iterable
from datetime import date
from operator import attrgetter
from struct import Struct
from typing import Any, TypeAlias

import psycopg
from psycopg.adapt import Dumper
from psycopg.pq import Format

from callstore.eventlog.crypto import canonical

HEADER = Struct(
    "!iiIii"
)  # dimensions, whether a null is among them, the elements' type, their number, from one
LENGTH = Struct("!i").pack
NULL = LENGTH(-1)
# Postgres counts both from the first day of 2000.
DAY_ZERO = date(2000, 1, 1).toordinal()
MICROSECOND_ZERO = 946_684_800_000_000

Column: TypeAlias = Callable[[Iterable[Any]], list[bytes]]


def _sized(letter: str, number: Callable[[Any], int] | None = None) -> Column:
    """Writes numbers, or what `number` makes one of, each with its length before it."""
    struct = Struct(f"!i{letter}")
    size, pack = struct.size - 4, struct.pack
    if number is None:
        return lambda values: [NULL if v is None else pack(size, v) for v in values]
    return lambda values: [NULL if v is None else pack(size, number(v)) for v in values]


def _length_prefixed(written: Callable[[Any], bytes]) -> Column:
    """Writes what varies in length."""
    return lambda values: [NULL if v is None else LENGTH(len(w := written(v))) + w for v in values]


# Type: its number in the catalogue, and how the elements of a column of it are written.
KINDS: dict[str, tuple[int, Column]] = {
    "bytea": (17, _length_prefixed(bytes)),
    "bigint": (20, _sized("q")),
    "smallint": (21, _sized("h")),
    "integer": (23, _sized("i")),
    "text": (25, _length_prefixed(str.encode)),
    "date": (1082, _sized("i", lambda value: value.toordinal() - DAY_ZERO)),
    "timestamptz": (1184, _sized("q", lambda value: canonical.microseconds(value) - MICROSECOND_ZERO)),
    "uuid": (2950, _length_prefixed(attrgetter("bytes"))),
}


class PackedArray(bytes):
    """An array as it goes over the wire; a parameter for a `%b` that is cast to its type."""


class _PackedDumper(Dumper):
    format = Format.BINARY

    def dump(self, obj: Any) -> bytes:
        return bytes(obj)


psycopg.adapters.register_dumper(PackedArray, _PackedDumper)


def pack(kind: str, values: Iterable[Any]) -> PackedArray:
    """The values as an array of this type; None is null. Raises struct.error for a number too large."""
    number, written = KINDS[kind]
    elements = written(values)
    header = HEADER.pack(1, NULL in elements, number, len(elements), 1)
    return PackedArray(header + b"".join(elements))
