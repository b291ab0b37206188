"""A Postgres of its own that is stopped and started under a real web process."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from signal import SIGCONT, SIGINT, SIGSTOP
from typing import Any

import psutil
import psycopg

from callstore.local import servers
from ingest.providers.delivery import Delivery
from tests.ingest import deliveries as given
from tests.places import ROOT
from tests.served import INGEST_TOKEN, Served, served


class Database:
    """A real cluster that comes and goes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.server = servers.postgres(folder, durable=False)
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = self.server.start(self.folder / "postgres.log")
        self.server.wait()

    def stop(self) -> None:
        if self.process:
            self.process.send_signal(SIGINT)
            self.process.wait(30)
            self.process = None

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """All of it stands still in the block: its kernel takes what is sent, and it says nothing."""
        assert self.process
        server = psutil.Process(self.process.pid)
        still = [server, *server.children(recursive=True)]
        for one in still:
            os.kill(one.pid, SIGSTOP)
        try:
            yield
        finally:
            for one in still:
                os.kill(one.pid, SIGCONT)

    def prepare(self) -> None:
        """Migrate, as `prepare` does."""
        environment = {**os.environ, "DATABASE_URL": self.server.admin_url}
        migrate = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
        subprocess.run(migrate, env=environment, cwd=ROOT, check=True)

    def sql(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.server.admin_url, autocommit=True) as own:
            return own.execute(statement, parameters).fetchall()

    def kept(self, call: str) -> list[int | None]:
        """The sequence numbers of a call's facts in the order of the log."""
        of_call = "SELECT source_sequence FROM log.event WHERE subject = %s ORDER BY position"
        return [number for (number,) in self.sql(of_call, f"twilio:{call}")]

    @contextmanager
    def web(self, folder: Path, **settings: str) -> Iterator[Served]:
        with served(
            folder, DATABASE_URL=self.server.url, SPOOL_DIR=str(folder / "spool"), **settings
        ) as running:
            yield running


def deliver(web: Served, delivery: Delivery) -> tuple[int, bytes]:
    """Signed now, as its provider would."""
    secret = INGEST_TOKEN if delivery.door == "app" else None
    signed = given.signed(replace(delivery, received_at=time.time()), secret)
    return web.ask("POST", signed.path, signed.body, dict(signed.headers))


def until(condition: Callable[[], object], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.05)
