"""One statement for all numbers of an overview: calls are read once, and every group is counted of these."""

from datetime import datetime

from callstore.projection.sheets.counted import COLUMNS, COMPARED, GAP_BUCKET, TO_END_BUCKET, VALUES
from callstore.search.compile import compiled
from callstore.search.conditions import Where
from callstore.search.facets.catalogue import GAPS
from callstore.search.overview.frame import Frame
from callstore.search.tree import And, Term
from callstore.search.window import Window, within

MOST_VALUES = 40  # agent versions, regions, codes: those of most calls

_BUCKETS = ", ".join(f"'{value}'" for value in GAPS)
# Seconds between the caller's last word and the child's end, as the query language writes a range.
TO_END = {
    "<500ms": "under 0.5 s", "500ms..999ms": "0.5–1 s", "1s..1999ms": "1–2 s", "2s..4999ms": "2–5 s",
    "5s..14999ms": "5–15 s", ">=15s": "15 s and more",
}  # fmt: skip
_TO_END = ", ".join(f"'{value}'" for value in TO_END)


def _spread(column: str) -> str:
    """How many calls know a number, and the 50th and the 95th of a hundred."""
    return (
        f"jsonb_build_object('n', count({column}),"
        f" 'at', percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY {column}))"
    )


CHOSEN = """
SELECT {columns}, ({now}) IS TRUE AS now, ({before}) IS TRUE AS before
FROM call WHERE {calls}"""

GROUPS = {
    "whole": f"""
SELECT to_jsonb(told) FROM (SELECT count(*) AS calls, count(*) FILTER (WHERE live) AS live,
    count(*) FILTER (WHERE suspicious) AS suspicious, count(*) FILTER (WHERE truncated) AS truncated,
    {_spread("nullif(gap_s, 0)")} AS gap, {_spread("detection_lag_s")} AS detection_lag,
    {_spread("to_end_s")} AS speech_to_end
  FROM current) AS told""",
    "verdicts_over_time": """
SELECT jsonb_agg(told) FROM (SELECT step, verdict, count(*) AS calls FROM current GROUP BY 1, 2) AS told""",
    "over_time": f"""
SELECT jsonb_agg(told) FROM (SELECT step, count(*) AS calls, count(*) FILTER (WHERE suspicious) AS suspicious,
    {_spread("detection_lag_s")} AS detection_lag FROM current GROUP BY 1) AS told""",
    "agents": f"""
SELECT jsonb_agg(told) FROM (SELECT agent_name AS agent, agent_version AS version, count(*) AS calls,
    count(*) FILTER (WHERE suspicious) AS suspicious,
    {_spread("response_time_p50_s")} AS response_time, {_spread("longest_dead_air_s")} AS dead_air,
    {_spread("talk_over_s")} AS talk_over, {_spread("interruptions")} AS interruptions
  FROM current WHERE agent_name IS NOT NULL OR agent_version IS NOT NULL
  GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT {MOST_VALUES}) AS told""",
    "gaps": f"""
SELECT jsonb_agg(told) FROM (SELECT
    (ARRAY[{_BUCKETS}])[{GAP_BUCKET} + 1] AS value,
    count(*) AS calls FROM current WHERE gap_s IS NOT NULL GROUP BY 1) AS told""",
    "to_end": f"""
SELECT jsonb_agg(told) FROM (SELECT
    (ARRAY[{_TO_END}])[{TO_END_BUCKET} + 1] AS value,
    count(*) AS calls FROM current WHERE to_end_s IS NOT NULL GROUP BY 1) AS told""",
    "warnings": f"""
SELECT jsonb_agg(told) FROM (SELECT code AS value, count(*) AS calls
  FROM current, unnest(warning_codes) AS code WHERE warning_codes <> '{{}}'
  GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {MOST_VALUES}) AS told""",
    # Few different calls as far as these columns go; taken apart by key only then.
    "compared": f"""
SELECT jsonb_agg(told) FROM (SELECT key, value, coalesce(sum(calls) FILTER (WHERE now), 0) AS calls,
    coalesce(sum(suspicious) FILTER (WHERE now), 0) AS suspicious,
    coalesce(sum(calls) FILTER (WHERE before), 0) AS calls_before,
    coalesce(sum(suspicious) FILTER (WHERE before), 0) AS suspicious_before
  FROM packed CROSS JOIN LATERAL (VALUES ('', ''), {VALUES}) AS told (key, value)
  WHERE value IS NOT NULL GROUP BY 1, 2
  ORDER BY sum(calls) DESC, 1, 2 LIMIT {5 * MOST_VALUES}) AS told""",
}


def statement(term: Term, frame: Frame, now: datetime) -> Where:
    """The statement: a row a group, its name and its rows as JSON. Raises QueryError."""
    both = Window(frame.before.since, frame.window.until)
    calls = compiled(within(term, both), now)
    current, before = (compiled(within(And(()), each), now) for each in (frame.window, frame.before))
    chosen = CHOSEN.format(columns=COLUMNS, calls=calls.sql, now=current.sql, before=before.sql)
    step = "least(greatest(floor((extract(epoch FROM started_at) - %s) / %s), 0), %s)::integer"
    compared = ", ".join(COMPARED.values())
    groups = " UNION ALL ".join(f"SELECT '{name}', ({sql.strip()})" for name, sql in GROUPS.items())
    first, steps = frame.steps[0].timestamp(), len(frame.steps)
    return Where(
        f"WITH chosen AS MATERIALIZED ({chosen}),"
        f" current AS MATERIALIZED (SELECT *, {step} AS step FROM chosen WHERE now),"
        f" packed AS MATERIALIZED (SELECT {compared}, now, before,"
        " count(*) AS calls, count(*) FILTER (WHERE suspicious) AS suspicious FROM chosen"
        f" GROUP BY {compared}, now, before) {groups}",
        [*current.params, *before.params, *calls.params, first, frame.step_s, steps - 1],
    )
