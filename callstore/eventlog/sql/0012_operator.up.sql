-- Destroying keys is the operator's, so that a hole in what serves cannot shred every call. Wrapping anew is as good:
-- any bytes could be put in a key's place. The operator's role can also do what the application's can; a login role
-- joins it by GRANT callstore_operator TO ….
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'callstore_operator') THEN
    CREATE ROLE callstore_operator NOLOGIN;
  END IF;
EXCEPTION
  WHEN duplicate_object OR unique_violation THEN
    NULL;  -- roles belong to the cluster: another database's migration was a moment faster
  WHEN insufficient_privilege THEN
    RAISE NOTICE 'callstore_operator was not made: % may not create roles', current_user;
END $$;

DO $$
BEGIN
  IF EXISTS (
    SELECT FROM pg_roles o, pg_roles app WHERE o.rolname = 'callstore_operator' AND app.rolname = 'callstore_app'
      AND NOT pg_has_role(o.oid, app.oid, 'MEMBER')) THEN
    GRANT callstore_app TO callstore_operator;
  END IF;
EXCEPTION
  WHEN unique_violation OR internal_error THEN
    NULL;  -- "tuple concurrently updated": another database's migration was a moment faster
  WHEN insufficient_privilege THEN
    RAISE NOTICE 'callstore_operator did not join callstore_app: % may not grant it', current_user;
END $$;

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'callstore_app') THEN
    REVOKE EXECUTE ON FUNCTION log.destroy_keys, log.rewrap_keys FROM callstore_app;
  END IF;
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'callstore_operator') THEN
    GRANT USAGE ON SCHEMA log TO callstore_operator;
    GRANT EXECUTE ON FUNCTION log.destroy_keys, log.rewrap_keys TO callstore_operator;
  END IF;
END $$;
