"""The proof: the guard stands, every row is what it was, and none is missing, added or moved."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from heapq import merge
from operator import attrgetter

from callstore.domain.facts.ids import CALL_SUBJECTS
from callstore.eventlog.db.statement import run
from callstore.eventlog.proof import guard, retired_leaves, seals
from callstore.eventlog.proof.merkle import Tree
from callstore.eventlog.proof.scan import PAGE, ScannedRow, rows
from callstore.eventlog.proof.seals import BEFORE_ALL, Seal
from callstore.eventlog.reading import feed
from callstore.eventlog.reading.feed import BEGINNING

# The statement that keeps events counts them, too, by trace: also those of the last minute, not yet sealed.
# The count of a call that goes with its month goes a little later.
COUNTS = """
SELECT coalesce(h.trace_id, e.trace_id), coalesce(h.version, 0), coalesce(e.n, 0)
FROM log.head h FULL JOIN (
  SELECT trace_id, count(*) AS n FROM log.event WHERE subject ^@ ANY(%s) GROUP BY trace_id
) AS e USING (trace_id)
WHERE coalesce(h.version, 0) <> coalesce(e.n, 0)
  AND NOT (e.n IS NULL AND log.is_vacant(h.bucket, h.trace_id)) ORDER BY 1
"""


def size() -> int:
    """About how many events there are to prove: those sealed and those since."""
    [(sealed,)] = run("SELECT coalesce(sum(n), 0)::bigint FROM log.seal", [])
    return int(sealed) + unsealed()


def unsealed() -> int:
    """How many events came since the newest seal."""
    sql = "SELECT count(*) FROM log.event e WHERE (e.epoch, e.xid, e.position) > (%s, %s::text::xid8, %s)"
    to = seals.last().to
    [(n,)] = run(sql, [to.epoch, str(to.xid), to.position])
    return int(n)


def doubts(known: Mapping[int, str], tick: Callable[[int], None]) -> Iterator[str]:
    """A line for each doubt, saying where. Nothing is written, no key is needed, memory stays flat.

    `known` holds seals kept elsewhere, number to digest in hex; without them an owner of the database who
    makes all seals anew is not found out. Ticks with the number of events of each page.
    """
    yield from guard.doubts()
    if fault := feed.fault():
        yield fault
    newest = seals.last().no
    yield from (f"seal {no} is missing" for no in sorted(known) if no > newest)
    with retired_leaves.undisturbed():
        yield from _rows(merge(rows(tick), _gone(tick), key=attrgetter("at")), _until(newest), known)
    yield from retired_leaves.doubts()
    for trace, counted, there in run(COUNTS, [list(CALL_SUBJECTS)]):
        yield f"trace {trace}: {there} events, though {counted} were appended"


def _gone(tick: Callable[[int], None]) -> Iterator[ScannedRow]:
    for n, (at, row_sha) in enumerate(retired_leaves.leaves(BEGINNING)):
        if n % PAGE == 0:
            tick(min(PAGE, retired_leaves.size() - n))
        yield ScannedRow(at, row_sha, True)  # the row itself was proved when it went


def _until(newest: int) -> Iterator[Seal]:
    for seal in seals.since(0):
        if seal.no > newest:  # made while we look: its rows may have been read already
            return
        yield seal


def _rows(stored: Iterator[ScannedRow], sealed: Iterable[Seal], known: Mapping[int, str]) -> Iterator[str]:
    before, row = BEFORE_ALL, next(stored, None)
    for seal in sealed:
        yield from _follows(seal, before, known)
        tree = Tree()
        while row and row.at <= seal.to:
            yield from _is_true(row)
            tree.add(row.at, row.row_sha)
            row = next(stored, None)
        yield from _covers(seal, tree, before)
        before = seal
    while row:
        yield from _is_true(row)
        row = next(stored, None)


def _is_true(row: ScannedRow) -> Iterator[str]:
    if not row.holds:
        yield f"position {row.at.position}: the row is not what its digest says"


def _follows(seal: Seal, before: Seal, known: Mapping[int, str]) -> Iterator[str]:
    for missing in range(before.no + 1, seal.no):
        yield f"seal {missing} is missing"
    if seal.this != seal.digest:
        yield f"seal {seal.no} is not what its digest says"
    if seal.prev != before.this or seal.to <= before.to:
        yield f"seal {seal.no} does not follow seal {before.no}"
    if known.get(seal.no, seal.this.hex()) != seal.this.hex():
        yield f"seal {seal.no} is not the one that was exported"


def _covers(seal: Seal, tree: Tree, before: Seal) -> Iterator[str]:
    where = f"seal {seal.no} (behind position {before.to.position}, up to position {seal.to.position})"
    if tree.size != seal.n:
        yield f"{where}: {tree.size} events, though {seal.n} were sealed"
    elif tree.root() != seal.root:
        yield f"{where}: its events are not those that were sealed, or not in their order"
