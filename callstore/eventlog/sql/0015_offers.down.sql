DROP INDEX log.event_offered;
