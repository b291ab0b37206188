"""What `up` was asked for, and the settings that it gives its processes for that."""

import base64
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from callstore.base.environment import Environment
from callstore.local.addresses import Secrets
from callstore.local.servers import Server, postgres, valkey
from callstore.local.unprivileged import private, servers_folder
from callstore.local.welcome import SIDEBAND

ANYWHERE = ("0.0.0.0", "::")


@dataclass(frozen=True, slots=True)
class Options:
    """What `up` was asked for."""

    host: str
    port: int
    data: Path
    demo: bool
    reload: bool
    insisted: bool = False  # on what everybody who reaches it may use
    without: frozenset[str] = frozenset()  # processes that are left out

    @property
    def reach(self) -> str:
        """The host under which this machine reaches the server."""
        return "127.0.0.1" if self.host in ANYWHERE else self.host

    @property
    def url(self) -> str:
        host = f"[{self.reach}]" if ":" in self.reach else self.reach
        return f"http://{host}:{self.port}"


def refuse_open_demo(options: Options) -> None:
    """Raise CommandError for a demo that other machines reach, unless somebody insists."""
    demo = options.demo or Environment().flag("CALLSTORE_DEMO")
    if demo and not options.insisted and not is_loopback(options.host):
        raise CommandError(
            f"a demo on {options.host} lets everybody in who reaches it, as demo/demo and with secrets that "
            "everybody knows: leave --host out, or add --i-know."
        )


def is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def to_embed(folder: Path) -> list[Server]:
    """The servers to embed: those for which the environment names no other."""
    env = Environment()
    servers = [] if env.str("DATABASE_URL", "") else [postgres(folder)]
    return servers if env.str("REDIS_URL", "") else [*servers, valkey(folder)]


def settings_for(options: Options, servers: list[Server]) -> dict[str, str]:
    """The settings that `up` gives its processes, on top of the environment and never against it."""
    env = Environment()
    urls = {server.name: server.url for server in servers}
    given = {
        "CALLSTORE_DATA_DIR": str(options.data),
        "PYTHONUNBUFFERED": "1",
        "CALLSTORE_LOOPBACK": "1" if is_loopback(options.host) else "",
        "DATABASE_URL": urls.get("postgres") or env.str("DATABASE_URL"),
        "REDIS_URL": urls.get("valkey") or env.str("REDIS_URL"),
    }
    # A dozen threads in an arena each of glibc's is memory that nobody uses.
    defaults = {"ALLOWED_HOSTS": _allowed(options.host), "MALLOC_ARENA_MAX": "2"}
    if options.demo:
        given["CALLSTORE_DEMO"] = "1"
        defaults["PUBLIC_BASE_URL"] = options.url
        defaults["TWILIO_API_BASE_URL"] = f"{options.url}/demo/twilio"
        given |= _stand_in_of_openai(options, env)
    if options.reload:
        given["CALLSTORE_DEBUG"] = "1"
    if "postgres" in urls:
        defaults["LOG_KEY_FILE"] = _kept_secret(options.data / "log_key", _new_log_key)
        defaults["SECRET_KEY_FILE"] = _kept_secret(options.data / "secret_key", secrets.token_urlsafe)
    return given | {
        name: value for name, value in defaults.items() if not env.str(name.removesuffix("_FILE"), "")
    }


def _stand_in_of_openai(options: Options, env: Environment) -> dict[str, str]:
    """Where a demo's own calls have their sidebands, for who has no sideband of his own."""
    if options.reload or env.str("OPENAI_REALTIME_URL", ""):
        return {}
    port = Secrets(servers_folder(options.data)).port("sideband")
    # With a key that is none, nobody but this instance is asked, which has nothing there.
    nobody = {"OPENAI_API_KEY": "demo-openai-key", "OPENAI_BASE_URL": f"{options.url}/demo/openai/v1"}
    return ({} if env.str("OPENAI_API_KEY", "") else nobody) | {
        SIDEBAND: str(port),
        "OPENAI_REALTIME_URL": f"ws://127.0.0.1:{port}/v1/realtime",
        "OPENAI_LIVE_URL": f"ws://127.0.0.1:{port}/v1/live/sessions/{{session_id}}/attach?graceful_close=true",
    }


def _allowed(host: str) -> str:
    """The names under which a browser may ask: of this machine, and those that --host opens it to."""
    return "*" if host in ANYWHERE else f"localhost,127.0.0.1,[::1],{host}"


def _kept_secret(path: Path, make: Callable[[], str]) -> str:
    """The path of a secret that is made once and then kept."""
    if not path.exists():
        private(path, make())
    return str(path)


def _new_log_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def connection_of(servers: list[Server], given: dict[str, str]) -> dict[str, Any]:
    """What connection.json says, but for the pids: where the servers answer, and the given settings."""
    admin = {server.name: server.admin_url for server in servers}.get("postgres")
    return {
        "database_url": given["DATABASE_URL"],
        "admin_database_url": admin or given["DATABASE_URL"],
        "redis_url": given["REDIS_URL"],
        "environment": given,
    }
