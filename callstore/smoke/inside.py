"""What the doors rest on, seen from inside: settings, database, grants, keys, processes, disks, refusals."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError
from redis import RedisError

from callstore.base.heartbeat import alive, silent_after
from callstore.eventlog.crypto import key_check
from callstore.eventlog.db import grants
from callstore.health import refusals
from callstore.health.on_readyz import TOLD
from callstore.smoke.fault import Fault

PROCESSES = ("relay", "worker", "fetcher", "beat")
ROOM = 256 * 1024 * 1024  # bytes; an hour's recording and its copy below /tmp
RECENT = timedelta(minutes=10)  # what was refused before may have been mended since


def base() -> Iterator[Fault]:
    """What makes every other look useless: settings, database, grants, LOG_KEY."""
    for problem in checks.run_checks(tags=["callstore"]):
        if problem.is_serious():
            yield Fault("settings", str(problem.msg), "manage.py check")
    if not settings.PUBLIC_BASE_URL:
        yield Fault("settings", "PUBLIC_BASE_URL is not set.", "PUBLIC_BASE_URL=https://calls.example.com")
    try:
        yield from _database()
    except DatabaseError as error:
        says = f"The database does not answer as it should: {str(error).splitlines()[0]}."
        yield Fault("database", says, "manage.py prepare    # with DATABASE_URL of the tables' owner")


def _database() -> Iterator[Fault]:
    if lacking := grants.lacking():
        says = f"The role of DATABASE_URL may not do what it must: it lacks {', '.join(lacking)}."
        yield Fault("grants", says, "manage.py prepare    # with DATABASE_URL of the tables' owner")
        return
    try:
        if not key_check.opens():
            says = "LOG_KEY is well formed and does not open this log: it would write what nobody can read."
            yield Fault("log_key", says, "LOG_KEY=the one that this log was written with")
    except ImproperlyConfigured:
        pass  # named by the settings' checks


def around() -> Iterator[Fault]:
    """What is wrong beside: processes that are silent, recordings that cannot be kept, deliveries refused."""
    yield from _processes()
    yield from _disks()
    yield from _refused()


def _processes() -> Iterator[Fault]:
    found = alive(PROCESSES)
    if found is None:
        yield Fault("valkey", "Valkey does not answer at REDIS_URL.", "REDIS_URL=redis://…")
        return
    for name in PROCESSES:
        if name not in found:
            says = f"The process {name} has been silent for {silent_after(name)} s: it does not run."
            yield Fault(name, says, f"start {name} (docs/operations.md has its command)")


def _disks() -> Iterator[Fault]:
    try:
        trouble = TOLD["recordings"]() if "recordings" in TOLD else "ok"
    except RedisError:
        trouble = "ok"  # said above
    if trouble != "ok":
        says = f"Recordings cannot be kept: {trouble}."
        yield Fault("disk", says, f"df -h {settings.RECORDING_STORAGE}    # make room")
        return
    for folder in _folders():
        free = shutil.disk_usage(folder).free
        if free < ROOM:
            says = f"The disk of {folder} has {free // 1024**2} MB left, less than {ROOM // 1024**2}."
            yield Fault("disk", says, f"df -h {folder}    # make room")
            return


def _folders() -> Iterator[Path]:
    """The folders nearest to where recordings and data are to lie, unless another store keeps them."""
    for place in (settings.RECORDING_STORAGE, str(settings.DATA_DIR)):
        if "://" not in place:
            path = Path(place).absolute()
            yield next(folder for folder in (path, *path.parents) if folder.is_dir())


def _refused() -> Iterator[Fault]:
    """What was refused lately although its sender gave a proof."""
    try:
        wrong = [r for r in refusals.recent(RECENT) if not r.by_stranger]
    except DatabaseError:
        return
    if wrong:
        told = "; ".join(f"{r.count} today at /hooks/{r.door}/: {r.reason}" for r in wrong)
        remedies = "\n".join(dict.fromkeys(r.remedy for r in wrong if r.remedy))
        yield Fault("refused", f"Deliveries are being refused ({told}).", remedies)
