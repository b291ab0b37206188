-- Reading without gaps. An xid has a meaning only in the cluster that gave it out, so the log knows its cluster; a
-- restore into another one begins a new epoch, whose events follow all events of the old ones.
CREATE TABLE log.epoch (
  epoch             smallint    PRIMARY KEY,
  system_identifier bigint      NOT NULL,
  began_at          timestamptz NOT NULL DEFAULT clock_timestamp()
);
SELECT log.guard('log.epoch', 'UPDATE OR DELETE OR TRUNCATE');
INSERT INTO log.epoch (epoch, system_identifier) SELECT 1, system_identifier FROM pg_control_system();

-- Why the present epoch is not this cluster's, or null. The newest event that we can see must be of a transaction
-- that has ended here, or of our own.
CREATE FUNCTION log.epoch_fault() RETURNS text LANGUAGE sql STABLE AS $$
  SELECT CASE
    WHEN present.system_identifier <> (SELECT system_identifier FROM pg_control_system())
      THEN 'the log comes from another cluster'
    WHEN newest.xid >= pg_snapshot_xmax(pg_current_snapshot())
      AND newest.xid IS DISTINCT FROM pg_current_xact_id_if_assigned()
      THEN 'the log holds transactions that this cluster has not yet seen'
  END
  FROM (SELECT * FROM log.epoch ORDER BY epoch DESC LIMIT 1) AS present
  LEFT JOIN LATERAL (
    SELECT e.xid FROM log.event e WHERE e.epoch = present.epoch
    ORDER BY e.epoch DESC, e.xid DESC, e.position DESC LIMIT 1) AS newest ON true
$$;

-- Begin a new epoch if there is a fault; the present one. Run by every migrate, before anything is appended.
CREATE FUNCTION log.settle_epoch() RETURNS smallint LANGUAGE plpgsql AS $$
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

-- Events behind a place, in the order of the feed. `_settled`: only what no running transaction can still precede.
-- Both bounds are row comparisons, so that a page is one range of event_feed in each partition. The planner takes
-- such a range for empty, since it looks at the epoch alone, and would rather sort the whole log; hence the settings.
CREATE FUNCTION log.feed(_epoch smallint, _xid xid8, _position bigint, _most bigint, _settled boolean)
RETURNS SETOF log.event LANGUAGE plpgsql STABLE
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off SET jit = off AS $$
DECLARE
  present smallint := (SELECT max(epoch) FROM log.epoch);
BEGIN
  IF _settled THEN
    RETURN QUERY SELECT * FROM log.event e
    WHERE (e.epoch, e.xid, e.position) > (_epoch, _xid, _position)
      AND (e.epoch, e.xid) < (present, pg_snapshot_xmin(pg_current_snapshot()))
    ORDER BY e.epoch, e.xid, e.position LIMIT _most;
  ELSE
    RETURN QUERY SELECT * FROM log.event e WHERE (e.epoch, e.xid, e.position) > (_epoch, _xid, _position)
    ORDER BY e.epoch, e.xid, e.position LIMIT _most;
  END IF;
END $$;

-- How far each reader of the feed has come.
CREATE TABLE log.feed_cursor (
  name       text        PRIMARY KEY,
  epoch      smallint    NOT NULL,
  xid        xid8        NOT NULL,
  position   bigint      NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

REVOKE ALL ON FUNCTION log.epoch_fault, log.settle_epoch, log.feed FROM PUBLIC;
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'callstore_app') THEN
    GRANT SELECT ON log.epoch TO callstore_app;
    GRANT SELECT, INSERT, UPDATE, DELETE ON log.feed_cursor TO callstore_app;
    GRANT EXECUTE ON FUNCTION log.epoch_fault, log.feed TO callstore_app;
  END IF;
END $$;
