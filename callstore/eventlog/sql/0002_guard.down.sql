DO $$
DECLARE
  part regclass;
BEGIN
  FOR part IN SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = 'log.event'::regclass LOOP
    EXECUTE format('DROP TABLE %s', part);
  END LOOP;
END $$;
DROP FUNCTION log.ensure_month(date);
DROP FUNCTION log.guard(regclass, text);
DROP FUNCTION log.refuse_change() CASCADE;
