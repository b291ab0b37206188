"""The relay and a worker as `up` runs them, for the benchmarks of the projection."""

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.conf import settings
from redis import Redis

from callstore.processes import worker

RELAY = [sys.executable, "manage.py", "relay"]
WORKER = worker("worker", "calls")


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


def until(condition, seconds: float = 300.0, pause: float = 0.02) -> None:  # type: ignore[no-untyped-def]
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(pause)
