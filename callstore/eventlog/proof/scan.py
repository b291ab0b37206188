"""Every row of the log in the order of the feed, and whether it is what its digest says."""

import hashlib
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import orjson

from callstore.eventlog.crypto import canonical, digest
from callstore.eventlog.db.statement import run
from callstore.eventlog.reading.feed import BEGINNING, Cursor, parameters

PAGE = 2_000
# digest.COVERED as the bytes that are digested, or (facts, refs) what they are soon made of.
SPELLED = {
    **{name: f"textsend({name}::text)" for name in digest.COVERED},
    **{
        name: f"textsend((extract(epoch FROM {name}) * 1000000)::bigint::text)"
        for name in ("occurred_at", "received_at")
    },
    **{name: name for name in ("personal", "body", "mac")},
    "trace_id": "uuid_send(trace_id)",
    "refs": "array_send(refs)",
}
COLUMNS = ", ".join(SPELLED[name] for name in digest.COVERED)
REFS, FACTS = digest.COVERED.index("refs"), digest.COVERED.index("facts")  # next to each other
ALL = "FROM log.feed(%s::smallint, %s::text::xid8, %s::bigint, %s::bigint, false)"
ONE = "FROM log.page('log.{}'::regclass, %s::smallint, %s::text::xid8, %s::bigint, %s::bigint)"
SELECT = f"SELECT epoch, xid::text::bigint, position, row_sha, {COLUMNS} "
PLAIN = f"SELECT {', '.join(digest.COVERED)} ".replace("facts", "facts::text")


class ScannedRow(NamedTuple):
    """A row's place, its digest, and whether that is right."""

    at: Cursor
    row_sha: bytes
    holds: bool


def rows(tick: Callable[[int], None], table: str | None = None) -> Iterator[ScannedRow]:
    """All rows of the log, or of one month's table, a page in memory. Ticks with the rows of each page."""
    source, at = ONE.format(table) if table else ALL, BEGINNING
    while page := run(SELECT + source, [*parameters(at), PAGE]):
        for row in page:
            before, at = at, Cursor(*row[:3])
            holds = _quickly(row[4:]) == row[3] or _surely(source, before) == row[3]
            yield ScannedRow(at, row[3], holds)
        tick(len(page))


def _quickly(columns: tuple[Any, ...]) -> bytes | None:
    """digest.row_sha at thrice the rate. It spells a few numbers otherwise and knows no value of 10 KB, so
    only its agreement counts."""
    facts = orjson.dumps(orjson.loads(columns[FACTS]), option=orjson.OPT_SORT_KEYS)
    values = (*columns[:REFS], _refs(columns[REFS]), facts, *columns[FACTS + 1 :])
    parts = [VERSION]
    try:
        for value in values:
            if value is None:
                parts.append(canonical.NOTHING)
            else:
                parts.append(canonical.LENGTH[len(value)])
                parts.append(value)
    except IndexError:
        return None
    return hashlib.sha256(b"".join(parts)).digest()


def _refs(array: bytes) -> bytes:
    """A text[] as Postgres sends it (a header of 20 bytes, each text behind its length) as it is digested."""
    parts: list[bytes] = []
    at = 20
    while at < len(array):
        end = at + 4 + int.from_bytes(array[at : at + 4], "big")
        parts += (b"\0\0\0\0", array[at:end])
        at = end
    return b"".join(parts)


def _surely(source: str, before: Cursor) -> bytes:
    [values] = run(PLAIN + source, [*parameters(before), 1])
    columns = dict(zip(digest.COVERED, values, strict=True))
    return digest.row_sha({**columns, "facts": orjson.loads(columns["facts"])})


VERSION = canonical.framed(digest.VERSION)
