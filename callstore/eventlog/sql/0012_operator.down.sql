DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'callstore_operator') THEN
    REVOKE EXECUTE ON FUNCTION log.destroy_keys, log.rewrap_keys FROM callstore_operator;
    REVOKE USAGE ON SCHEMA log FROM callstore_operator;
  END IF;
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'callstore_app') THEN
    GRANT EXECUTE ON FUNCTION log.destroy_keys, log.rewrap_keys TO callstore_app;
  END IF;
END $$;
