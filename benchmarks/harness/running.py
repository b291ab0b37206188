"""Processes as `up` runs them, while a benchmark looks: a server, or the relay and a worker."""

import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import psutil
from django.conf import settings
from redis import Redis

from callstore.eventlog.db.statement import run
from callstore.local.processes import by_this_python, worker

RELAY = by_this_python(["python", "manage.py", "relay"])
WORKER = by_this_python(worker("worker", "calls"))


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@contextmanager
def serving(
    command: Sequence[str], port: int, environment: Mapping[str, str] | None = None
) -> Iterator[psutil.Process]:
    """The server while the block runs, once it listens on the port; with these settings besides ours."""
    inherited = os.environ | (environment or {})
    process = subprocess.Popen(command, cwd=settings.BASE_DIR, stdout=subprocess.DEVNULL, env=inherited)
    try:
        until(lambda: _listens(port) or process.poll() is not None, 60, pause=0.1)
        assert process.poll() is None, f"{command} does not answer"
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait()


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


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
