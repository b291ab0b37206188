"""What projected calls still wait for, and asking ingest to fetch it."""
