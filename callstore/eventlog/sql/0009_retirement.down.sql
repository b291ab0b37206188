DROP FUNCTION log.forget(date, uuid[]), log.detach_month(date, xid8), log.set_apart(date, date, uuid[]),
  log.page(regclass, smallint, xid8, bigint, bigint);

CREATE OR REPLACE FUNCTION log.open_stream(_subject text, _relative text, _trace uuid, _bucket date, _key uuid, _wrapped bytea)
RETURNS TABLE (trace_id uuid, bucket date, key_id uuid, wrapped bytea) LANGUAGE plpgsql AS $$
DECLARE
  home log.stream;
  one  text;
  mine boolean;
BEGIN
  IF NOT EXISTS (SELECT FROM log.stream s WHERE s.subject = _subject) THEN
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

CREATE OR REPLACE FUNCTION log.empty_default() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  found_month date;
  moved       bigint;
BEGIN
  LOCK TABLE log.event IN ACCESS EXCLUSIVE MODE;
  CREATE TEMP TABLE astray ON COMMIT DROP AS SELECT * FROM log.event_default;
  ALTER TABLE log.event DETACH PARTITION log.event_default;
  DROP TABLE log.event_default;
  CREATE TABLE log.event_default PARTITION OF log.event DEFAULT;
  PERFORM log.guard('log.event_default', 'UPDATE OR DELETE OR TRUNCATE');
  FOR found_month IN SELECT DISTINCT bucket FROM astray LOOP
    PERFORM log.ensure_month(found_month);
  END LOOP;
  INSERT INTO log.event OVERRIDING SYSTEM VALUE SELECT * FROM astray;
  GET DIAGNOSTICS moved = ROW_COUNT;
  RETURN moved;
END $$;

DROP FUNCTION log.vacate(text[]);
DROP FUNCTION log.refuse_vacant() CASCADE;
DROP FUNCTION log.refuse_early_deletion() CASCADE;
DROP FUNCTION log.guard_deletion(regclass, text);
DROP FUNCTION log.is_vacant(date, uuid);
DROP TABLE log.retired, log.retirement;

DROP TRIGGER append_only ON log.stream;
DROP TRIGGER append_only ON log.conflict;
DROP TRIGGER append_only ON log.call_key;
SELECT log.guard('log.stream', 'UPDATE OR DELETE OR TRUNCATE');
SELECT log.guard('log.conflict', 'UPDATE OR DELETE OR TRUNCATE');
SELECT log.guard('log.call_key', 'DELETE OR TRUNCATE');
