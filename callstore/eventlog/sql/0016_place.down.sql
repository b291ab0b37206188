CREATE OR REPLACE FUNCTION log.settle_epoch() RETURNS smallint LANGUAGE plpgsql AS $$
DECLARE
  present smallint;
BEGIN
  SELECT max(epoch) INTO present FROM log.epoch;
  IF log.epoch_fault() IS NOT NULL THEN
    present := present + 1;
    INSERT INTO log.epoch (epoch, system_identifier) SELECT present, system_identifier FROM pg_control_system();
    EXECUTE format('ALTER TABLE log.event ALTER COLUMN epoch SET DEFAULT %s', present);
  END IF;
  RETURN present;
END $$;
ALTER TABLE log.epoch DROP COLUMN place;
DROP FUNCTION log.place();
