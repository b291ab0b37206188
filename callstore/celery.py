"""The Celery app and what beat does."""

import os
from typing import Any

from celery import Celery
from celery.signals import heartbeat_sent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "callstore.settings")
app = Celery("callstore")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@heartbeat_sent.connect  # type: ignore[untyped-decorator]
def say_alive(**_: Any) -> None:
    """Celery beats every two seconds and only while it has its broker: truer than a thread of ours."""
    from callstore.health import beat

    beat("worker")
