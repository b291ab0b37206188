-- Homes for all subjects of a batch in one statement: sent as four, they took a third of what a writer's interpreter
-- did for a call that nobody had met. Each statement in here sees what was committed when it began.
DROP FUNCTION log.open_stream(text, text, uuid, date, uuid, bytea);

-- Those that are offered the same key belong together: where one of them has a home, the others move in; else all get
-- the one that is offered. Two that have homes keep them, and the projection joins them. In the order of subjects, so
-- that writers wait for each other and never deadlock.
CREATE FUNCTION log.open_homes(
  _subjects text[], _traces uuid[], _buckets date[], _keys uuid[], _wrapped bytea[], _lazily boolean)
RETURNS TABLE (subject text, trace_id uuid, bucket date, key_id uuid, wrapped bytea) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  floor date := (SELECT max(month) FROM log.retirement);
BEGIN
  IF _lazily THEN
    -- The commit of the first event brings to the disk what was written before it, too.
    PERFORM set_config('synchronous_commit', 'off', true);
  END IF;
  IF EXISTS (SELECT FROM log.stream s WHERE s.subject = ANY(_subjects) AND s.bucket <= floor) THEN
    PERFORM log.vacate(_subjects);
  END IF;
  WITH given AS (
    SELECT * FROM unnest(_subjects, _traces, _buckets, _keys, _wrapped) WITH ORDINALITY
      AS one (subject, trace_id, bucket, key_id, wrapped, n)
  ), found AS (
    SELECT DISTINCT ON (g.key_id) g.key_id AS offered, s.trace_id, s.bucket, s.key_id
    FROM given g JOIN log.stream s USING (subject)
    ORDER BY g.key_id, g.n
  ), opened AS (
    INSERT INTO log.stream (subject, trace_id, bucket, key_id)
    SELECT g.subject, coalesce(f.trace_id, g.trace_id), coalesce(f.bucket, CASE
        WHEN g.bucket <= floor  -- into a retired month nobody moves
        THEN date_trunc('month', now() AT TIME ZONE 'UTC')::date ELSE g.bucket END),
      coalesce(f.key_id, g.key_id)
    FROM given g LEFT JOIN found f ON f.offered = g.key_id
    ORDER BY g.subject COLLATE "C"
    ON CONFLICT DO NOTHING
    RETURNING key_id
  )
  INSERT INTO log.call_key (key_id, wrapped)
  SELECT DISTINCT key_id, wrapped FROM given JOIN opened USING (key_id);
  RETURN QUERY
    SELECT s.subject, s.trace_id, s.bucket, s.key_id, k.wrapped
    FROM log.stream s JOIN log.call_key k USING (key_id) WHERE s.subject = ANY(_subjects);
END $$;

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'callstore_app') THEN
    GRANT EXECUTE ON FUNCTION log.open_homes TO callstore_app;
  END IF;
END $$;
