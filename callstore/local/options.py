"""What `up` was asked for, and the settings that it gives its processes for that."""

import base64
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from callstore.local.servers import Server, postgres, valkey
from callstore.local.unprivileged import private
from callstore.settings import env

ANYWHERE = ("0.0.0.0", "::")


@dataclass(frozen=True, slots=True)
class Options:
    """What `up` was asked for."""

    host: str
    port: int
    data: Path
    demo: bool
    reload: bool

    @property
    def reach(self) -> str:
        """The host under which this machine reaches the server."""
        return "127.0.0.1" if self.host in ANYWHERE else self.host

    @property
    def url(self) -> str:
        host = f"[{self.reach}]" if ":" in self.reach else self.reach
        return f"http://{host}:{self.port}"


def to_embed(folder: Path) -> list[Server]:
    """The servers to embed: those for which the environment names no other."""
    outside = {name: env(name, sources=(os.environ,)) for name in ("DATABASE_URL", "REDIS_URL")}
    servers = [] if outside["DATABASE_URL"] else [postgres(folder)]
    return servers if outside["REDIS_URL"] else [*servers, valkey(folder)]


def environment(options: Options, servers: list[Server]) -> dict[str, str]:
    """The settings that `up` gives its processes, on top of the environment and never against it."""
    given = {"CALLSTORE_DATA_DIR": str(options.data), "PYTHONUNBUFFERED": "1"}
    urls = {server.name: server.url for server in servers}
    given["DATABASE_URL"] = urls.get("postgres") or env("DATABASE_URL")
    given["REDIS_URL"] = urls.get("valkey") or env("REDIS_URL")
    # A dozen threads in an arena each of glibc's is memory that nobody uses.
    defaults = {"ALLOWED_HOSTS": _allowed(options.host), "MALLOC_ARENA_MAX": "2"}
    if options.demo:
        given["CALLSTORE_DEMO"] = "1"
        defaults["PUBLIC_BASE_URL"] = options.url
        defaults["TWILIO_API_BASE_URL"] = f"{options.url}/demo/twilio"
    if options.reload:
        given["CALLSTORE_DEBUG"] = "1"
    if "postgres" in urls:
        keys = {"LOG_KEY": _log_key, "SECRET_KEY": secrets.token_urlsafe}
        defaults |= {
            f"{name}_FILE": _kept(options.data / name.lower(), make()) for name, make in keys.items()
        }
    own = {name for name in defaults if not env(name.removesuffix("_FILE"), sources=(os.environ,))}
    return given | {name: value for name, value in defaults.items() if name in own}


def _allowed(host: str) -> str:
    """The names under which a browser may ask: of this machine, and those that --host opens it to."""
    return "*" if host in ANYWHERE else f"localhost,127.0.0.1,[::1],{host}"


def _log_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _kept(path: Path, new: str) -> str:
    """The path of a secret that is made once and then kept."""
    if not path.exists():
        private(path, new)
    return str(path)


def connection_of(servers: list[Server], given: dict[str, str]) -> dict[str, Any]:
    admin = {server.name: server.admin_url for server in servers}.get("postgres")
    return {
        "database_url": given["DATABASE_URL"],
        "admin_database_url": admin or given["DATABASE_URL"],
        "redis_url": given["REDIS_URL"],
        "environment": given,
    }
