"""Postgres and Valkey for the benchmarks alone, durable as in production, gone when they end unless kept."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

import psycopg

from callstore.local import servers
from callstore.local.binaries import postgres_binaries

TEMPLATE = "callstore"  # the database that the embedded cluster is made with


class Cluster:
    """The two servers while the block runs; in a folder that is kept their databases are, too."""

    def __init__(self, kept: Path | None = None) -> None:
        self.kept = kept is not None
        self.folder = kept.absolute() if kept else Path(tempfile.mkdtemp(prefix="callstore-bench-"))
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o711)  # as root the servers run as somebody else
        self.servers = [servers.postgres(self.folder), servers.valkey(self.folder)]
        self.processes: list[subprocess.Popen[bytes]] = []

    @property
    def admin_url(self) -> str:
        return self.servers[0].admin_url

    def __enter__(self) -> "Cluster":
        try:
            for server in self.servers:
                self.processes.append(server.start(self.folder / f"{server.name}.log"))
                server.wait()
            self._migrate(TEMPLATE)
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in self.processes:
            process.send_signal(signal.SIGINT)
        for process in self.processes:
            process.wait()
        if not self.kept:
            shutil.rmtree(self.folder, ignore_errors=True)

    @contextmanager
    def database(self, name: str) -> Iterator[dict[str, str]]:
        """A fresh, migrated database of this name, dropped afterwards; the settings that lead to it."""
        self._run(f"CREATE DATABASE bench_{name} TEMPLATE {TEMPLATE}")
        try:
            yield self._environment(f"bench_{name}")
        finally:
            self._run(f"DROP DATABASE bench_{name} WITH (FORCE)")

    @contextmanager
    def kept_database(self, name: str, mark: str) -> Iterator[dict[str, str]]:
        """The database of this name, migrated; the settings that lead to it.

        Made anew where it does not bear this mark, its comment, with which whoever fills it ends.
        """
        with psycopg.connect(_named(self.admin_url, "postgres"), autocommit=True) as connection:
            marked = (
                "SELECT FROM pg_database WHERE datname = %s AND shobj_description(oid, 'pg_database') = %s"
            )
            known = connection.execute(marked, [f"bench_{name}", mark]).fetchone()
        if known is None:
            self._run(f"DROP DATABASE IF EXISTS bench_{name} WITH (FORCE)")
            self._run(f"CREATE DATABASE bench_{name} TEMPLATE {TEMPLATE}")
        self._migrate(f"bench_{name}")
        yield self._environment(f"bench_{name}")

    def _migrate(self, database: str) -> None:
        command = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
        given = self._environment(database)
        owner = given | {"DATABASE_URL": given["ADMIN_DATABASE_URL"]}
        subprocess.run(command, env=os.environ | owner, check=True)

    def _environment(self, database: str) -> dict[str, str]:
        postgres, valkey = self.servers
        return {
            "DATABASE_URL": _named(postgres.url, database),
            "ADMIN_DATABASE_URL": _named(postgres.admin_url, database),
            "REDIS_URL": valkey.url,
            "PGBENCH": str(postgres_binaries() / "pgbench"),
            "CALLSTORE_DATA_DIR": str(self.folder / "data"),
            "CALLSTORE_DEMO": "1",
            "DJANGO_SETTINGS_MODULE": "callstore.settings",
            "PUBLIC_BASE_URL": "https://calls.example.com",
        }

    def _run(self, statement: str) -> None:
        with psycopg.connect(_named(self.admin_url, "postgres"), autocommit=True) as connection:
            connection.execute(statement)


def _named(url: str, database: str) -> str:
    return urlsplit(url)._replace(path=f"/{database}").geturl()


def as_owner(statement: str) -> list[tuple[Any, ...]]:
    """Runs a statement of a benchmark's own on its database as the superuser; the rows, if it gives any."""
    with psycopg.connect(os.environ["ADMIN_DATABASE_URL"], autocommit=True) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []
