-- What the log was: each seal covers the events between the seal before it and its own place in the feed.
CREATE TABLE log.seal (
  seal_no     bigint      PRIMARY KEY CHECK (seal_no > 0),
  to_epoch    smallint    NOT NULL,
  to_xid      xid8        NOT NULL,
  to_position bigint      NOT NULL,
  n           bigint      NOT NULL CHECK (n > 0),
  sealed_at   timestamptz NOT NULL,                                      -- whole milliseconds
  root        bytea       NOT NULL CHECK (octet_length(root) = 32),      -- of the Merkle tree over its events
  prev        bytea       NOT NULL CHECK (octet_length(prev) = 32),      -- `this` of the seal before; zeros for the first
  this        bytea       NOT NULL CHECK (octet_length(this) = 32)       -- of all columns before it
);
SELECT log.guard('log.seal', 'UPDATE OR DELETE OR TRUNCATE');

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'callstore_app') THEN
    GRANT SELECT, INSERT ON log.seal TO callstore_app;
  END IF;
END $$;
