-- Who does alone what only one process of all hosts may do, until when, and what it noted for whoever does it next.
-- The clock is the database's. The few rows are written every second, in place: their pages have room for it.
CREATE TABLE log.leader (
  role       text        PRIMARY KEY,
  holder     uuid        NOT NULL,
  until      timestamptz NOT NULL,
  renewed_at timestamptz NOT NULL,
  notes      jsonb       NOT NULL DEFAULT '{}'
) WITH (fillfactor = 10);

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'callstore_app') THEN
    GRANT SELECT, INSERT, UPDATE ON log.leader TO callstore_app;
  END IF;
END $$;
