DROP INDEX log.head_behind;
UPDATE log.head SET since = now() WHERE since IS NULL;
ALTER TABLE log.head ALTER since SET NOT NULL;
ALTER TABLE log.head ADD dirty boolean NOT NULL GENERATED ALWAYS AS (version > done) STORED;
CREATE INDEX head_dirty ON log.head (since) WHERE dirty;
