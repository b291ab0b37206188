-- The log only grows. Grants stop the application; these triggers stop everybody else's accidents, the
-- superuser's included. Statement triggers cost an insert nothing, and are not inherited: each partition has its own.
CREATE FUNCTION log.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% on %.% is refused: the log only grows', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION log.guard(_table regclass, _verbs text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE TRIGGER append_only BEFORE %s ON %s FOR EACH STATEMENT EXECUTE FUNCTION log.refuse_change()',
                 _verbs, _table);
  -- ALWAYS: also where session_replication_role is replica.
  EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER append_only', _table);
END $$;

SELECT log.guard('log.event', 'UPDATE OR DELETE OR TRUNCATE');
SELECT log.guard('log.stream', 'UPDATE OR DELETE OR TRUNCATE');
SELECT log.guard('log.conflict', 'UPDATE OR DELETE OR TRUNCATE');
SELECT log.guard('log.call_key', 'DELETE OR TRUNCATE');  -- erasing a call updates its key

-- The partition of a month, with its guard. True when it was made now.
CREATE FUNCTION log.ensure_month(_day date) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  first date := date_trunc('month', _day::timestamp)::date;
  name  text := format('log.%I', 'event_' || to_char(first, 'YYYY_MM'));
BEGIN
  IF to_regclass(name) IS NOT NULL THEN
    RETURN false;
  END IF;
  EXECUTE format('CREATE TABLE %s PARTITION OF log.event FOR VALUES FROM (%L) TO (%L)
                  WITH (autovacuum_vacuum_insert_scale_factor = 0.02)',
                 name, first, (first + interval '1 month')::date);
  PERFORM log.guard(name::regclass, 'UPDATE OR DELETE OR TRUNCATE');
  RETURN true;
EXCEPTION
  WHEN duplicate_table THEN
    RETURN false;
  WHEN check_violation THEN
    -- A sender's clock ran ahead and the month's first rows lie in the default partition: they stay there,
    -- and so will the others.
    RAISE WARNING 'events of % are kept in log.event_default', to_char(first, 'YYYY-MM');
    RETURN false;
END $$;

-- A month nobody prepared must not refuse a fact.
CREATE TABLE log.event_default PARTITION OF log.event DEFAULT;
SELECT log.guard('log.event_default', 'UPDATE OR DELETE OR TRUNCATE');

SELECT log.ensure_month(month::date)
FROM generate_series(timestamp '2026-01-01', now() + interval '3 months', interval '1 month') AS month;
