-- A head says since when it is behind, and nothing while it is not. A generated column said so before, for the same
-- end (nothing indexed changes while a head stays behind), but its expression was parsed anew by every append: 7 %.
ALTER TABLE log.head ALTER since DROP NOT NULL;
DROP INDEX log.head_dirty;
ALTER TABLE log.head DROP dirty;
UPDATE log.head SET since = NULL WHERE version <= done;
CREATE INDEX head_behind ON log.head (since) WHERE since IS NOT NULL;
