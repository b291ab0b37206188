DROP TABLE log.leader;
