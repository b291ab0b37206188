-- A call's key is destroyed to erase the call, and wrapped anew when the master key changes. Nothing else may happen to
-- it: no other column changes, and what is destroyed stays so.
CREATE FUNCTION log.refuse_other_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.wrapped IS NULL OR (NEW.key_id, NEW.created_at) IS DISTINCT FROM (OLD.key_id, OLD.created_at) THEN
    RAISE EXCEPTION 'a key of a call is only destroyed, once, or wrapped anew' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER only_destroyed_or_wrapped_anew BEFORE UPDATE ON log.call_key
FOR EACH ROW EXECUTE FUNCTION log.refuse_other_change();
ALTER TABLE log.call_key ENABLE ALWAYS TRIGGER only_destroyed_or_wrapped_anew;

-- The application may not update keys; these two are all that it may do to them.
CREATE FUNCTION log.destroy_keys(_traces uuid[], _reason text) RETURNS SETOF uuid
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH destroyed AS (
    UPDATE log.call_key SET wrapped = NULL, destroyed_at = clock_timestamp(), reason = _reason
    WHERE wrapped IS NOT NULL AND key_id IN (SELECT key_id FROM log.stream WHERE trace_id = ANY(_traces))
    RETURNING key_id
  )
  SELECT DISTINCT s.trace_id FROM log.stream s JOIN destroyed d USING (key_id)
$$;

-- Only a key that is still what the caller has read: one that was destroyed meanwhile stays destroyed.
CREATE FUNCTION log.rewrap_keys(_keys uuid[], _old bytea[], _new bytea[]) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH changed AS (
    UPDATE log.call_key k SET wrapped = given.new FROM unnest(_keys, _old, _new) AS given (key_id, old, new)
    WHERE k.key_id = given.key_id AND k.wrapped = given.old AND given.new IS NOT NULL RETURNING 1
  )
  SELECT count(*) FROM changed
$$;

REVOKE ALL ON FUNCTION log.destroy_keys, log.rewrap_keys FROM PUBLIC;
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'callstore_app') THEN
    GRANT EXECUTE ON FUNCTION log.destroy_keys, log.rewrap_keys TO callstore_app;
  END IF;
END $$;
