"""The page of ingest health: sources, spool, projection, observers, feeds, a test event, the doctor."""
