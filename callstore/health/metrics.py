"""/metrics: figures for whoever scrapes them, in Prometheus' text form; docs/metrics.md lists them."""

from datetime import UTC, datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import generate_latest

from callstore.base.heartbeat import ages
from callstore.domain.facts.vocabulary import VERDICTS
from callstore.eventlog.proof import seals
from callstore.health import figures
from callstore.health.backlog import backlog
from callstore.health.figures import REGISTRY, Figure, Group, Samples, alone
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


def _projection() -> tuple[Samples, ...]:
    found = backlog()
    return alone(found.waiting), alone(found.oldest_s), alone(len(found.parked))


def _seal() -> tuple[Samples]:
    last = seals.last()
    return (alone((datetime.now(UTC) - last.sealed_at).total_seconds()) if last.no else {},)


def _verdicts() -> tuple[Samples]:
    found = tally.verdicts(datetime.now(UTC) - HOUR)
    return ({(verdict,): found.get(verdict, 0) for verdict in VERDICTS},)


figures.NEAR.append(
    Group(
        (
            Figure("callstore_process_up", "Whether the process said in time that it lives.", ("process",)),
            Figure("callstore_heartbeat_age_seconds", "How long ago it said so.", ("process",)),
        ),
        _heartbeats,
    )
)
figures.STORED += [
    Group(
        (
            Figure("callstore_projection_waiting", "Traces of calls that are behind the log."),
            Figure("callstore_projection_lag_seconds", "For how long the longest of them has been behind."),
            Figure("callstore_projection_parked", "Traces of calls that were set aside after errors."),
        ),
        _projection,
    ),
    Group((Figure("callstore_seal_age_seconds", "How old the last seal of the log is."),), _seal),
    Group(
        (Figure("callstore_calls_hour", "Calls that began within the last hour.", ("verdict",)),), _verdicts
    ),
]
