"""/healthz and /readyz: whether this process answers, and whether everybody does whom calls need."""

from functools import lru_cache
from time import time

import psycopg
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from callstore.base.heartbeat import SILENT_AFTER_S, alive
from callstore.eventlog.retention import months

PATIENCE_S = 2  # for the database: below the patience of any balancer


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
    answer._has_been_logged = True  # type: ignore[attr-defined]  # Django's own mark
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
    found = alive(names)
    if found is None:
        return dict.fromkeys(names, "unknown: Valkey does not answer")
    return {name: "ok" if name in found else f"silent for {SILENT_AFTER_S} s" for name in names}
