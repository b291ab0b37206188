-- The partition of a month, with its guard. True when it was made now. Attaching lets writers and readers of other
-- months go on, where PARTITION OF would stop them all; only the default partition is locked, for the moment it takes
-- to see that it holds nothing of the month. Whoever cannot have it at once gives up and comes again: a lock that is
-- waited for stops everybody behind it.
CREATE OR REPLACE FUNCTION log.ensure_month(_day date) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '200ms' AS $$
DECLARE
  first date := date_trunc('month', _day::timestamp)::date;
  name  text := format('log.%I', 'event_' || to_char(first, 'YYYY_MM'));
BEGIN
  IF to_regclass(name) IS NOT NULL THEN
    RETURN false;
  END IF;
  EXECUTE format('CREATE TABLE %s (LIKE log.event INCLUDING DEFAULTS INCLUDING CONSTRAINTS)
                  WITH (autovacuum_vacuum_insert_scale_factor = 0.02)', name);
  PERFORM log.guard(name::regclass, 'UPDATE OR DELETE OR TRUNCATE');
  EXECUTE format('ALTER TABLE log.event ATTACH PARTITION %s FOR VALUES FROM (%L) TO (%L)',
                 name, first, (first + interval '1 month')::date);
  RETURN true;
EXCEPTION
  WHEN duplicate_table THEN
    RETURN false;
  WHEN check_violation THEN
    RETURN false;  -- log.astray() tells of the rows that lie in the default partition
END $$;

-- What lies in the default partition because nobody had prepared its month: a sender's clock that is years off.
CREATE FUNCTION log.astray() RETURNS TABLE (month date, events bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT bucket, count(*) FROM log.event_default GROUP BY bucket ORDER BY bucket
$$;

-- Move it into partitions of its months, row by row as it is: places in the feed stay, and so do the seals. For the
-- owner of the tables, when few are at work: everybody waits until it is done.
CREATE FUNCTION log.empty_default() RETURNS bigint LANGUAGE plpgsql AS $$
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

REVOKE ALL ON FUNCTION log.astray, log.empty_default FROM PUBLIC;
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'callstore_app') THEN
    GRANT EXECUTE ON FUNCTION log.astray TO callstore_app;
  END IF;
END $$;
