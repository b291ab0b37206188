-- One statement whatever the number of rows: keep what is new, move the heads, keep what contradicts.
-- Rows come sorted by key and heads are touched in the order of traces, so that writers never deadlock.
WITH given AS (
  SELECT * FROM unnest(
    %b::date[], %b::uuid[], %b::text[], %b::text[], %b::text[], %b::text[], %b::smallint[],
    %b::timestamptz[], %b::smallint[], %b::integer[], %b::timestamptz[], %b::bigint[],
    %b::text[], %b::text[], %b::bytea[], %b::bytea[], %b::bytea[], %b::bytea[], %b::boolean[]
  ) WITH ORDINALITY AS row (
    bucket, trace_id, subject, source, dedup_key, type, schema_version,
    occurred_at, clock, precision_ms, received_at, source_sequence,
    refs, facts, personal, body, mac, row_sha, of_a_call, n)
), kept AS (
  INSERT INTO log.event (
    bucket, trace_id, subject, source, dedup_key, type, schema_version,
    occurred_at, clock, precision_ms, received_at, source_sequence,
    refs, facts, personal, body, mac, row_sha)
  SELECT bucket, trace_id, subject, source, dedup_key, type, schema_version,
    occurred_at, clock, precision_ms, received_at, source_sequence,
    string_to_array(refs, chr(31)), facts::jsonb, personal, body, mac, row_sha
  FROM given ORDER BY n
  ON CONFLICT DO NOTHING
  RETURNING bucket, trace_id, subject, source, dedup_key, position
), looked AS (
  SELECT g.*, k.position, held.mac AS held
  FROM given g
  LEFT JOIN kept k USING (bucket, trace_id, subject, source, dedup_key)
  LEFT JOIN LATERAL (  -- LIMIT keeps this an index probe, made only for what was not new
    SELECT e.mac FROM log.event e
    WHERE k.position IS NULL AND e.bucket = g.bucket AND e.trace_id = g.trace_id
      AND e.subject = g.subject AND e.source = g.source AND e.dedup_key = g.dedup_key
    LIMIT 1) AS held ON true
), moved AS (
  INSERT INTO log.head AS h (trace_id, bucket, version, since)
  SELECT trace_id, min(bucket), count(*), now() FROM looked
  WHERE position IS NOT NULL AND of_a_call GROUP BY trace_id ORDER BY trace_id
  ON CONFLICT (trace_id) DO UPDATE SET
    version = h.version + excluded.version,
    since = CASE WHEN h.version > h.done THEN h.since ELSE excluded.since END
), contradicted AS (
  INSERT INTO log.conflict (bucket, trace_id, subject, source, dedup_key, mac, type, received_at, body)
  SELECT bucket, trace_id, subject, source, dedup_key, mac, type, received_at, body FROM looked
  WHERE held <> mac ORDER BY n
  ON CONFLICT DO NOTHING
)
SELECT position, position IS NOT NULL OR held IS NOT NULL AS settled FROM looked ORDER BY n
