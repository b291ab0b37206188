-- Retention. A month's calls go whole, with their partition; what proves all the other events stays: their places and
-- digests. None of it is granted to the application, but log.vacate, which gives a late fact a home that still stands.
CREATE TABLE log.retirement (
  no         bigint      PRIMARY KEY CHECK (no > 0),
  month      date        NOT NULL,
  events     bigint      NOT NULL,                                    -- so many went
  digest     bytea       NOT NULL CHECK (octet_length(digest) = 32),  -- of their leaves, one behind the other
  retired_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- The leaves of events that went, some hundreds a row, in the order of the feed: each 50 bytes of epoch (2), xid (8),
-- position (8) and row_sha (32). Those of a retirement that is not entered above are left of one that was broken off.
CREATE TABLE log.retired (
  no          bigint   NOT NULL,
  part        bigint   NOT NULL,
  to_epoch    smallint NOT NULL,  -- the place of the last of them
  to_xid      xid8     NOT NULL,
  to_position bigint   NOT NULL,
  leaves      bytea    NOT NULL,
  PRIMARY KEY (no, part)
);
ALTER TABLE log.retired ALTER leaves SET STORAGE EXTERNAL;  -- digests do not compress

-- Whether a home is one of a retired month that holds nothing of its trace any more.
CREATE FUNCTION log.is_vacant(_bucket date, _trace uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT coalesce(_bucket <= (SELECT max(month) FROM log.retirement), false)
    AND NOT EXISTS (SELECT FROM log.event e WHERE e.bucket = _bucket AND e.trace_id = _trace)
$$;

-- What leads to events goes only after them: the homes and contradictions of vacant traces, destroyed keys.
CREATE FUNCTION log.refuse_early_deletion() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  early boolean;
BEGIN
  IF TG_TABLE_NAME = 'call_key' THEN
    early := OLD.wrapped IS NOT NULL;
  ELSIF TG_TABLE_NAME = 'retired' THEN
    early := EXISTS (SELECT FROM log.retirement r WHERE r.no = OLD.no);
  ELSE
    early := NOT log.is_vacant(OLD.bucket, OLD.trace_id);
  END IF;
  IF early THEN
    RAISE EXCEPTION '% on %.% is refused: the log only grows', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN OLD;
END $$;

CREATE FUNCTION log.guard_deletion(_table regclass, _verbs text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('DROP TRIGGER IF EXISTS append_only ON %s', _table);
  PERFORM log.guard(_table, _verbs);
  EXECUTE format('CREATE TRIGGER not_early BEFORE DELETE ON %s
                  FOR EACH ROW EXECUTE FUNCTION log.refuse_early_deletion()', _table);
  EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER not_early', _table);
END $$;
SELECT log.guard('log.retirement', 'UPDATE OR DELETE OR TRUNCATE');
SELECT log.guard_deletion(format('log.%I', name)::regclass, 'UPDATE OR TRUNCATE')
FROM unnest(ARRAY['stream', 'conflict', 'retired']) AS name;
SELECT log.guard_deletion('log.call_key', 'TRUNCATE');

-- A writer may remember a home that has become vacant: it is told so, and looks again. Only where such a row can
-- arrive, the default partition and what is left of retired months, so that other appends pay nothing.
CREATE FUNCTION log.refuse_vacant() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF log.is_vacant(NEW.bucket, NEW.trace_id) THEN
    RAISE EXCEPTION 'the calls of % are retired', to_char(NEW.bucket, 'YYYY-MM')
      USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER not_vacant BEFORE INSERT ON log.event_default
FOR EACH ROW EXECUTE FUNCTION log.refuse_vacant();

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
  CREATE TRIGGER not_vacant BEFORE INSERT ON log.event_default FOR EACH ROW EXECUTE FUNCTION log.refuse_vacant();
  RETURN moved;
END $$;

-- Forget vacant homes and, for ever, their keys.
CREATE FUNCTION log.vacate(_subjects text[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  keys uuid[];
BEGIN
  WITH gone AS (
    DELETE FROM log.stream s WHERE s.subject = ANY(_subjects) AND log.is_vacant(s.bucket, s.trace_id)
    RETURNING s.key_id
  )
  SELECT array_agg(DISTINCT key_id) INTO keys FROM gone;
  UPDATE log.call_key SET wrapped = NULL, destroyed_at = clock_timestamp(), reason = 'retired'
  WHERE key_id = ANY(keys) AND wrapped IS NOT NULL;
  DELETE FROM log.call_key WHERE key_id = ANY(keys);
END $$;

-- As before, but a vacant home counts for none, and nobody moves into a retired month: a fact that comes so late
-- begins a trace of this month.
CREATE OR REPLACE FUNCTION log.open_stream(
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

-- Step one of retiring a month, which stops nobody: its events that stay are copied, as they are, into a table beside
-- it. These are the traces that are named; the retirements themselves; and of what is of no call (deployments,
-- incidents) each fact that came after `_until`, however long ago its subject was first met. How many stay.
CREATE FUNCTION log.set_apart(_month date, _until date, _stay uuid[]) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  name  text := 'event_' || to_char(_month, 'YYYY_MM');
  stays bigint;
BEGIN
  EXECUTE format('DROP TABLE IF EXISTS log.%I', name || '_kept');
  EXECUTE format('CREATE TABLE log.%I (LIKE log.event INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING INDEXES)
                  WITH (autovacuum_vacuum_insert_scale_factor = 0.02)', name || '_kept');
  EXECUTE format('INSERT INTO log.%I SELECT * FROM log.%I e
                  WHERE e.trace_id = ANY($1) OR e.type = ''month.retired''
                    OR e.received_at >= $2 AND NOT EXISTS (SELECT FROM log.head h WHERE h.trace_id = e.trace_id)',
                 name || '_kept', name)
    USING _stay, (_until + interval '1 month') AT TIME ZONE 'UTC';
  GET DIAGNOSTICS stays = ROW_COUNT;
  RETURN stays;
END $$;

-- A page of one month, or of what is to stay of it, in the order of the feed; with log.feed's settings, for its reason.
CREATE FUNCTION log.page(_part regclass, _epoch smallint, _xid xid8, _position bigint, _most bigint)
RETURNS SETOF log.event LANGUAGE plpgsql STABLE
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off SET jit = off AS $$
BEGIN
  RETURN QUERY EXECUTE format('SELECT * FROM %s e WHERE (e.epoch, e.xid, e.position) > ($1, $2, $3)
                               ORDER BY e.epoch, e.xid, e.position LIMIT $4', _part)
    USING _epoch, _xid, _position, _most;
END $$;

-- Step two, in a transaction of the caller's who enters the retirement in it: what stays takes the place of the month,
-- which is left beside the log until everything else about its calls is gone, too. False, and nothing done, where
-- something has come for the month since `_fence`. Who cannot have the lock at once comes again, as with ensure_month.
CREATE FUNCTION log.detach_month(_month date, _fence xid8) RETURNS boolean
LANGUAGE plpgsql SET lock_timeout = '200ms' AS $$
DECLARE
  name  text := 'event_' || to_char(_month, 'YYYY_MM');
  since boolean;
  stays boolean;
BEGIN
  EXECUTE format('LOCK TABLE ONLY log.event, ONLY log.%I IN ACCESS EXCLUSIVE MODE', name);
  since := EXISTS (
    SELECT FROM log.page(format('log.%I', name)::regclass, (SELECT max(epoch) FROM log.epoch), _fence, 0, 1));
  IF since THEN
    RETURN false;
  END IF;
  EXECUTE format('ALTER TABLE log.event DETACH PARTITION log.%I', name);
  EXECUTE format('ALTER TABLE log.%I RENAME TO %I', name, name || '_gone');
  EXECUTE format('SELECT EXISTS (SELECT FROM log.%I)', name || '_kept') INTO stays;
  IF stays THEN
    EXECUTE format('ALTER TABLE log.%I RENAME TO %I', name || '_kept', name);
    PERFORM log.guard(format('log.%I', name)::regclass, 'UPDATE OR DELETE OR TRUNCATE');
    EXECUTE format('CREATE TRIGGER not_vacant BEFORE INSERT ON log.%I
                    FOR EACH ROW EXECUTE FUNCTION log.refuse_vacant()', name);
    EXECUTE format('ALTER TABLE log.event ATTACH PARTITION log.%I FOR VALUES FROM (%L) TO (%L)',
                   name, _month, (_month + interval '1 month')::date);
  ELSE
    EXECUTE format('DROP TABLE log.%I', name || '_kept');
  END IF;
  RETURN true;
END $$;

-- Step three, some traces of a month at a time: nothing of them is left in the log but their leaves.
CREATE FUNCTION log.forget(_month date, _traces uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM log.vacate(ARRAY(SELECT subject FROM log.stream WHERE trace_id = ANY(_traces)));
  DELETE FROM log.conflict WHERE bucket = _month AND trace_id = ANY(_traces);
  DELETE FROM log.head WHERE trace_id = ANY(_traces) AND log.is_vacant(bucket, trace_id);
END $$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA log FROM PUBLIC;
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'callstore_app') THEN
    GRANT SELECT ON log.retirement, log.retired TO callstore_app;
    GRANT EXECUTE ON FUNCTION log.is_vacant, log.vacate TO callstore_app;
  END IF;
END $$;
