"""Rules over many calls, run again and again over the recent ones, their findings kept beside the calls.

They never decide a verdict: what is kept here is added when a call is read (`queries`).
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias
from uuid import UUID

import orjson
from django.db import connection

from callstore.domain.facts.silence import LONGEST_LEG_S
from callstore.eventlog.db import locks
from callstore.eventlog.db.statement import run, run_each
from callstore.findings.cross_call.find import find_cross_call, reach_s
from callstore.findings.cross_call.summary import Incident, Summary, overlapping
from callstore.projection.cross_call.incidents import DAY_S, met_since, published
from callstore.report.cross_call import finding_part, incident_part, summary
from callstore.report.document import Document
from callstore.report.document_judgement import FindingPart, IncidentPart

# Recordings, Voice Insights and backfill are in by then, and the rules have seen the day after the call.
JUDGED_S = 2 * DAY_S
# A Summary is some 700 bytes; with more calls than this in the window, the window is shorter.
MOST = 100_000
AT_LEAST_S = 3_600.0  # but never shorter than this
AT_ONCE = 1_000

# What `summary` reads of a document `c`, put together by Postgres: the rest is a hundred times as much.
_READ = ("child_ended_at", "ended_at", "started_at", "verdict", "cause", "child_duration_s", "findings")
READ = f"""c.call_id, c.saved_at, jsonb_build_object(
  'session', jsonb_build_object('api_calls', c.document #> '{{session,api_calls}}',
                                'connections', c.document #> '{{session,connections}}'),
  {", ".join(f"'{name}', c.document -> '{name}'" for name in _READ)})::text"""
NEW = f"""
SELECT {READ}
FROM call c LEFT JOIN neighbour n USING (call_id)
WHERE c.started_at >= to_timestamp(%s) AND c.saved_at <= %s AND c.saved_at IS DISTINCT FROM n.saved_at
  AND c.verdict IS NOT NULL
ORDER BY c.started_at DESC LIMIT {AT_ONCE}
"""
SUMMARY = ("at", "verdict", "cause", "child_duration_s", "slugs", "accepted", "refused")
ENTER = f"""
INSERT INTO neighbour (call_id, saved_at, {", ".join(SUMMARY)}, findings, incidents)
VALUES (%s, %s, {", ".join(["%s"] * len(SUMMARY))}, '[]', '[]') ON CONFLICT (call_id) DO UPDATE SET
saved_at = excluded.saved_at, {", ".join(f"{name} = excluded.{name}" for name in SUMMARY)}
"""
OVERLAPPING = f"""
SELECT {READ}, n.findings::text, n.incidents::text
FROM call c LEFT JOIN neighbour n USING (call_id)
WHERE c.started_at BETWEEN to_timestamp(%s) AND to_timestamp(%s)
  AND coalesce(c.child_ended_at, c.ended_at, c.started_at) BETWEEN to_timestamp(%s) AND to_timestamp(%s)
  AND c.verdict IS NOT NULL
  AND (n.saved_at IS DISTINCT FROM c.saved_at OR NOT n.incidents @> %s::jsonb)
ORDER BY c.started_at DESC LIMIT {AT_ONCE}
"""
# Calls that became a part of another, or that are gone; and old ones of which nothing is told.
FORGET = """
DELETE FROM neighbour n WHERE (at < %s AND findings = '[]' AND incidents = '[]')
OR NOT EXISTS (SELECT FROM call c WHERE c.call_id = n.call_id)
"""
FOUND = """
SELECT call_id, findings::text, incidents::text FROM neighbour
WHERE at >= %s AND (findings <> '[]' OR incidents <> '[]')
"""
KEEP = "UPDATE neighbour SET findings = %s, incidents = %s WHERE call_id = %s"

CrossFindings: TypeAlias = tuple[list[FindingPart], list[IncidentPart]]
NOTHING: CrossFindings = ([], [])


def refresh(now: float) -> int:
    """Run the rules over the recent calls again; of how many calls something else is told since.

    `now` in Unix seconds. What they show of a call is final two days after it. Does nothing where another
    process is at it.
    """
    with locks.alone(locks.Lock.CROSS_CALL) as ours:
        return _refresh(now) + _told_afterwards(now) if ours else 0


def _refresh(now: float) -> int:
    since = now - JUDGED_S - reach_s()
    _forget(since)
    _enter(since)
    calls = _recent(since)
    judged_from = _judged_from(calls, now)
    return _keep(_findings(calls, published(since), judged_from), judged_from)


def _told_afterwards(now: float) -> int:
    """Put incidents beside the calls that they overlap where both are older than what is judged together.

    An incident that somebody enters, or that a page tells of late, is met long after the calls of its time.
    """
    return sum(_told_of(incident, now - JUDGED_S) for incident in met_since(now - JUDGED_S))


def _told_of(incident: Incident, before: float) -> int:
    part, end = orjson.dumps([incident_part(incident)]).decode(), incident.end or before
    wanted = [incident.start - LONGEST_LEG_S, min(end, before), incident.start, end, part]
    told = 0
    while calls := run(OVERLAPPING, wanted):
        run_each(ENTER, [[id_, saved_at, *_columns(id_, document)] for id_, saved_at, document, *_ in calls])
        run_each(KEEP, [_with(incident, *call) for call in calls])
        told += len(calls)
    return told


def _with(
    incident: Incident, id_: UUID, saved_at: Any, document: str, findings: str | None, incidents: str | None
) -> list[Any]:
    """What is told of a call, with this incident in the place of what was known of it."""
    same = incident.provider, incident.external_id
    others = [i for i in orjson.loads(incidents or "[]") if (i["provider"], i["external_id"]) != same]
    before = [part for part in orjson.loads(findings or "[]") if part["calls"]]  # by its neighbours, too
    found = find_cross_call([_summary(id_, document)], [incident]).get(str(id_), [])
    alone = [] if before else [finding_part(finding) for finding in found]
    told = [*before, *alone], [*others, incident_part(incident)]
    return [*(orjson.dumps(part).decode() for part in told), id_]


def _forget(since: float) -> None:
    with connection.cursor() as cursor:
        cursor.execute(FORGET, [since])


def _enter(since: float) -> None:
    """The calls that were saved since they were last looked at; what is saved meanwhile is for next time."""
    [(until,)] = run("SELECT now()", [])
    while new := run(NEW, [since, until]):
        run_each(ENTER, [[id_, saved_at, *_columns(id_, document)] for id_, saved_at, document in new])


def _summary(call_id: UUID, text: str) -> Summary:
    document: Document = orjson.loads(text)  # as much of it as is READ
    document["call_id"] = str(call_id)
    found = summary(document)
    assert found is not None, "it began at some time"
    return found


def _columns(call_id: UUID, text: str) -> list[Any]:
    found = _summary(call_id, text)
    fields = found._asdict() | {"slugs": sorted(found.slugs), "refused": list(found.refused)}
    return [fields[name] for name in SUMMARY]


def _recent(since: float) -> list[Summary]:
    """The newest calls of the window, newest first."""
    rows = run(
        f"SELECT call_id::text, {', '.join(SUMMARY)} FROM neighbour WHERE at >= %s ORDER BY at DESC LIMIT %s",
        [since, MOST],
    )
    return [
        Summary(id_, at, verdict, cause, length, frozenset(slugs), accepted, tuple(refused))
        for id_, at, verdict, cause, length, slugs, accepted, refused in rows
    ]


def _judged_from(calls: Sequence[Summary], now: float) -> float:
    """Calls since then have all their neighbours among these."""
    if len(calls) < MOST:
        return now - JUDGED_S
    return min(max(now - JUDGED_S, calls[-1].at + reach_s()), now - AT_LEAST_S)


def _findings(
    calls: Sequence[Summary], incidents: Sequence[Incident], judged_from: float
) -> dict[UUID, CrossFindings]:
    """What is to be told of the judged calls, where there is something."""
    found = find_cross_call(calls, incidents)
    told = {}
    for call in (call for call in calls if call.at >= judged_from):
        findings = [finding_part(finding) for finding in found.get(call.call_id, ())]
        overlap = [incident_part(incident) for incident in overlapping(call, incidents)]
        if findings or overlap:
            told[UUID(call.call_id)] = findings, overlap
    return told


def _keep(found: Mapping[UUID, CrossFindings], judged_from: float) -> int:
    """Replace what was told of the judged calls, wherever it differs; of how many."""
    before = {id_: (orjson.loads(f), orjson.loads(i)) for id_, f, i in run(FOUND, [judged_from])}
    told = {id_: found.get(id_, NOTHING) for id_ in sorted(before.keys() | found)}
    changed = {id_: now for id_, now in told.items() if now != before.get(id_, NOTHING)}
    run_each(KEEP, [[*(orjson.dumps(part).decode() for part in told), id_] for id_, told in changed.items()])
    return len(changed)
