"""What is asked of ingest by those who do not know it: by names of Celery tasks, or to be kept at once."""
