DROP FUNCTION log.open_homes(text[], uuid[], date[], uuid[], bytea[], boolean);

-- As before, but a vacant home counts for none, and nobody moves into a retired month: a fact that comes so late
-- begins a trace of this month.
CREATE FUNCTION log.open_stream(
  _subject text, _relative text, _trace uuid, _bucket date, _key uuid, _wrapped bytea)
RETURNS TABLE (trace_id uuid, bucket date, key_id uuid, wrapped bytea) LANGUAGE plpgsql AS $$
DECLARE
  home  log.stream;
  one   text;
  mine  boolean;
  floor date := (SELECT max(month) FROM log.retirement);
BEGIN
  IF EXISTS (SELECT FROM log.stream s WHERE s.subject IN (_subject, _relative) AND s.bucket <= floor) THEN
    PERFORM log.vacate(ARRAY[_subject, _relative]);
  END IF;
  IF NOT EXISTS (SELECT FROM log.stream s WHERE s.subject = _subject) THEN
    IF _bucket <= floor THEN
      _bucket := date_trunc('month', now() AT TIME ZONE 'UTC')::date;
    END IF;
    SELECT * INTO home FROM log.stream s WHERE s.subject = _relative;
    -- Sorted, so that two writers meeting the pair from either side wait for each other and never deadlock.
    FOREACH one IN ARRAY ARRAY[least(_subject, _relative), greatest(_subject, _relative)] LOOP
      mine := home.trace_id IS NULL;
      INSERT INTO log.stream (subject, trace_id, bucket, key_id)
      VALUES (one, coalesce(home.trace_id, _trace), coalesce(home.bucket, _bucket), coalesce(home.key_id, _key))
      ON CONFLICT DO NOTHING;
      IF FOUND AND mine THEN
        INSERT INTO log.call_key (key_id, wrapped) VALUES (_key, _wrapped);
      END IF;
      SELECT * INTO home FROM log.stream s WHERE s.subject = one;
    END LOOP;
  END IF;
  RETURN QUERY
    SELECT s.trace_id, s.bucket, s.key_id, k.wrapped
    FROM log.stream s JOIN log.call_key k ON k.key_id = s.key_id WHERE s.subject = _subject;
END $$;

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'callstore_app') THEN
    GRANT EXECUTE ON FUNCTION log.open_stream TO callstore_app;
  END IF;
END $$;
