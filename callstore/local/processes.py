"""Our processes: the one table that `up`, compose.yaml, the image and docs/operations.md run.

It needs nothing that a deployment does not have; tests/local/test_processes.py compares the others with it.
"""

import sys
from dataclasses import dataclass

# Celery would have root think again at each start; root's demos have.
PYTHON = [sys.executable, "-W", "ignore:You're running the worker"]
CELERY = ["python", "-m", "celery", "--quiet", "--app=callstore.celery"]


@dataclass(frozen=True, slots=True)
class Process:
    """One process, started in the folder of manage.py. It ends at SIGTERM after the work in hand."""

    name: str
    argv: list[str]  # `python` is whichever has the requirements
    stop_seconds: int = 10  # between SIGTERM and SIGKILL


def processes(host: str, port: int) -> list[Process]:
    """All of them, with the address that web listens on."""
    return [
        Process("web", web(host, port)),
        Process("worker", worker("worker", "calls"), 20),
        # A process of its own, so that an hour's recording takes no thread, lock or memory from live calls.
        Process("fetcher", worker("fetcher", "recordings"), 20),
        Process("beat", [*CELERY, "beat", "--pidfile="]),
        Process("relay", ["python", "manage.py", "relay"]),
        # It closes its sockets and has what it saw kept before it goes.
        Process("watch", ["python", "manage.py", "watch"], 20),
    ]


def web(host: str, port: int) -> list[str]:
    """Granian with one process of ours; docs/adr/0003 has the measurements."""
    where = [f"--host={host}", f"--port={port}"]
    how = ["--interface=asgi", "--workers=1", "--no-ws"]
    # With one protocol alone a silent connection is closed like one that stops in a header.
    limits = ["--http=1", "--http1-header-read-timeout=10000", "--http1-buffer-size=65536"]
    limits += ["--backpressure=16384"]  # of connections, not requests
    care = ["--respawn-failed-workers", "--log-level=error"]
    return ["python", "-m", "granian", *where, *how, *limits, *care, "callstore.asgi:application"]


def worker(name: str, queue: str) -> list[str]:
    """Celery with two threads on one queue: two processes would hold everything in memory twice."""
    how = ["--pool=threads", "--concurrency=2", "--without-gossip", "--without-mingle", "--loglevel=WARNING"]
    return [*CELERY, "worker", f"--hostname={name}@%h", f"--queues={queue}", *how]


def by_this_python(argv: list[str]) -> list[str]:
    """The same command, run by the interpreter that runs us."""
    return [*PYTHON, *argv[1:]]
