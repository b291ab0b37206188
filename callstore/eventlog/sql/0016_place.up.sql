-- A restore may keep the cluster: into a database beside the first, or back to a point in time. The transactions and
-- positions of what was lost are then given out again, for other rows than those that seals and exports elsewhere have
-- seen. So the log knows its database and its timeline, too, and begins a new epoch where one of them is another.
CREATE FUNCTION log.place() RETURNS text LANGUAGE sql VOLATILE AS $$
  SELECT format('%s/%s/%s', c.system_identifier, left(pg_walfile_name(pg_current_wal_lsn()), 8), d.oid)
  FROM pg_control_system() c, pg_database d WHERE d.datname = current_database()
$$;
-- Of the epochs before the present one nobody asks it.
ALTER TABLE log.epoch ADD COLUMN place text NOT NULL DEFAULT log.place();

CREATE OR REPLACE FUNCTION log.settle_epoch() RETURNS smallint LANGUAGE plpgsql AS $$
DECLARE
  present log.epoch;
BEGIN
  SELECT * INTO present FROM log.epoch ORDER BY epoch DESC LIMIT 1;
  IF log.epoch_fault() IS NULL AND present.place = log.place() THEN
    RETURN present.epoch;
  END IF;
  INSERT INTO log.epoch (epoch, system_identifier)
  SELECT present.epoch + 1, system_identifier FROM pg_control_system();
  EXECUTE format('ALTER TABLE log.event ALTER COLUMN epoch SET DEFAULT %s', present.epoch + 1);
  RETURN present.epoch + 1;
END $$;

REVOKE ALL ON FUNCTION log.place FROM PUBLIC;
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'callstore_app') THEN
    GRANT EXECUTE ON FUNCTION log.place TO callstore_app;
  END IF;
END $$;
