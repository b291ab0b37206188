"""/healthz and /readyz: whether this process answers, and whether everybody does whom calls need."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from threading import Lock
from time import monotonic, time
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from psycopg.errors import InsufficientPrivilege
from redis import RedisError

from callstore.base.heartbeat import alive, silent_after
from callstore.eventlog.crypto import key_check
from callstore.eventlog.proof import seals
from callstore.eventlog.retention import months
from callstore.health.on_readyz import ALWAYS_TOLD, TOLD
from callstore.postgres.reachable import is_reachable

AS_GOOD_AS_NEW_S = 1.0  # each look costs Postgres a connection, and anybody may ask
UNKNOWN = "unknown"


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while this process answers at all."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when database, relay and worker answer and LOG_KEY opens the log, else 503; the body says of each
    `ok` or why not.

    Of all else it only says so: calls are taken in and shown without it.
    """
    ready, said = _looked()
    answer = JsonResponse(said, status=200 if ready else 503)
    # Django would log each 503 as an error of ours; a balancer asks every second.
    answer._has_been_logged = True  # type: ignore[attr-defined]  # Django's own mark
    return answer


def forget() -> None:
    """Look anew at the next question."""
    global _last
    _last = None


_last: tuple[float, tuple[bool, dict[str, Any]]] | None = None
_looking = Lock()


def _looked() -> tuple[bool, dict[str, Any]]:
    """What was seen within the last second, by whoever asked then."""
    global _last
    with _looking:
        if _last is None or monotonic() - _last[0] >= AS_GOOD_AS_NEW_S:
            seen = _look()
            _last = (monotonic(), seen)
        return _last[1]


def _look() -> tuple[bool, dict[str, Any]]:
    database = _database()
    answers = database == "ok"
    parts = {
        "database": database,
        "log_key": _log_key() if answers else UNKNOWN,
        **_processes(("relay", "worker")),
    }
    ready = all(said == "ok" for said in parts.values())
    # Asked on the pool's connection, which has just been seen to lead somewhere.
    asked = {"last_seal_age_s": _last_seal_age_s, "months": _months, **TOLD}
    told = {name: _told(ask) if answers else UNKNOWN for name, ask in asked.items()}
    told |= {name: ask() for name, ask in ALWAYS_TOLD.items()}
    status = "ready" if ready else "not ready"
    return ready, {"status": status, **parts, **_processes(("fetcher", "beat", "watch")), **told}


def _database() -> str:
    """A connection of its own: the pool's may all be busy, and its patience is longer than ours."""
    try:
        if is_reachable():
            return "ok" if _migrated() else "migrations are missing"
    except DatabaseError as error:
        if isinstance(error.__cause__, InsufficientPrivilege):
            return "lets this role read nothing"
    return "does not answer"


def _migrated() -> bool:
    """Asked until it is true; a schema never goes back under a running process."""
    global _was_migrated
    if not _was_migrated:
        executor = MigrationExecutor(connection)
        _was_migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _was_migrated


_was_migrated = False


def _log_key() -> str:
    try:
        return "ok" if key_check.opens() else "does not open this log"
    except ImproperlyConfigured:
        return "is missing or malformed"
    except DatabaseError:
        return "cannot be compared with the log: may this role read it?"


def _told(ask: Callable[[], Any]) -> Any:
    try:
        return ask()
    except (DatabaseError, RedisError):
        return UNKNOWN


def _last_seal_age_s() -> int | None:
    """None before the first. A quiet log needs no seal, so a great age alone is no fault."""
    last = seals.last()
    return int((datetime.now(UTC) - last.sealed_at).total_seconds()) if last.no else None


def _months() -> str:
    return "; ".join(month_alarms(int(time() // 60))) or "ok"


@lru_cache(maxsize=1)  # what fell into the default partition is counted, and may be much
def month_alarms(minute: int) -> list[str]:
    """What is wrong with the log's months, a line each, as of this minute."""
    return months.alarms()


def _processes(names: tuple[str, ...]) -> dict[str, str]:
    found = alive(names)
    if found is None:
        return dict.fromkeys(names, "unknown: Valkey does not answer")
    return {name: "ok" if name in found else f"silent for {silent_after(name)} s" for name in names}
