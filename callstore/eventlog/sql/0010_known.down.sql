CREATE OR REPLACE FUNCTION log.set_aside(
  _bucket date, _trace_id uuid, _subject text, _source text, _dedup_key text, _mac bytea, _type text,
  _received_at timestamptz, _body bytea) RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO log.conflict (bucket, trace_id, subject, source, dedup_key, mac, type, received_at, body)
  SELECT _bucket, _trace_id, _subject, _source, _dedup_key, _mac, _type, _received_at, _body FROM log.event e
  WHERE e.bucket = _bucket AND e.trace_id = _trace_id AND e.subject = _subject AND e.source = _source
    AND e.dedup_key = _dedup_key AND e.mac <> _mac
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
