"""Calls that may explain another: of its caller, of its cause in the same minutes, the last good one.

Each is a bounded look-up in an index, nearest first.
"""

from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

A_DAY = timedelta(days=1)
SAME_MINUTES = timedelta(minutes=10)
EACH_SIDE = 4  # calls before and after; a list query has the others
OFFERED = 4  # calls of a kind to compare with
LOOKED_AT = 1_000  # calls before and after, among which those are looked for

COLUMNS = "call_id, started_at, ended_at, child_duration_s, verdict, verdict_confidence, cause"
# Two ranges of an index, from the middle outwards: of a busy minute only the nearest calls are read.
NEAR = f"""
(SELECT {COLUMNS} FROM call WHERE {{column}} = %(value)s AND started_at < %(at)s AND started_at >= %(begin)s
  AND call_id <> %(call_id)s ORDER BY started_at DESC LIMIT %(limit)s)
UNION ALL
(SELECT {COLUMNS} FROM call WHERE {{column}} = %(value)s AND started_at >= %(at)s AND started_at <= %(end)s
  AND call_id <> %(call_id)s ORDER BY started_at LIMIT %(limit)s)
ORDER BY started_at
"""
LAST_NATURAL_END = f"""
SELECT {COLUMNS} FROM call WHERE verdict = 'natural_end' AND {{agent}} AND started_at < %(at)s
ORDER BY started_at DESC LIMIT 1
"""
BESIDE = f"{COLUMNS}, agent_name, agent_version"
NEAREST = f"""
WITH beside AS (
  (SELECT {BESIDE} FROM call WHERE started_at < %(at)s AND call_id <> %(call_id)s
    ORDER BY started_at DESC LIMIT %(looked_at)s)
  UNION ALL
  (SELECT {BESIDE} FROM call WHERE started_at >= %(at)s AND call_id <> %(call_id)s
    ORDER BY started_at LIMIT %(looked_at)s)
)
SELECT {COLUMNS} FROM beside WHERE {{wanted}}
ORDER BY greatest(started_at - %(at)s, %(at)s - started_at) LIMIT %(limit)s
"""
OF_AGENT = "verdict = 'natural_end' AND agent_name IS NOT DISTINCT FROM %(agent)s"
OF_VERSION = (
    "verdict NOT IN ('natural_end', 'live') AND agent_name IS NOT DISTINCT FROM %(agent)s"
    " AND agent_version IS NOT DISTINCT FROM %(version)s"
)
OF_ANY = "verdict = 'natural_end'"


class Related(NamedTuple):
    """A call beside another, as the row of it says."""

    call_id: UUID
    started_at: datetime
    ended_at: datetime | None
    child_duration_s: float | None
    verdict: str | None
    confidence: str | None
    cause: str | None


class Comparable(NamedTuple):
    """Calls to compare another with, nearest first; `of_any` agent only where the others are empty."""

    of_agent: list[Related]  # natural ends of the agent, in whatever version
    of_version: list[Related]  # how else calls of the version ended
    of_any: list[Related]  # natural ends


def of_caller(call_id: str, caller: str, at: datetime) -> list[Related]:
    """The nearest calls of the same number, begun within a day of a moment, by time."""
    return _near("caller", caller, call_id, at, A_DAY)


def of_cause(call_id: str, cause: str, at: datetime) -> list[Related]:
    """The nearest calls that the same finding decided, begun within ten minutes of a moment, by time."""
    return _near("cause", cause, call_id, at, SAME_MINUTES)


def last_natural_end(agent: str | None, version: str | None, at: datetime) -> Related | None:
    """The last call of an agent's version, begun before a moment, that came to a natural end.

    A version that is not known is that of the calls whose version is not known either.
    """
    known = {"agent_name": agent, "agent_version": version}
    condition = " AND ".join(
        f"{column} IS NULL" if value is None else f"{column} = %({column})s"
        for column, value in known.items()
    )
    found = _rows(LAST_NATURAL_END.format(agent=condition), {**known, "at": at})
    return found[0] if found else None


def comparable(call_id: str, agent: str | None, version: str | None, at: datetime) -> Comparable:
    """What can be compared with a call of an agent's version, from the calls begun nearest to a moment.

    An agent or a version that is not known is that of the calls of which it is not known either.
    """
    asked = {"call_id": call_id, "agent": agent, "version": version, "at": at,
             "looked_at": LOOKED_AT, "limit": OFFERED}  # fmt: skip

    def nearest(wanted: str) -> list[Related]:
        return _rows(NEAREST.format(wanted=wanted), asked)

    of_agent, of_version = nearest(OF_AGENT), nearest(OF_VERSION)
    return Comparable(of_agent, of_version, [] if of_agent or of_version else nearest(OF_ANY))


def _near(column: str, value: str, call_id: str, at: datetime, within: timedelta) -> list[Related]:
    asked = {"value": value, "call_id": call_id, "at": at, "limit": EACH_SIDE}
    return _rows(NEAR.format(column=column), {**asked, "begin": at - within, "end": at + within})


def _rows(statement: str, asked: dict[str, Any]) -> list[Related]:
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        return [Related(*row) for row in cursor.fetchall()]
