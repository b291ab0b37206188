"""Seals: every minute what came is bound into one digest that follows the one before. Off the hot path."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from callstore.eventlog.db.statement import run
from callstore.eventlog.proof.merkle import Tree, link
from callstore.eventlog.reading.feed import BEGINNING, Cursor, feed, parameters

EVENTS = 100_000  # at most, in one seal: a doubt about it concerns no more
PAGE = 5_000
ZERO = bytes(32)
COLUMNS = "seal_no, to_epoch, to_xid::text::bigint, to_position, n, sealed_at, root, prev, this"
LAST = f"SELECT {COLUMNS} FROM log.seal ORDER BY seal_no DESC LIMIT 1"
AFTER = f"SELECT {COLUMNS} FROM log.seal WHERE seal_no > %s ORDER BY seal_no LIMIT %s"
INSERT = """
INSERT INTO log.seal (seal_no, to_epoch, to_xid, to_position, n, sealed_at, root, prev, this)
VALUES (%s, %s, %s::text::xid8, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING RETURNING seal_no
"""


class Seal(NamedTuple):
    """A row of log.seal: the `n` events up to the place `to`."""

    no: int
    to: Cursor
    n: int
    sealed_at: datetime
    root: bytes
    prev: bytes
    this: bytes

    @property
    def digest(self) -> bytes:
        """What `this` must be."""
        return link(self.no, self.to, self.n, spelled(self.sealed_at), self.root, self.prev)


BEFORE_ALL = Seal(0, BEGINNING, 0, datetime.fromtimestamp(0, UTC), ZERO, ZERO, ZERO)


def seal() -> int:
    """Seal what the feed has by now; how many events that were. Two that seal at once make each seal once.

    Raises OtherCluster, and django.db.DatabaseError.
    """
    sealed = 0
    while made := _next(last()):
        sealed += made.n
    return sealed


def last() -> Seal:
    """The newest seal; BEFORE_ALL where there is none yet."""
    return next(map(_seal, run(LAST, [])), BEFORE_ALL)


def since(no: int) -> Iterator[Seal]:
    """The seals behind one, in order, a few at a time."""
    while rows := run(AFTER, [no, PAGE]):
        yield from map(_seal, rows)
        no = rows[-1][0]


def spelled(moment: datetime) -> str:
    """A seal's moment as it is digested and exported: 2026-04-13T12:00:00.000Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _next(before: Seal) -> Seal | None:
    tree, to = Tree(), before.to
    while tree.size < EVENTS and (page := feed(to, min(PAGE, EVENTS - tree.size))):
        for entry in page:
            tree.add(entry.at, entry.row_sha)
        to = page[-1].at
    if not tree.size:
        return None
    now = datetime.now(UTC)
    now = now.replace(microsecond=now.microsecond // 1000 * 1000)
    new = Seal(before.no + 1, to, tree.size, now, tree.root(), before.this, ZERO)
    new = new._replace(this=new.digest)
    values = [new.no, *parameters(to), new.n, new.sealed_at, new.root, new.prev, new.this]
    return new if run(INSERT, values) else None


def _seal(row: tuple[int, int, int, int, int, datetime, bytes, bytes, bytes]) -> Seal:
    return Seal(row[0], Cursor(*row[1:4]), *row[4:])
