"""The relay and a worker as `up` runs them, for the benchmarks of the projection."""

import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from django.conf import settings
from redis import Redis

from callstore.eventlog.db.statement import run
from callstore.local.processes import by_this_python, worker

RELAY = by_this_python(["python", "manage.py", "relay"])
WORKER = by_this_python(worker("worker", "calls"))


@contextmanager
def processes(*commands: Sequence[str]) -> Iterator[None]:
    """Start these and end them. They inherit the settings of the benchmark."""
    log = subprocess.DEVNULL
    started = [subprocess.Popen(command, cwd=settings.BASE_DIR, stdout=log) for command in commands]
    try:
        yield
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait()


@contextmanager
def projection() -> Iterator[None]:
    """Relay and worker, once both say that they live."""
    with Redis.from_url(settings.REDIS_URL) as valkey, processes(RELAY, WORKER):
        valkey.delete("callstore:alive:relay", "callstore:alive:worker")
        until(lambda: valkey.exists("callstore:alive:relay", "callstore:alive:worker") == 2)
        yield


def caught_up(pause: float = 0.02) -> None:
    """Returns once nothing is left to project."""
    until(lambda: run("SELECT count(*) FROM log.head WHERE since IS NOT NULL", []) == [(0,)], pause=pause)


def until(condition: Callable[[], object], seconds: float = 300.0, pause: float = 0.02) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(pause)
