DROP FUNCTION log.set_aside;
DROP INDEX log.head_dirty;
ALTER TABLE log.head DROP dirty;
CREATE INDEX head_dirty ON log.head (since) WHERE version > done;
ALTER TABLE log.event
  ADD CONSTRAINT event_bucket_check CHECK (extract(day FROM bucket) = 1),
  ADD CONSTRAINT event_mac_check CHECK (octet_length(mac) = 32),
  ADD CONSTRAINT event_row_sha_check CHECK (octet_length(row_sha) = 32);
