"""The SQL by which calls are multiplied: what is prepared, and one statement for many copies."""

from django.db import models

from callstore.projection.models import CallRow
from callstore.projection.packed import written

SAID = "SELECT at, words_caller, words_agent FROM bench_story"
PREPARED = r"""
CREATE UNLOGGED TABLE bench_story AS
SELECT row_number() OVER (ORDER BY call_id) - 1 AS at, call.*, words.caller AS words_caller,
  words.agent AS words_agent, words.ids AS words_ids, '{}'::integer[] AS tokens
FROM call JOIN call_words AS words USING (call_id);
ALTER TABLE bench_story ADD PRIMARY KEY (at);
CREATE UNLOGGED TABLE bench_sentence (
  at integer, side text, text text, line text, tokens integer[], PRIMARY KEY (side, at)
);
CREATE UNLOGGED TABLE bench_start (number bigint PRIMARY KEY, tokens integer[]);
TRUNCATE call, call_words;

-- Each old id replaced by the new one that stands at its place.
CREATE FUNCTION bench_renewed(_text text, _old text[], _new text[]) RETURNS text
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  FOR at IN 1 .. cardinality(_old) LOOP
    _text := replace(_text, _old[at], _new[at]);
  END LOOP;
  RETURN _text;
END $$;

-- As projection.words.tokens makes them of ids.
CREATE FUNCTION bench_tokens(_lines text[]) RETURNS integer[] LANGUAGE sql IMMUTABLE AS $$
  SELECT array_agg(DISTINCT (crc32(convert_to(E'ids
' || substr(line, at, 3), 'UTF8')) - 2147483648)::integer)
  FROM unnest(_lines) AS line, generate_series(1, length(line) - 2) AS at
$$;
"""
CLEARED = """
DROP TABLE bench_story, bench_sentence, bench_start;
DROP FUNCTION bench_renewed(text, text[], text[]), bench_tokens(text[])
"""


def _columns() -> dict[str, str]:
    """What stands in each column of a copy, as SQL over the story of which it is one."""
    found = {}
    for field in CallRow._meta.concrete_fields:
        name = field.name
        if isinstance(field, models.DateTimeField):
            found[name] = f"began + ({name} - started_at)"
        elif isinstance(field, models.FloatField) and name.endswith("_s"):
            found[name] = f"{name} * (0.7 + 0.6 * part)"
        elif name.endswith(("_sid", "_call_id", "_session_id")) or name == "caller":
            found[name] = f"bench_renewed({name}, old, new)"
        else:
            found[name] = name
    return {name: OTHERS.get(name, found[name]) for name in written(CallRow)}


MOMENTS = [
    name
    for field in CallRow._meta.concrete_fields
    if isinstance(field, models.DateTimeField)
    and (name := field.name) not in ("saved_at", "fetch_at", "ask_at")
]
ISO = 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'
WRITTEN = ", ".join(
    f"'{name}', to_char((began + ({name} - started_at)) AT TIME ZONE 'UTC', '{ISO}')" for name in MOMENTS
)
MOVED = f"jsonb_strip_nulls(jsonb_build_object({WRITTEN}))"
# Few calls were decided about.
OTHERS = {
    "call_id": "new_id",
    "started_at": "began",
    "agent_name": "'agent-' || mod(n, 5)",
    "agent_version": "'3.' || mod(n, 5) || '.' || mod(n / 7, 40)",
    "review_state": "CASE WHEN n % 997 = 0 THEN 'investigating'"
    " WHEN n % 1499 = 0 THEN 'confirmed' ELSE 'new' END",
    "assignee": "CASE WHEN n % 997 = 0 THEN 'person-' || n % 7 END",
    "tags": "CASE WHEN n % 1999 = 0 THEN ARRAY['billing'] ELSE '{}' END",
    "ids": "ARRAY(SELECT id FROM unnest(new[3:]) AS id ORDER BY id)",
    "document": "told",
    "outline": f"(bench_renewed(outline, old, new)::jsonb || {MOVED})::text",
    "saved_at": "now()",
    "fetch_at": "NULL::timestamptz",
    "ask_at": "NULL::timestamptz",
}
MULTIPLIED = f"""
WITH fresh AS (
  SELECT story.*, n, began, random() AS part, uuidv7(began - now()) AS new_id,
    CASE WHEN caller ~ '^\\+[0-9]{{8,}}$' THEN caller ELSE '' END AS number,
    CASE WHEN n %% %(one_of)s = 0 THEN n / %(one_of)s %% %(rare)s
      ELSE %(rare)s + abs(hashint8(n)::bigint) %% (%(sentences)s - %(rare)s) END AS caller_at,
    abs(hashint8(n + 1)::bigint) %% %(sentences)s AS agent_at
  FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n
  CROSS JOIN LATERAL (
    SELECT date_trunc('milliseconds',
      %(newest)s::timestamptz - (%(calls)s - n - random()) * %(every)s::interval) AS began
  ) AS start JOIN bench_story AS story ON story.at = n %% %(kinds)s
), renewed AS (
  SELECT *, ARRAY[call_id::text, number] || ids AS old,
    ARRAY[new_id::text,
      left(number, 4) || lpad(floor(power(part, 2) * 200000)::bigint::text, length(number) - 4, '0')]
    || ARRAY(SELECT CASE id WHEN call_id::text THEN new_id::text
      ELSE substring(id FROM '^[A-Z]{{2}}|^[a-z]+_|^') || md5(id || n) END FROM unnest(ids) AS id) AS new
  FROM fresh
), made AS MATERIALIZED (
  SELECT renewed.*, caller_said.text AS caller_text, caller_said.line AS caller_line,
    agent_said.line AS agent_line,
    renewed.tokens || caller_said.tokens || agent_said.tokens || bench_start.tokens AS spoken,
    bench_renewed(words_ids, string_to_array(lower(array_to_string(old, ' ')), ' '),
      string_to_array(lower(array_to_string(new, ' ')), ' ')) AS new_ids,
    coalesce(jsonb_insert(doc, '{{turns,-1}}',
      doc #> '{{turns,-1}}' || jsonb_build_object('text', caller_said.text), true), doc)
    || {MOVED} AS told
  FROM renewed
  CROSS JOIN LATERAL (SELECT bench_renewed(document::text, old, new)::jsonb AS doc OFFSET 0) AS text
  JOIN bench_sentence AS caller_said ON caller_said.side = 'caller' AND caller_said.at = caller_at
  JOIN bench_sentence AS agent_said ON agent_said.side = 'agent' AND agent_said.at = agent_at
  JOIN bench_start ON bench_start.number = floor(extract(epoch FROM began) / %(shortest)s)
  ORDER BY n
), kept AS (
  INSERT INTO call ({", ".join(_columns())})
  SELECT {", ".join(_columns().values()).replace("%", "%%")} FROM made
)
INSERT INTO call_words (call_id, started_at, caller, agent, ids, tokens)
SELECT new_id, began, concat_ws(E'\\n', nullif(words_caller, ''), caller_line),
  concat_ws(E'\\n', nullif(words_agent, ''), agent_line), new_ids,
  spoken || bench_tokens(string_to_array(new_ids, E'\\n'))
FROM made
"""
