"""Where the embedded servers of a folder answer: ports and passwords, made once and then kept."""

import json
import secrets
import socket
from pathlib import Path
from typing import Any, NamedTuple

from callstore.local.unprivileged import private

APPLICATION_ROLE = "callstore"
# Below those that systems lend to clients: no connection of somebody's takes one between two starts.
PORTS = range(20_000, 32_000)


class Address(NamedTuple):
    """Where a server answers: as the application, and as whoever owns it."""

    url: str
    admin_url: str


def postgres_address(folder: Path) -> Address:
    """Where the Postgres of this folder answers once it runs; decided once, and kept."""
    secret = Secrets(folder)
    at = f"127.0.0.1:{secret.port('postgres')}/{APPLICATION_ROLE}"
    application, owner = (
        f"postgresql://{role}:{secret.password(role)}@{at}" for role in (APPLICATION_ROLE, "postgres")
    )
    return Address(application, owner)


def valkey_address(folder: Path) -> Address:
    """The same of its Valkey, which has one password for all."""
    secret = Secrets(folder)
    url = f"redis://:{secret.password('valkey')}@127.0.0.1:{secret.port('valkey')}/0"
    return Address(url, url)


class Secrets:
    """The file of a folder's passwords and ports (servers.json, mode 0600)."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "servers.json"
        self.values: dict[str, Any] = json.loads(self.path.read_text()) if self.path.exists() else {}

    def password(self, name: str) -> str:
        """The password of a role, made at the first question."""
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
