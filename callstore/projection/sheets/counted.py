"""The calls of a condition, counted by the six hours in which they began: what adds up, and nothing else.

A number of seconds adds up as how many calls have which: sorted into bins, each two hundredths wider than the
one before it, so that what is read from them is right to one hundredth.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeAlias

from django.db import connection

from callstore.projection.sheets.periods import PERIOD_OF

# Of a part the calls of each key by bin; a bin is a number as text, as JSON has it.
Sheet: TypeAlias = dict[str, dict[str, dict[str, int]]]

# What an overview reads of a call.
COLUMNS = """started_at, coalesce(verdict, 'unjudged') AS verdict, flags @> ARRAY['suspicious'] AS suspicious,
  flags @> ARRAY['truncated'] AS truncated, flags @> ARRAY['live'] AS live,
  agent_name, agent_version, ai_model, region, edge, warning_codes,
  untranscribed_caller_speech_s AS gap_s, caller_speech_end_to_child_end_s AS to_end_s, detection_lag_s,
  response_time_p50_s, longest_dead_air_s, talk_over_s, interruptions"""
# By the key of the query language the column of what is counted by its value; each call has a verdict.
COMPARED = {
    "verdict": "verdict",
    "version": "agent_version",
    "model": "ai_model",
    "region": "region",
    "edge": "edge",
}
VALUES = ", ".join(f"('{key}', {column})" for key, column in COMPARED.items())
GAP_BUCKET = "width_bucket(gap_s, ARRAY[0.001, 2, 5, 15])"
TO_END_BUCKET = "width_bucket(to_end_s, ARRAY[0.5, 1, 2, 5, 15])"
SUSPICIOUS, TRUNCATED, LIVE = 1, 2, 4  # added up: the bin of a call in a part of values
LEAST_S, WIDER = 0.001, 1.02

_BIN = (
    f"CASE WHEN abs(value) < {LEAST_S} THEN 0"
    f" ELSE sign(value) * (1 + round(ln(abs(value) / {LEAST_S}) / ln({WIDER}::float8))) END"
)
_IS_SO = f"{SUSPICIOUS} * suspicious::integer + {TRUNCATED} * truncated::integer + {LIVE} * live::integer"
COUNTED = f"""
WITH chosen AS MATERIALIZED (
  SELECT {PERIOD_OF.format("started_at")} AS period, {COLUMNS} FROM call WHERE {{calls}}
)
SELECT period, part, value, {_IS_SO} AS bin, count(*) FROM chosen CROSS JOIN LATERAL (VALUES
  {VALUES}
) AS told (part, value) WHERE value IS NOT NULL GROUP BY period, part, value, bin
UNION ALL
SELECT period, 'agent', jsonb_build_array(agent_name, agent_version)::text, {_IS_SO} AS bin, count(*)
FROM chosen WHERE agent_name IS NOT NULL OR agent_version IS NOT NULL
GROUP BY period, agent_name, agent_version, bin
UNION ALL
SELECT period, 'warnings', code, 0, count(*)
FROM chosen, unnest(warning_codes) AS code GROUP BY period, code
UNION ALL
SELECT period, 'gaps', '', {GAP_BUCKET} AS bin, count(*)
FROM chosen WHERE gap_s IS NOT NULL GROUP BY period, bin
UNION ALL
SELECT period, 'to_end', '', {TO_END_BUCKET} AS bin, count(*)
FROM chosen WHERE to_end_s IS NOT NULL GROUP BY period, bin
UNION ALL
SELECT period, part, '', ({_BIN})::integer AS bin, count(*) FROM chosen CROSS JOIN LATERAL (VALUES
  ('gap', nullif(gap_s, 0)), ('detection_lag', detection_lag_s), ('speech_to_end', to_end_s)
) AS told (part, value) WHERE value IS NOT NULL GROUP BY period, part, bin
UNION ALL
SELECT period, part, jsonb_build_array(agent_name, agent_version)::text, bin, count(*) FROM (
  SELECT period, agent_name, agent_version, part,
    CASE part WHEN 'interruptions' THEN value ELSE {_BIN} END::integer AS bin
  FROM chosen CROSS JOIN LATERAL (VALUES
    ('response_time', response_time_p50_s), ('dead_air', longest_dead_air_s), ('talk_over', talk_over_s),
    ('interruptions', interruptions)
  ) AS told (part, value)
  WHERE value IS NOT NULL AND (agent_name IS NOT NULL OR agent_version IS NOT NULL)
) AS told GROUP BY period, agent_name, agent_version, part, bin"""


def counted(condition: str, parameters: Sequence[Any]) -> dict[datetime, Sheet]:
    """A sheet of each period in which calls of a condition began. Raises django.db.DatabaseError."""
    sheets: dict[datetime, Sheet] = {}
    # Not prepared: a plan for any times reads all calls where these two are an hour apart.
    with connection.cursor() as cursor:
        cursor.execute(COUNTED.format(calls=condition), list(parameters))
        for period, part, key, bin_, calls in cursor.fetchall():
            sheets.setdefault(period, {}).setdefault(part, {}).setdefault(key, {})[str(bin_)] = calls
    return sheets


def seconds(bin_: int) -> float:
    """What a number in a bin is, to one hundredth of it."""
    return float((bin_ > 0) - (bin_ < 0)) * LEAST_S * WIDER ** (abs(bin_) - 1) if bin_ else 0.0
