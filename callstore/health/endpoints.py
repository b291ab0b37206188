"""Who is alive: long-running processes say so in Valkey every few seconds, and /readyz asks."""

import contextlib
from functools import cache, lru_cache
from time import time

import psycopg
import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.backoff import NoBackoff
from redis.retry import Retry

from callstore.eventlog.retention import months

BEAT_EVERY_S = 3
# Three missed beats and a slow start of one: longer would call a dead process alive, shorter a busy one dead.
SILENT_AFTER_S = 12
# Above a slow answer, below the patience of any balancer.
PATIENCE_S = 2


def beat(name: str) -> None:
    """Say that process `name` is alive, at least every BEAT_EVERY_S. Never raises: Valkey may be away."""
    with contextlib.suppress(redis.RedisError):
        _valkey().set(_key(name), 1, ex=SILENT_AFTER_S)


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while this process answers at all."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when database, relay and worker answer, else 503; the body says of each `ok` or why not.

    Of the fetcher and the log's months it only says so: calls are taken in and shown without them.
    """
    parts = {"database": _database(), **_processes(("relay", "worker"))}
    ready = all(said == "ok" for said in parts.values())
    told = {**_processes(("fetcher",)), "months": _months() if parts["database"] == "ok" else "unknown"}
    answer = JsonResponse(
        {"status": "ready" if ready else "not ready", **parts, **told}, status=200 if ready else 503
    )
    # Django would log each 503 as an error of ours; a balancer asks every second.
    answer._has_been_logged = True  # type: ignore[attr-defined]
    return answer


def _database() -> str:
    """A connection of its own: the pool's may all be busy, and its patience is longer than ours."""
    try:
        with psycopg.connect(**connection.get_connection_params(), connect_timeout=PATIENCE_S) as own:
            own.execute("SELECT 1")
        return "ok" if _migrated() else "migrations are missing"
    except (psycopg.Error, DatabaseError):
        return "does not answer"


def _migrated() -> bool:
    """Asked until it is true; a schema never goes back under a running process."""
    global _was_migrated
    if not _was_migrated:
        executor = MigrationExecutor(connection)
        _was_migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _was_migrated


_was_migrated = False


def _months() -> str:
    """Asked on the pool's connection, which has just been seen to lead somewhere."""
    try:
        return _months_in(int(time() // 60))
    except DatabaseError:
        return "unknown"


@lru_cache(maxsize=1)  # what fell into the default partition is counted, and may be much
def _months_in(minute: int) -> str:
    return "; ".join(months.alarms()) or "ok"


def _processes(names: tuple[str, ...]) -> dict[str, str]:
    try:
        return {name: _said(bool(_valkey().exists(_key(name)))) for name in names}
    except redis.RedisError:
        return dict.fromkeys(names, "unknown: Valkey does not answer")


def _said(alive: bool) -> str:
    return "ok" if alive else f"silent for {SILENT_AFTER_S} s"


def _key(name: str) -> str:
    return f"callstore:alive:{name}"


@cache
def _valkey() -> redis.Redis:
    return _client(settings.REDIS_URL)


def _client(url: str) -> redis.Redis:
    """One try and little patience: the library's own retries would hold up whoever asks for ten seconds."""
    return redis.Redis.from_url(
        url, socket_timeout=PATIENCE_S, socket_connect_timeout=PATIENCE_S, retry=Retry(NoBackoff(), 0)
    )
