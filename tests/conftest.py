"""The world of every test: demo secrets, a real Postgres and a real Valkey. Nothing clever."""

import atexit
import os
import shutil
import signal
import tempfile
from pathlib import Path

import pytest

from callstore.local import servers

# Before anything reads the settings, which pytest-django does in pytest_configure.
FOLDER = Path(tempfile.mkdtemp(prefix="callstore-tests-"))
os.environ["DJANGO_SETTINGS_MODULE"] = "callstore.settings"
os.environ["CALLSTORE_DEMO"] = "1"
os.environ["CALLSTORE_DATA_DIR"] = str(FOLDER / "data")
os.environ.setdefault("PUBLIC_BASE_URL", "http://testserver")
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)


def serve(variable: str, server: servers.Server) -> None:
    """Run a server until the tests end, and tell the settings where it is."""
    process = server.start(FOLDER / f"{server.name}.log")
    atexit.register(process.wait)
    atexit.register(process.send_signal, signal.SIGINT)
    os.environ[variable] = server.admin_url
    server.wait()


FOLDER.chmod(0o711)  # as root the servers run as somebody else
(FOLDER / "data" / "static").mkdir(parents=True)
if not os.environ.get("DATABASE_URL"):
    serve("DATABASE_URL", servers.postgres(FOLDER, durable=False))
if not os.environ.get("REDIS_URL"):
    serve("REDIS_URL", servers.valkey(FOLDER))

import django  # noqa: E402, F401  (pytest-django sets it up only where somebody has imported it)


def pytest_configure() -> None:
    """Serve static files as they lie in the tree: nobody has collected them."""
    from django.conf import settings

    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture
def data_dir() -> Path:
    """The data folder of this run of the tests."""
    return FOLDER / "data"
