-- What an append need not pay for. Each CHECK is parsed anew by every statement that reaches a partition; the one
-- writer (callstore.eventlog.row) gives a first of the month and digests of 32 bytes, and verify_log would tell.
ALTER TABLE log.event
  DROP CONSTRAINT event_bucket_check, DROP CONSTRAINT event_mac_check, DROP CONSTRAINT event_row_sha_check;

-- A column that says what the index of dirty heads asks: while a head stays dirty nothing indexed changes, so another
-- version of it is written beside the last one, and no index grows.
DROP INDEX log.head_dirty;
ALTER TABLE log.head ADD dirty boolean NOT NULL GENERATED ALWAYS AS (version > done) STORED;
CREATE INDEX head_dirty ON log.head (since) WHERE dirty;

-- A row that was not new: known, or with other content under its key, which is kept aside. A statement that follows
-- the insert (as those of a volatile function do) also sees what committed while the insert waited for it.
CREATE FUNCTION log.set_aside(
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

REVOKE ALL ON FUNCTION log.set_aside FROM PUBLIC;
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'callstore_app') THEN
    GRANT EXECUTE ON FUNCTION log.set_aside TO callstore_app;
  END IF;
END $$;
