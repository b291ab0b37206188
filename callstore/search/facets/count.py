"""Counts calls by the values of many keys at once.

What a query asks of the packed text alone is answered from an index with as many entries as there are
different calls: one pass over it, and its few rows are then filtered and counted for each key. Anything else
is asked of the calls first. A key's own terms are left out where its values are counted, so that a reader
sees what else there would be.
"""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from callstore.projection.patience import TooSlow, patience
from callstore.search.compile import compiled
from callstore.search.conditions import Where
from callstore.search.facets import packed
from callstore.search.facets.catalogue import COUNTED
from callstore.search.facets.terms import condition, is_own, is_packed, top
from callstore.search.keys import CROSS_CALL_FINDINGS
from callstore.search.tree import And, Term

MOST = 10_000  # a count is exact up to this many calls
BUDGET_S = 0.45  # for all that are asked at once; then the newest calls speak for the others, in as long
ROWS_S = 0.3  # for calls that must be read one by one: of as many as are worth facets that is soon too long
MOST_VALUES = 100  # of a key, those of most calls
NEWEST = 4_000  # of so many calls a page reads anything within a moment
OF_ALL, OF_A_TIME, OF_NEWEST = (
    "call",
    "(SELECT started_at, ended_at, facets FROM call) AS call",
    f"(SELECT * FROM call WHERE started_at IS NOT NULL ORDER BY started_at DESC LIMIT {NEWEST}) AS call",
)
BESIDE = """
SELECT 'incident', entry.provider, count(DISTINCT call_id) FROM neighbour,
  jsonb_to_recordset(incidents) AS entry (provider text) WHERE incidents <> '[]' AND call_id IN ({calls})
  GROUP BY 2"""
ACROSS = """
SELECT 'finding', entry.slug, count(DISTINCT call_id) FROM neighbour,
  jsonb_to_recordset(findings) AS entry (slug text) WHERE findings <> '[]' AND call_id IN ({calls})
  GROUP BY 2"""


@dataclass(frozen=True, slots=True)
class Value:
    """How many calls have a value; where not `exact`, at least so many."""

    value: str
    count: int
    exact: bool


class Scan(NamedTuple):
    """One statement: the calls to be packed, and terms of the packed calls, each with whose own it is."""

    keys: tuple[str, ...]
    calls: tuple[Term, ...]
    terms: tuple[tuple[str, Term], ...] = ()


def counted(
    term: Term, keys: Sequence[str], now: datetime, budget_s: float = BUDGET_S
) -> dict[str, list[Value]]:
    """The values that calls of a query have, by key, most calls first.

    Raises QueryError, and django.db.DatabaseError where even the newest calls took too long.
    """
    ends = time.monotonic() + budget_s
    found: dict[str, list[Value]] = {key: [] for key in keys}
    for scan in scans(top(term), tuple(keys)):
        for key, value, count, whole in _run(scan, now, ends, budget_s):
            found[key].append(Value(value, count, whole))
    return {key: _in_order(key, values) for key, values in found.items()}


def scans(terms: tuple[Term, ...], keys: tuple[str, ...]) -> Iterable[Scan]:
    """As few statements as give the counts of these keys."""
    if not keys:
        return
    if all(is_packed(term, and_times=True) for term in terms):
        own = tuple((_owner(term), term) for term in terms if is_packed(term))
        yield Scan(keys, tuple(term for term in terms if not is_packed(term)), own)
        return
    owned = {key for key in keys if any(is_own(term, key) for term in terms)}
    if common := tuple(key for key in keys if key not in owned):
        yield Scan(common, terms)
    for key in (key for key in keys if key in owned):
        yield from scans(tuple(term for term in terms if not is_own(term, key)), (key,))


def _owner(term: Term) -> str:
    return next((key for key in COUNTED if is_own(term, key)), "")


def _run(scan: Scan, now: datetime, ends: float, budget_s: float) -> list[tuple[Any, ...]]:
    left = ends - time.monotonic()
    if not all(is_packed(term, and_times=True) for term in scan.calls):
        left = min(left, ROWS_S)
    try:
        if left <= 0:
            raise TooSlow
        with patience(left):
            return [(*row, True) for row in _rows(scan, now)]
    except TooSlow:
        with patience(budget_s):
            return [(*row, False) for row in _rows(scan, now, OF_NEWEST)]


def _rows(scan: Scan, now: datetime, source: str = "") -> list[tuple[Any, ...]]:
    statements: list[tuple[str, Any]] = [
        packed_statement(scan, now, source),
        *_beside_statements(scan, now, source),
    ]
    rows: list[tuple[Any, ...]] = []
    with connection.cursor() as cursor:
        for sql, params in statements:
            cursor.execute(sql, params)
            rows += cursor.fetchall()
    return rows


def packed_statement(scan: Scan, now: datetime, source: str = "") -> Where:
    """The statement of a scan: key, value and number of calls a row."""
    calls, params = _calls(scan.calls, now, source)
    met, of_others = [], []
    for at, (owner, term) in enumerate(scan.terms):
        sql, given = condition([term], now)
        met.append(f"({sql}) IS TRUE AS met_{at}")
        of_others.append(f"(met_{at} OR key = '{owner}')" if owner else f"met_{at}")
        params += given
    columns = {COUNTED[key].column for key in scan.keys if COUNTED[key].column}
    if not columns:
        return Where("SELECT NULL, NULL, 0 WHERE false", [])
    values = " UNION ALL ".join(_values(key) for key in scan.keys if COUNTED[key].column)
    sql = f"""
WITH packed AS MATERIALIZED (SELECT facets, count(*) AS calls FROM {calls} GROUP BY facets),
met AS MATERIALIZED (
  SELECT {", ".join(["calls", *sorted(columns), *met])} FROM ({packed.unpacked("packed")}) AS call
)
SELECT key, value, sum(calls)::bigint FROM met
CROSS JOIN LATERAL ({values}) AS told (key, value)
WHERE {" AND ".join(["value IS NOT NULL", *of_others])} GROUP BY key, value"""
    return Where(sql, params)


def _values(key: str) -> str:
    facet = COUNTED[key]
    return f"SELECT '{key}', {f'unnest({facet.column})' if facet.several else f'{facet.column}::text'}"


def _calls(terms: tuple[Term, ...], now: datetime, source: str) -> tuple[str, list[object]]:
    """The table to read and its condition; one that the index of times has whole is read from that."""
    if not terms:
        return source or OF_ALL, []
    if source or not all(is_packed(term, and_times=True) for term in terms):
        sql, params = compiled(And(terms), now)
        return f"{source or OF_ALL} WHERE {sql}", list(params)
    sql, params = condition(terms, now)
    return f"({packed.looked_at('call')}) AS call WHERE {sql}", list(params)


def _beside_statements(scan: Scan, now: datetime, source: str) -> list[Where]:
    """What is told of calls beside others stands in a table of its own, and few calls are in it."""
    found = []
    for key, statement in (("incident", BESIDE), ("finding", ACROSS)):
        if key in scan.keys and (key != "finding" or CROSS_CALL_FINDINGS):
            terms = tuple(term for owner, term in scan.terms if owner != key) + scan.calls
            sql, params = compiled(And(terms), now)
            calls = f"SELECT call_id FROM {source or OF_ALL} WHERE {sql}"
            found.append(Where(statement.format(calls=calls), list(params)))
    return found


def _bounded(value: Value) -> Value:
    return value if value.count <= MOST else Value(value.value, MOST, False)


def _in_order(key: str, values: Iterable[Value]) -> list[Value]:
    order = {word: at for at, (word, _) in enumerate(COUNTED[key].words)}
    if key == "gap":
        return [_bounded(each) for each in sorted(values, key=lambda each: order[each.value])]
    most_first = sorted(values, key=lambda each: (-each.count, each.value))
    return [_bounded(each) for each in most_first[:MOST_VALUES]]
