"""Rows of many calls without their documents, which nobody reads to count.

Realistic calls, told, folded and saved, are multiplied in place: under ids and times of their own, by five
agents in forty versions each.
"""

from django.db import connection

from benchmarks.harness.cluster import as_owner
from benchmarks.traffic.projected import project
from callstore.eventlog.db.statement import run
from callstore.projection.saving import FACTS

TOLD = 120
SPREAD = {
    "call_id": "gen_random_uuid()",
    "started_at": "now() - spread.ago",
    "ended_at": "now() - spread.ago + (ended_at - started_at)",
    "agent_name": "'agent-' || mod(spread.n, 5)",
    "agent_version": "'3.' || mod(spread.n, 5) || '.' || mod(spread.n / 7, 40)",
    "ids": "'{}'",
    "document": "'{}'",
    "outline": "NULL",
    # Else many calls would be as long as one another to the microsecond.
    **{
        name: f"{name} * (0.5 + random())"
        for name in (
            "detection_lag_s", "response_time_p50_s", "longest_dead_air_s", "talk_over_s",
            "caller_speech_end_to_child_end_s", "untranscribed_caller_speech_s",
        )
    },
}  # fmt: skip
MULTIPLIED = f"""
INSERT INTO call ({", ".join((*FACTS, "saved_at"))})
SELECT {", ".join(SPREAD.get(name, name) for name in FACTS)}, now()
FROM call CROSS JOIN LATERAL (
  SELECT n, n * %s * interval '1 day' / %s + random() * interval '1 s' AS ago FROM generate_series(1, %s) AS n
) AS spread"""


def fill(calls: int, days: int) -> int:
    """About so many calls that began within so many days; how many."""
    project(TOLD)
    each = calls // TOLD
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(MULTIPLIED, [days, each, each])
    as_owner("VACUUM ANALYZE call")
    [(kept,)] = run("SELECT count(*) FROM call", [])
    return int(kept)
