"""/metrics: figures for whoever scrapes them, in Prometheus' text form; docs/metrics.md lists them."""

from datetime import UTC, datetime, timedelta
from time import time

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import generate_latest

from callstore.base import counts
from callstore.base.heartbeat import ages
from callstore.domain.facts.vocabulary import VERDICTS
from callstore.eventlog.proof import seals
from callstore.eventlog.retention import retire
from callstore.health import figures, queues
from callstore.health.backlog import backlog
from callstore.health.beginning import log_began
from callstore.health.endpoints import month_alarms
from callstore.health.figures import REGISTRY, Figure, Group, Samples, alone
from callstore.health.observers import observers
from callstore.projection import tally

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
PROCESSES = ("relay", "worker", "fetcher", "beat", "watch")
HOUR = timedelta(hours=1)


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Every figure as it is now, and what the database told within the last ten seconds, or told last."""
    return HttpResponse(generate_latest(REGISTRY), content_type=CONTENT_TYPE)


def _heartbeats() -> tuple[Samples, Samples]:
    since = ages(PROCESSES)
    return {(name,): name in since for name in PROCESSES}, {(name,): age for name, age in since.items()}


def _queues() -> tuple[Samples]:
    return ({(queue,): tasks for queue, tasks in queues.waiting().items()},)


def _counted() -> tuple[Samples, ...]:
    found = counts.totals()
    results = {"saved": "projections.saved", "failed": "projections.failed"}
    return (
        {(result,): found.get(name, 0) for result, name in results.items()},
        alone(found.get("watch.events", 0)),
    )


def _watch() -> tuple[Samples]:
    held = {True: 0, False: 0}
    for observer in observers():
        held[bool(observer.holder) and observer.until > datetime.now(UTC)] += observer.sessions
    return ({("watched",): held[True], ("unwatched",): held[False]},)


def _projection() -> tuple[Samples, ...]:
    found = backlog()
    parked = alone(len(found.parked))
    return alone(found.waiting), alone(found.oldest_s), alone(found.unclaimed_s), parked


def _seal() -> tuple[Samples]:
    last = seals.last()
    since = last.sealed_at if last.no else log_began()
    return (alone((datetime.now(UTC) - since).total_seconds()),)


def _months() -> tuple[Samples, ...]:
    days = settings.RETENTION_DAYS
    overdue = alone(len(retire.overdue(days, datetime.now(UTC)))) if days else {}
    return alone(len(month_alarms(int(time() // 60)))), overdue


def _verdicts() -> tuple[Samples]:
    found = tally.verdicts(datetime.now(UTC) - HOUR)
    return ({(verdict,): found.get(verdict, 0) for verdict in VERDICTS},)


figures.NEAR += [
    Group(
        (
            Figure("callstore_process_up", "Whether the process said in time that it lives.", ("process",)),
            Figure("callstore_heartbeat_age_seconds", "How long ago it said so.", ("process",)),
        ),
        _heartbeats,
    ),
    Group((Figure("callstore_queue_tasks", "Tasks that wait for a process.", ("queue",)),), _queues),
    Group(
        (
            Figure("callstore_projections_total", "Calls folded and saved, and failures of it.", ("result",)),
            Figure("callstore_watch_events_total", "Frames and socket events that observers kept."),
        ),
        _counted,
    ),
]
figures.STORED += [
    Group(
        (
            Figure("callstore_projection_waiting", "Traces of calls that are behind the log."),
            Figure("callstore_projection_lag_seconds", "For how long the longest of them has been behind."),
            Figure("callstore_relay_lag_seconds", "For how long the longest has waited for the relay."),
            Figure("callstore_projection_parked", "Traces of calls that were set aside after errors."),
        ),
        _projection,
    ),
    Group((Figure("callstore_watch_sessions", "Sessions of the AI that are not over.", ("state",)),), _watch),
    Group((Figure("callstore_seal_age_seconds", "How old the last seal of the log is."),), _seal),
    Group(
        (
            Figure("callstore_month_faults", "Months of the log that are not made, or lie elsewhere."),
            Figure("callstore_months_overdue", "Months that are older than RETENTION_DAYS."),
        ),
        _months,
    ),
    Group(
        (Figure("callstore_calls_hour", "Calls that began within the last hour.", ("verdict",)),), _verdicts
    ),
]
