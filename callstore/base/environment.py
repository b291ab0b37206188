"""Reads settings from the environment: NAME, else the file that NAME_FILE names, else what `up` gave."""

import importlib.util
import json
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from environs import FileAwareEnv

BASE_DIR = Path(__file__).resolve().parents[2]
IN_CLONE = (BASE_DIR / "pyproject.toml").exists()  # else a wheel is installed


def package_folder(name: str) -> Path:
    """Where an installed package lies, found without loading it. Raises ModuleNotFoundError."""
    found = importlib.util.find_spec(name)
    if not found or not found.origin:
        raise ModuleNotFoundError(f"{name} is not installed", name=name)
    return Path(found.origin).parent


# Its templates and scripts are served. As an app it would be loaded by each process, with 15 MB of pydantic.
NINJA = package_folder("ninja")


class Environment(FileAwareEnv):
    """The environment of this process; of what is not set there, `fallback` has the value or its file."""

    def __init__(self, fallback: Mapping[str, str] | None = None) -> None:
        super().__init__(strip_whitespace=True)
        self._environ.update(fallback or {})

    def flag(self, name: str) -> bool:
        """Whether the setting is 1; any other text leaves off what it would switch on."""
        return self.str(name, "") == "1"

    def _get_value(self, env_key: str, default: Any) -> Any:
        """The text of a setting. NAME wins over its file; a file that cannot be read is named."""
        if env_key in os.environ:
            return os.environ[env_key]
        try:
            return super()._get_value(env_key, default)
        except (OSError, ValueError) as error:
            cause = error.__cause__ or error
            why = f"{cause.strerror}: {cause.filename}" if isinstance(cause, OSError) else cause
            raise ImproperlyConfigured(f"{env_key}{self.file_suffix}: {why}") from error


def whole(text: str) -> int:
    """A number without sign and point; 0 where the text is none, or longer than any that is meant."""
    return int(text) if text.isdecimal() and len(text) <= 9 else 0


def days(text: str) -> int | None:
    """So many days; None where nothing is said."""
    return whole(text) if text else None


@cache
def environment() -> Environment:
    """The environment, read once, and what the running `up` of this data folder gave its processes."""
    return Environment(settings_of_up(data_dir()))


def data_dir() -> Path:
    """The folder that everything is kept in."""
    below = BASE_DIR if IN_CLONE else Path.cwd()
    return Path(Environment().str("CALLSTORE_DATA_DIR", "") or below / ".data").absolute()


def working_dir(data: str | Path) -> Path:
    """Where `up` runs the processes of this data folder.

    Python, Celery and Granian look there for modules first: so in the clone, else where nobody but us writes.
    """
    return BASE_DIR if IN_CLONE else Path(data)


def settings_of_up(data: Path) -> dict[str, str]:
    """What a running `up` of this data folder gave its processes: a command beside it finds its servers.

    Another database than that of `up` is another instance, to which none of these settings apply.
    """
    given: dict[str, str] = _connection_of_up(data).get("environment", {})
    return given


def owner_url_of_up() -> str | None:
    """Our database as its owner reaches it, where it is that of a running `up` of our data folder."""
    url: str | None = _connection_of_up(data_dir()).get("admin_database_url")
    return url


def _connection_of_up(data: Path) -> dict[str, Any]:
    try:
        connection: dict[str, Any] = json.loads((data / "connection.json").read_text())
        of_up = {connection["database_url"], connection["admin_database_url"]}
    except (OSError, ValueError, KeyError):
        return {}
    chosen = os.environ.get("DATABASE_URL")
    return connection if "DATABASE_URL_FILE" not in os.environ and chosen in {None, *of_up} else {}
