"""What the projection asks of ingest, by the names of Celery tasks: neither has to know the other."""
