-- A row that was known is the common case of those that were not new, so it is looked for before anything is written,
-- by one plan for all months: a plan for each costs more than the look itself.
CREATE OR REPLACE FUNCTION log.set_aside(
  _bucket date, _trace_id uuid, _subject text, _source text, _dedup_key text, _mac bytea, _type text,
  _received_at timestamptz, _body bytea) RETURNS bigint LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  IF EXISTS (
    SELECT FROM log.event e
    WHERE e.bucket = _bucket AND e.trace_id = _trace_id AND e.subject = _subject AND e.source = _source
      AND e.dedup_key = _dedup_key AND e.mac <> _mac)
  THEN
    INSERT INTO log.conflict (bucket, trace_id, subject, source, dedup_key, mac, type, received_at, body)
    VALUES (_bucket, _trace_id, _subject, _source, _dedup_key, _mac, _type, _received_at, _body)
    ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;
