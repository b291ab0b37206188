"""A real Postgres and a real Valkey out of their wheels: for demo, development and tests only."""

import re
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import redis

from callstore.base.valkey import client
from callstore.local.account import account
from callstore.local.addresses import APPLICATION_ROLE, Secrets, postgres_address, valkey_address
from callstore.local.binaries import Unavailable, postgres_binaries, valkey_binary
from callstore.local.unprivileged import own_file, own_folder, run_as

# A server inherits no secret of ours. `env` replaces itself, so the pid is the server's.
CLEAN = ["/usr/bin/env", "-i", "LC_ALL=C", "PATH=/usr/bin:/bin"]


@dataclass(frozen=True, slots=True)
class Server:
    """One server ready to be started: its command, whom to run it as, and how to reach it."""

    name: str
    argv: list[str]
    user: str | None
    url: str
    admin_url: str

    def start(self, log: Path) -> subprocess.Popen[bytes]:
        """Start it as a child of this process; whoever starts it stops it."""
        with log.open("ab") as out:
            return subprocess.Popen(self.argv, stdout=out, stderr=out, cwd="/", **run_as(self.user))

    def wait(self, seconds: float = 30) -> None:
        """Return when it answers; TimeoutError when it does not."""
        ask = _ask_postgres if self.name == "postgres" else _ask_valkey
        deadline = time.monotonic() + seconds
        while not ask(self.admin_url):
            if time.monotonic() > deadline:
                raise TimeoutError(f"{self.name} did not answer within {seconds:.0f} s")
            time.sleep(0.05)


def postgres(folder: Path, *, durable: bool = True) -> Server:
    """Postgres with its files in `folder/postgres`, made at the first call: roles, database and passwords."""
    binaries = postgres_binaries()
    data = folder / "postgres"
    if not data.exists():
        _initialise(binaries, data, Secrets(folder))
    own_folder(data)
    address = postgres_address(folder)
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": urlsplit(address.url).port,
        # No socket file: its path may not exceed 107 bytes, and a data folder may be deep.
        "unix_socket_directories": "",
        "max_connections": 100,
        "log_min_messages": "warning",
        "log_checkpoints": "off",
        # What was erased must not lie on in journal files that wait to be used again.
        "wal_recycle": "off",
    }
    if not durable:
        settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    return Server(
        name="postgres",
        argv=[*CLEAN, str(binaries / "postgres"), "-D", str(data), *options],
        user=account(),
        url=address.url,
        admin_url=address.admin_url,
    )


def valkey(folder: Path) -> Server:
    """Valkey with its files in `folder/valkey`. It keeps nothing: losing it costs seconds, never work."""
    data = folder / "valkey"
    own_folder(data)
    config = data / "valkey.conf"
    url = valkey_address(folder).url
    at = urlsplit(url)
    lines = ["bind 127.0.0.1", f"port {at.port}", f"requirepass {at.password}", f'dir "{data}"']
    lines += ['save ""', "appendonly no", "daemonize no", "set-proc-title no", "loglevel warning"]
    own_file(config, "\n".join(lines) + "\n")
    argv = [*CLEAN, str(valkey_binary()), str(config)]
    return Server(name="valkey", argv=argv, user=account(), url=url, admin_url=url)


def _initialise(binaries: Path, data: Path, secret: Secrets) -> None:
    """Make the cluster beside its place, then move it there whole: a killed first start leaves no half."""
    part = data.with_name(f"{data.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    own_folder(part)
    text = subprocess.run([str(binaries / "postgres"), "--version"], capture_output=True, text=True).stdout
    # C.UTF-8 folds the case of every script, not of ASCII alone; built into Postgres since 17.
    modern = int(re.findall(r"\d+", text)[0]) >= 17
    locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if modern else []
    locale += ["--locale=C" if modern else "--locale=C.UTF-8", "--encoding=UTF8"]
    _run([binaries / "initdb", "-D", part, "-U", "postgres", "--auth=trust", *locale])
    (part / "pg_hba.conf").write_text("host all all 127.0.0.1/32 scram-sha-256\n")
    role, password = APPLICATION_ROLE, secret.password(APPLICATION_ROLE)
    statements = [
        f"ALTER ROLE postgres PASSWORD '{secret.password('postgres')}';",
        "CREATE ROLE callstore_app NOLOGIN;",
        f"CREATE ROLE {role} LOGIN PASSWORD '{password}' IN ROLE callstore_app;",
        f"CREATE DATABASE {role};",
    ]
    single = [binaries / "postgres", "--single", "-D", part, "-c", "exit_on_error=on", "postgres"]
    _run(single, "\n".join(statements) + "\n")
    part.rename(data)


def _run(argv: list[Any], text: str = "") -> None:
    done = subprocess.run(
        [*CLEAN, *map(str, argv)], input=text, capture_output=True, text=True, cwd="/", **run_as(account())
    )
    if done.returncode:
        raise Unavailable(f"{Path(argv[0]).name} failed: {done.stderr.strip()[-500:]}")


def _ask_postgres(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def _ask_valkey(url: str) -> bool:
    try:
        with client(url) as valkey:
            return bool(valkey.ping())
    except redis.RedisError:
        return False
