"""Which traces are one call: the ids that each trace mentions, noted, and the components they make."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from django.db import connection

from callstore.domain.call import linking
from callstore.domain.facts import ids
from callstore.domain.facts.record import Record
from callstore.eventlog.crypto import refs as spelling
from callstore.eventlog.db.statement import run
from callstore.eventlog.reading import read

LONGEST = 300  # characters of an id as it stands in the index, whose entries are bounded

# A trace leads to its ids and an id to its traces, until nothing is new.
REACHED = """
WITH RECURSIVE reached (trace_id) AS (
  SELECT unnest(%b::uuid[])
  UNION
  SELECT theirs.trace_id FROM reached
  JOIN trace_ref mine ON mine.trace_id = reached.trace_id
  JOIN trace_ref theirs ON theirs.ref = mine.ref
)
SELECT trace_id, coalesce(ref, trace_id::text) FROM reached LEFT JOIN trace_ref USING (trace_id)
"""

NOTED = "SELECT ref, trace_id FROM trace_ref WHERE ref = ANY(%b::text[])"


def pairs(traces: Iterable[UUID]) -> list[tuple[UUID, str]]:
    """What the log says: (trace, id) for every id that the trace's events are about or mention."""
    about = [(trace, subject) for trace, found in read.subjects(traces).items() for subject in found]
    return [
        (trace, _indexed(id_)) for trace, id_ in [*about, *((t, ref.id) for t, _, ref in read.refs(traces))]
    ]


def pairs_in(facts: Mapping[UUID, Iterable[Record]]) -> set[tuple[UUID, str]]:
    """The same, of traces whose facts have been read."""
    about = {(trace, subject) for trace, found in read.subjects(facts).items() for subject in found}
    refs = {(t, ref.id) for t, records in facts.items() for r in records if r.refs for ref in r.refs}
    return {(trace, _indexed(id_)) for trace, id_ in about | refs}


def link(traces: Collection[UUID], found: Collection[tuple[UUID, str]]) -> set[frozenset[UUID]]:
    """The calls that these traces belong to, once these pairs are noted, and all that share an id with them.

    Of these a new pair may make two: what a SIP Call-ID joined is parted when a second call mentions it.
    """
    rows = _reachable(traces)
    if missing := set(found).difference(rows):
        note(missing)
        rows = _reachable(traces)
    return _groups(rows)


def note(found: Iterable[tuple[UUID, str]]) -> None:
    """Add to the noted pairs, visible to everybody at once. Like facts they are never taken back."""
    ordered = sorted(set(found))  # one order for all writers, who would else wait for each other in a ring
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO trace_ref (trace_id, ref) SELECT * FROM unnest(%s::uuid[], %s::text[])"
            " ON CONFLICT DO NOTHING",
            [[trace for trace, _ in ordered], [ref for _, ref in ordered]],
        )


def noted_pairs(traces: Iterable[UUID]) -> set[tuple[UUID, str]]:
    """The pairs noted of these traces."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT trace_id, ref FROM trace_ref WHERE trace_id = ANY(%s)", [list(traces)])
        return set(cursor)


def outdated(traces: Iterable[UUID]) -> set[tuple[UUID, str]]:
    """Noted pairs whose id stands there as no id is noted any more: an old SIP Call-ID, as it was written."""
    return {(trace, ref) for trace, ref in noted_pairs(traces) if ref != _indexed(ref)}


def forget(unfounded: Iterable[tuple[UUID, str]]) -> None:
    """Take back pairs that no event supports."""
    with connection.cursor() as cursor:
        for trace, ref in unfounded:
            cursor.execute("DELETE FROM trace_ref WHERE trace_id = %s AND ref = %s", [trace, ref])


def components(traces: Iterable[UUID]) -> set[frozenset[UUID]]:
    """The calls, as sets of traces, that the given traces belong to, by the pairs noted so far."""
    seeds = set(traces)
    return {group for group in _groups(_reachable(seeds)) if not seeds.isdisjoint(group)}


def neighbourhoods(traces: Iterable[UUID]) -> list[set[frozenset[UUID]]]:
    """The same, each beside the calls that it shares an id with."""
    rows = _reachable(traces)
    near = linking.neighbourhoods(rows)
    groups = _groups(rows)
    return [{group for group in groups if group <= whole} for whole in near]


def _reachable(traces: Iterable[UUID]) -> list[tuple[UUID, str]]:
    """The pairs of all traces that these lead to by any id, a SIP Call-ID, too."""
    return run(REACHED, [list(traces)])


def _groups(rows: Iterable[tuple[UUID, str]]) -> set[frozenset[UUID]]:
    return {frozenset(group) for group in linking.components(rows)}


def component_of_id(id_: str) -> list[UUID]:
    """The traces of the call that an id belongs to: a call or trace id, a SID, an AI call id. [] if none."""
    return components_of_ids([id_])[id_]


def components_of_ids(several: Collection[str]) -> dict[str, list[UUID]]:
    """The same of each of several ids, however many, in two round trips."""
    seeds = {id_: _traces_named(id_) for id_ in several}
    refs = {id_: _indexed(ids.subject(id_)) for id_, named in seeds.items() if not named and "\0" not in id_}
    noted: dict[str, list[UUID]] = {}
    for ref, trace in run(NOTED, [list(refs.values())]) if refs else ():
        noted.setdefault(ref, []).append(trace)
    seeds |= {id_: noted.get(ref, []) for id_, ref in refs.items()}
    call_of = {t: group for group in components(t for found in seeds.values() for t in found) for t in group}
    return {id_: sorted(set().union(*(call_of[trace] for trace in found))) for id_, found in seeds.items()}


def _traces_named(id_: str) -> list[UUID]:
    try:
        return [UUID(id_)]
    except ValueError:
        return []


def traces_with(ids: Iterable[str]) -> list[UUID]:
    """The traces that were noted to be about or to mention one of these ids."""
    refs = [_indexed(id_) for id_ in ids if "\0" not in id_]
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT trace_id FROM trace_ref WHERE ref = ANY(%s)", [refs])
        return [trace for (trace,) in cursor]


def _indexed(id_: str) -> str:
    id_ = spelling.id_of(id_)
    if len(id_) <= LONGEST:
        return id_
    return f"sha256:{hashlib.sha256(id_.encode('utf-8', 'replace')).hexdigest()}"
