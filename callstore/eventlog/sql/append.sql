-- One statement whatever the number of rows: keep what is new, move the heads, set aside what contradicts.
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
  RETURNING position, row_sha
), looked AS (  -- no two rows share a digest, not even of the same fact twice: it covers ciphertexts
  SELECT * FROM given LEFT JOIN kept USING (row_sha)
), moved AS (
  INSERT INTO log.head AS h (trace_id, bucket, version, since)
  SELECT trace_id, min(bucket), count(*), now() FROM looked
  WHERE position IS NOT NULL AND of_a_call GROUP BY trace_id ORDER BY trace_id
  ON CONFLICT (trace_id) DO UPDATE SET
    version = h.version + excluded.version,
    since = CASE WHEN h.version > h.done THEN h.since ELSE excluded.since END
)
SELECT CASE WHEN position IS NULL
  THEN log.set_aside(bucket, trace_id, subject, source, dedup_key, mac, type, received_at, body)
  ELSE position END
FROM looked ORDER BY n
