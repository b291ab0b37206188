-- Homes for subjects that were never met, as many as there are. Those that are offered the same key belong together:
-- where one of them has a home, the others move in; else all get the one that is offered. Two that have homes keep them,
-- and the projection joins them. In the order of subjects, so that writers wait for each other and never deadlock.
WITH given AS (
  SELECT * FROM unnest(%b::text[], %b::uuid[], %b::date[], %b::uuid[], %b::bytea[]) WITH ORDINALITY
    AS one (subject, trace_id, bucket, key_id, wrapped, n)
), found AS (
  SELECT DISTINCT ON (g.key_id) g.key_id AS offered, s.trace_id, s.bucket, s.key_id
  FROM given g JOIN log.stream s USING (subject)
  ORDER BY g.key_id, g.n
), opened AS (
  INSERT INTO log.stream (subject, trace_id, bucket, key_id)
  SELECT g.subject, coalesce(f.trace_id, g.trace_id), coalesce(f.bucket, CASE
      WHEN g.bucket <= (SELECT max(month) FROM log.retirement)  -- into a retired month nobody moves
      THEN date_trunc('month', now() AT TIME ZONE 'UTC')::date ELSE g.bucket END),
    coalesce(f.key_id, g.key_id)
  FROM given g LEFT JOIN found f ON f.offered = g.key_id
  ORDER BY g.subject COLLATE "C"
  ON CONFLICT DO NOTHING
  RETURNING key_id
)
INSERT INTO log.call_key (key_id, wrapped)
SELECT DISTINCT key_id, wrapped FROM given JOIN opened USING (key_id)
