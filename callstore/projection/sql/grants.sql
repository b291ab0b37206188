-- All that the application's role may do beside the read models that are served: applied by each `manage.py prepare`.
GRANT USAGE ON SCHEMA rebuild TO callstore_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA rebuild TO callstore_app;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA rebuild TO callstore_app;
