"""The life of `manage.py up`: take the data folder, start everything, watch over it, stop everything."""

import fcntl
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from callstore.base.environment import BASE_DIR, working_dir
from callstore.local import orphans, welcome
from callstore.local.binaries import Unavailable
from callstore.local.log_tail import LogTail
from callstore.local.options import Options, connection_of, refuse_open_demo, settings_for, to_embed
from callstore.local.ownership import refuse_foreign
from callstore.local.processes import Process, by_this_python, processes, python
from callstore.local.retention import Retention
from callstore.local.servers import Server
from callstore.local.supervisor import NoAnswer, Supervisor, application, embedded
from callstore.local.unprivileged import private, servers_folder

READY_WITHIN_S = 300  # a busy machine takes minutes; what fails meanwhile is shown as it fails
TICK_S = 0.5


def up(options: Options) -> None:
    """Run until a signal; CommandError with one clear line where it cannot."""
    refuse_open_demo(options)
    os.umask(0o077)
    with _signals(), _hold_data_folder(options.data):
        folder = servers_folder(options.data)
        orphans.end(options.data, folder)
        # What a killed `up` gave its processes would be given to ours: a demo's flag, too.
        (options.data / "connection.json").unlink(missing_ok=True)
        _refuse_taken_port(options)
        try:
            servers = to_embed(folder)
        except Unavailable as error:
            raise CommandError(str(error)) from error
        _run(options, servers, settings_for(options, servers))


def _run(options: Options, servers: list[Server], settings: dict[str, str]) -> None:
    connection = connection_of(servers, settings)
    programs = application(wanted(options))
    mark = {orphans.MARK: str(options.data)}
    environment = {**os.environ, **settings, **mark}
    supervisor = Supervisor(
        options.data, [*embedded(servers), *programs], environment, forks=not options.reload
    )
    try:
        supervisor.start()
        for server in servers:
            server.wait()
        owners = {**environment, "DATABASE_URL": connection["admin_database_url"]}
        _prepare(owners)
        names = [program.name for program in programs]
        supervisor.begin(names)
        watch = _Watch(options, supervisor, connection, names)
        watch.until_ready()
        calls: AbstractContextManager[None] = nullcontext()
        if options.demo and not options.reload:
            welcome.until_viewable(options.url, watch.tick)
            calls = welcome.filling(options.url, environment, options.data / "logs" / "demo.log")
        if settings.get("ALLOWED_HOSTS") == "*":
            print("Any host name is taken: set ALLOWED_HOSTS to those that are yours.", flush=True)
        print(f"callstore is ready at {options.url}", flush=True)
        if options.demo:
            welcome.print_login(options.url)
        with calls, closing(Retention(owners)) as watch.retention:
            watch.until_stopped()
    except KeyboardInterrupt:
        print("\nStopping.", flush=True)
    except TimeoutError as error:
        raise CommandError(f"{error}; its log is in {options.data / 'logs'}") from error
    except NoAnswer as error:
        raise CommandError("the process manager died, so everything that it ran is stopped") from error
    finally:
        _ignore_signals()
        supervisor.stop()
        orphans.end(options.data, servers_folder(options.data))
        (options.data / "connection.json").unlink(missing_ok=True)


def wanted(options: Options) -> list[Process]:
    """Our processes, without those that are left out."""
    return [own for own in processes(options.host, options.port) if own.name not in options.without]


class _Watch:
    """Looks at the processes twice a second: keeps connection.json true and shows what they print."""

    def __init__(
        self, options: Options, supervisor: Supervisor, connection: dict[str, Any], names: list[str]
    ) -> None:
        self.options = options
        self.supervisor = supervisor
        self.connection = connection
        self.names = names
        self.tails = LogTail(options.data / "logs", names)
        self.code = _newest_source()
        self.retention = Retention({})

    def until_ready(self) -> None:
        deadline = time.monotonic() + READY_WITHIN_S
        while (said := _readiness(self.options)) != "":
            if time.monotonic() > deadline:
                raise CommandError(f"not ready after {READY_WITHIN_S} s: {said}")
            self.tick(0.1)

    def until_stopped(self) -> None:
        while True:
            self.tick(TICK_S)
            self.retention.tick()
            if self.options.reload and (newest := _newest_source()) != self.code:
                self.code = newest
                self.supervisor.end(self.names)
                self.supervisor.begin(self.names)

    def tick(self, seconds: float) -> None:
        pids = self.supervisor.pids()
        if pids != self.connection.get("pids"):
            self.connection["pids"] = pids
            private(self.options.data / "connection.json", json.dumps(self.connection, indent=1) + "\n")
        self.tails.show()
        time.sleep(seconds)


def _prepare(environment: dict[str, str]) -> None:
    command = by_this_python(python("prepare"))
    where = working_dir(environment["CALLSTORE_DATA_DIR"])
    if subprocess.run(command, env=environment, cwd=where).returncode:
        raise CommandError("the database could not be prepared; see above")


def _readiness(options: Options) -> str:
    """Empty once /readyz answers 200, else what it says or that nobody answers."""
    connection = http.client.HTTPConnection(options.reach, options.port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        answer = connection.getresponse()
        body = answer.read().decode(errors="replace")
        return "" if answer.status == 200 else body[:500]
    except OSError as error:
        return f"the web server does not answer ({error.__class__.__name__})"
    finally:
        connection.close()


def _newest_source() -> float:
    trees = [BASE_DIR / name for name in ("callstore", "ingest", "dashboard")]
    return max(path.stat().st_mtime for tree in trees for path in tree.rglob("*.py"))


def _refuse_taken_port(options: Options) -> None:
    family = socket.AF_INET6 if ":" in options.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((options.host, options.port))
        except (OSError, OverflowError) as error:
            raise CommandError(f"cannot listen on {options.host}:{options.port}: {error}") from error


@contextmanager
def _hold_data_folder(data: Path) -> Iterator[None]:
    """Hold the data folder if it is ours; the kernel lets go of it when we die, however we die."""
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        refuse_foreign(data)
        lock = (data / "up.lock").open("a")
    except OSError as error:
        raise CommandError(f"cannot write to the data folder {data}: {error.strerror}") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise CommandError(f"another `up` runs on {data}; stop it or give --data-dir") from error
        yield


SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def _signals() -> Iterator[None]:
    """Every way of being told to stop is Ctrl-C."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, stop) for number in SIGNALS}
    try:
        yield
    except KeyboardInterrupt:
        sys.exit(0)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _ignore_signals() -> None:
    """While stopping, a second Ctrl-C must not leave half of it running."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)
