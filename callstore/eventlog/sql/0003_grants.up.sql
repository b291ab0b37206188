-- The application's role: it adds to the log and reads it, and can neither change it nor its shape. Grants are
-- on the parent only, so partitions cannot be addressed at all. A login role joins it by GRANT callstore_app TO ….
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'callstore_app') THEN
    CREATE ROLE callstore_app NOLOGIN;
  END IF;
EXCEPTION
  WHEN duplicate_object OR unique_violation THEN
    NULL;  -- roles belong to the cluster: another database's migration was a moment faster
  WHEN insufficient_privilege THEN
    RAISE NOTICE 'callstore_app was not made: % may not create roles', current_user;
END $$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA log FROM PUBLIC;

DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'callstore_app') THEN
    RETURN;
  END IF;
  GRANT USAGE ON SCHEMA log TO callstore_app;
  GRANT SELECT, INSERT ON log.event, log.stream, log.conflict, log.call_key TO callstore_app;
  GRANT SELECT, INSERT, UPDATE ON log.head TO callstore_app;
  GRANT USAGE ON ALL SEQUENCES IN SCHEMA log TO callstore_app;
  GRANT EXECUTE ON FUNCTION log.open_stream, log.ensure_month TO callstore_app;
  -- Everything else lives in public and may be dropped and rebuilt: tables of earlier migrations, and of later ones.
  GRANT USAGE ON SCHEMA public TO callstore_app;
  GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO callstore_app;
  GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO callstore_app;
  ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO callstore_app;
  ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO callstore_app;
END $$;
