"""The Celery app and what beat does."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "callstore.settings")
app = Celery("callstore")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
