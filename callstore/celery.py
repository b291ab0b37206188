"""The Celery app and what beat does."""

import gc
import os
import sys
from typing import Any

from celery import Celery
from celery.schedules import crontab
from celery.signals import after_task_publish, beat_init, heartbeat_sent, setup_logging, worker_init

from callstore.base.heartbeat import beat

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "callstore.settings")
# Celery would run Django's checks, tell nobody what they found, and have loaded every page for that.
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")
# Beat sends tasks by name and runs none: without them it takes half the memory.
SENDS_ALONE = sys.argv[0].endswith(("celery", "celery/__main__.py")) and "beat" in sys.argv
app = Celery("callstore")
app.config_from_object("django.conf:settings", namespace="CELERY")
if not SENDS_ALONE:
    app.autodiscover_tasks()
    app.autodiscover_tasks(
        ["ingest.recordings", "ingest.overdue", "ingest.feeds", "ingest.backfill", "ingest.arrivals"]
    )
# Beat keeps no file: it leaves to whoever leads next when it sent what (callstore/beat.py).
app.conf.beat_scheduler = "callstore.beat:Scheduler"
app.conf.beat_schedule = {
    "ask again for recordings": {"task": "projection.sweep", "schedule": 15.0},
    "remove old recordings": {"task": "projection.remove_recordings", "schedule": crontab(minute=35)},
    "close calls without an end": {"task": "projection.close_overdue", "schedule": crontab(minute="*/5")},
    "ask Twilio for what its callbacks lost": {
        "task": "projection.ask_twilio",
        "schedule": 10.0,
        "options": {"expires": 10.0},
    },
    "look at the recent calls together": {
        "task": "projection.across",
        "schedule": 60.0,
        "options": {"expires": 60.0},  # what a worker that was away did not come to, it need not do twice
    },
    "forget old changes": {"task": "projection.trim_changes", "schedule": 60.0, "options": {"expires": 60.0}},
    "count the days that are over": {
        "task": "projection.make_sheets",
        "schedule": 60.0,
        "options": {"expires": 60.0},
    },
    "keep months ahead": {"task": "eventlog.ensure_months", "schedule": crontab(minute=0)},
    "remind of retention": {"task": "eventlog.remind_of_retention", "schedule": crontab(hour=4, minute=30)},
    "seal the log": {"task": "eventlog.seal", "schedule": 60.0},
    "forget sessions that are over": {
        "task": "people.clear_sessions",
        "schedule": crontab(hour=3, minute=17),
    },
    "check the alerts": {"task": "alerts.check", "schedule": 60.0, "options": {"expires": 60.0}},
    "settle verdicts": {"task": "outbound.settle", "schedule": 30.0, "options": {"expires": 30.0}},
    # Asked each hour, so that a night without a worker is made up for; what is written is not written again.
    "write out the day": {"task": "outbound.export_nightly", "schedule": crontab(minute=25)},
    "forget old events": {"task": "outbound.trim", "schedule": crontab(hour=3, minute=47)},
    "count what came": {"task": "ingest.count_arrivals", "schedule": 60.0, "options": {"expires": 60.0}},
    "ask the status pages": {"task": "ingest.poll_feeds", "schedule": 60.0, "options": {"expires": 60.0}},
}


@setup_logging.connect
def log_as_settings_say(**_: Any) -> None:
    """Leave logging as LOGGING has set it up: Celery would put lines of its own form in its place."""


@worker_init.connect
def relax_garbage_collector(**_: Any) -> None:
    """Let Python look for rings of garbage seldom: what a fold makes is freed by counting.

    Looking for them among the remembered facts of a call of hours took a third of each projection of it.
    """
    gc.set_threshold(100_000, 50, 50)


@worker_init.connect
def compare_log_key(**_: Any) -> None:
    """Begin no work with a LOG_KEY that opens nothing of the log: every fold would fail."""
    from callstore.eventlog.crypto import key_check  # once Django is set up

    if fault := key_check.fault():
        raise SystemExit(f"callstore: {fault}")


HEARTBEATS = {"calls": "worker", "recordings": "fetcher"}  # by the queue that a process serves


@heartbeat_sent.connect
def report_heartbeat(sender: Any, **_: Any) -> None:
    """Beat with Celery, which does so every two seconds and only while it has its broker.

    A thread of ours would be less true. A process that serves both queues is both.
    """
    for queue in app.amqp.queues.consume_from:
        beat(HEARTBEATS.get(queue, queue))


@beat_init.connect
def follow_beat(**_: Any) -> None:
    """In the process of Celery's beat: be alive at its start, and with each task that it could send."""
    report_beat()
    after_task_publish.connect(report_beat)


def report_beat(**_: Any) -> None:
    """Say that beat is alive."""
    beat("beat")
