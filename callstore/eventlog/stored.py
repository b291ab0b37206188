"""Every row of the log in the order of the feed, and whether it is what its digest says. 100,000 a second."""

import hashlib
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import orjson

from callstore.eventlog import canonical, digest
from callstore.eventlog.feed import BEGINNING, Cursor, written
from callstore.eventlog.statement import run

PAGE = 2_000
MICROSECONDS = "(extract(epoch FROM {}) * 1000000)::bigint::text"
# digest.COVERED as the database can spell it; the rest is as psycopg gives it.
SPELLED = {
    **{name: f"{name}::text" for name in ("bucket", "schema_version", "clock", "precision_ms", "facts")},
    **{name: MICROSECONDS.format(name) for name in ("occurred_at", "received_at")},
    "source_sequence": "source_sequence::text",
    "trace_id": "uuid_send(trace_id)",
}
COLUMNS = ", ".join(SPELLED.get(name, name) for name in digest.COVERED)
REFS, FACTS = digest.COVERED.index("refs"), digest.COVERED.index("facts")
ALL = "FROM log.feed(%s::smallint, %s::text::xid8, %s::bigint, %s::bigint, false)"
ONE = "FROM log.page('log.{}'::regclass, %s::smallint, %s::text::xid8, %s::bigint, %s::bigint)"
SELECT = f"SELECT epoch, xid::text::bigint, position, row_sha, {COLUMNS} "
PLAIN = f"SELECT {', '.join(digest.COVERED)} ".replace("facts", "facts::text")
NONE = canonical.framed(None)


class Stored(NamedTuple):
    """A row's place, its digest, and whether that is right."""

    at: Cursor
    row_sha: bytes
    holds: bool


def rows(tick: Callable[[int], None], table: str | None = None) -> Iterator[Stored]:
    """All rows of the log, or of one month's table, a page in memory. Ticks with the rows of each page."""
    source, at = ONE.format(table) if table else ALL, BEGINNING
    while page := run(SELECT + source, [*written(at), PAGE]):
        for row in page:
            before, at = at, Cursor(*row[:3])
            holds = _quickly(row[4:]) == row[3] or _surely(source, before) == row[3]
            yield Stored(at, row[3], holds)
        tick(len(page))


def _quickly(columns: tuple[Any, ...]) -> bytes:
    """digest.row_sha at twice the rate. It spells a few numbers otherwise, so only its agreement counts."""
    parts = [VERSION]
    for i, value in enumerate(columns):
        if value is None:
            parts.append(NONE)
            continue
        if i == FACTS:
            value = orjson.dumps(orjson.loads(value), option=orjson.OPT_SORT_KEYS)
        elif i == REFS:
            value = b"".join(map(_framed, value))
        elif type(value) is str:
            value = value.encode()
        parts += (len(value).to_bytes(8, "big"), value)
    return hashlib.sha256(b"".join(parts)).digest()


def _framed(text: str) -> bytes:
    value = text.encode()
    return len(value).to_bytes(8, "big") + value


def _surely(source: str, before: Cursor) -> bytes:
    [values] = run(PLAIN + source, [*written(before), 1])
    columns = dict(zip(digest.COVERED, values, strict=True))
    return digest.row_sha({**columns, "facts": orjson.loads(columns["facts"])})


VERSION = canonical.framed(digest.VERSION)
