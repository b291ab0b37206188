DROP TABLE log.seal;
