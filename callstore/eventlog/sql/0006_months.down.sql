DROP FUNCTION log.empty_default();
DROP FUNCTION log.astray();

CREATE OR REPLACE FUNCTION log.ensure_month(_day date) RETURNS boolean
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
