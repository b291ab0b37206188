-- One statement whatever the number of rows: keep what is new, move the heads, set aside what contradicts.
-- Rows come sorted by key and heads are touched in the order of traces, so that writers never deadlock.
WITH given AS (
  SELECT * FROM unnest(
    %b::date[], %b::uuid[], %b::text[], %b::text[], %b::text[], %b::text[], %b::smallint[],
    %b::timestamptz[], %b::smallint[], %b::integer[], %b::timestamptz[], %b::bigint[],
    %b::text[], %b::text[], %b::bytea[], %b::bytea[], %b::bytea[], %b::bytea[]
  ) WITH ORDINALITY AS row (
    bucket, trace_id, subject, source, dedup_key, type, schema_version,
    occurred_at, clock, precision_ms, received_at, source_sequence,
    refs, facts, personal, body, mac, row_sha, n)
), kept AS (  -- a scan of what is given once, as it is given: to sort it would copy every body
  INSERT INTO log.event (
    bucket, trace_id, subject, source, dedup_key, type, schema_version,
    occurred_at, clock, precision_ms, received_at, source_sequence,
    refs, facts, personal, body, mac, row_sha)
  SELECT bucket, trace_id, subject, source, dedup_key, type, schema_version,
    occurred_at, clock, precision_ms, received_at, source_sequence,
    string_to_array(refs, chr(31)), facts::jsonb, personal, body, mac, row_sha
  FROM given
  ON CONFLICT DO NOTHING
  RETURNING bucket, trace_id, subject, position, row_sha
), moved AS (
  INSERT INTO log.head AS h (trace_id, bucket, version, since)
  SELECT trace_id, min(bucket), count(*), now() FROM kept
  WHERE subject = ANY(%b::text[])  -- those that are of a call
  GROUP BY trace_id ORDER BY trace_id
  ON CONFLICT (trace_id) DO UPDATE SET
    version = h.version + excluded.version,
    since = coalesce(h.since, excluded.since)
)
SELECT g.n, coalesce(k.position, log.set_aside(
  g.bucket, g.trace_id, g.subject, g.source, g.dedup_key, g.mac, g.type, g.received_at, g.body))
-- No two rows share a digest, not even of the same fact twice: it covers ciphertexts.
FROM given g LEFT JOIN kept k USING (row_sha)
