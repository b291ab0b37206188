"""What Celery is asked for, by name."""

from celery import shared_task
from django.contrib.sessions.backends.db import SessionStore


@shared_task(name="people.clear_sessions")
def clear_sessions() -> None:
    """Delete the sessions that are over: Django keeps them until somebody does."""
    SessionStore.clear_expired()
