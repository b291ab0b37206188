-- All that our roles may do with the log and with public: applied by each `manage.py prepare`, so that a role that was
-- made late, or by hand, has it too. The steps of migrations granted the same one by one.
GRANT USAGE ON SCHEMA log TO callstore_app;
GRANT SELECT, INSERT ON log.event, log.stream, log.conflict, log.call_key, log.seal TO callstore_app;
GRANT SELECT, INSERT, UPDATE ON log.head, log.leader TO callstore_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON log.feed_cursor TO callstore_app;
GRANT SELECT ON log.epoch, log.retirement, log.retired TO callstore_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA log TO callstore_app;
GRANT EXECUTE ON FUNCTION
  log.open_homes, log.ensure_month, log.epoch_fault, log.feed, log.astray, log.set_aside, log.is_vacant, log.vacate,
  log.place
TO callstore_app;
GRANT USAGE ON SCHEMA public TO callstore_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO callstore_app;
GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO callstore_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO callstore_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO callstore_app;
-- The operator's, and nobody else's: see 0012_operator.up.sql.
REVOKE EXECUTE ON FUNCTION log.destroy_keys, log.rewrap_keys FROM callstore_app;
GRANT USAGE ON SCHEMA log TO callstore_operator;
GRANT EXECUTE ON FUNCTION log.destroy_keys, log.rewrap_keys TO callstore_operator;
