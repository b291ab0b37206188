DROP TABLE log.feed_cursor;
DROP FUNCTION log.feed(smallint, xid8, bigint, bigint, boolean);
DROP FUNCTION log.settle_epoch();
DROP FUNCTION log.epoch_fault();
DROP TABLE log.epoch;
