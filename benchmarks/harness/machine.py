"""What was measured on: the machine and the versions that a rate depends on."""

import os
import platform
import re
from importlib.metadata import version
from pathlib import Path

import psycopg

PACKAGES = (
    "django", "psycopg", "granian", "celery", "numpy", "onnxruntime",
    "eventsourcing", "starlette", "uvicorn",
)  # fmt: skip


def facts(url: str) -> dict[str, str]:
    """Name and value, in the order to be shown."""
    with psycopg.connect(url, autocommit=True) as connection:
        server = connection.execute("SHOW server_version").fetchone()
        kept = connection.execute("SELECT current_setting('fsync'), current_setting('synchronous_commit')")
        fsync, commit = kept.fetchone() or ("?", "?")
    processor = _found("/proc/cpuinfo", r"model name\s*: (.*)")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "processor": f"{processor}, {os.cpu_count()} cores",
        "memory": f"{memory / 2**30:.0f} GB",
        "system": f"{platform.system()} {platform.release()}, load {os.getloadavg()[0]:.1f} at the end",
        "PostgreSQL": f"{server and server[0]}, fsync {fsync}, synchronous_commit {commit}, else as it comes",
        "Python": platform.python_version(),
        "packages": ", ".join(f"{name} {version(name)}" for name in PACKAGES),
    }


def _found(path: str, pattern: str) -> str:
    file = Path(path)
    found = re.search(pattern, file.read_text()) if file.exists() else None
    return found[1] if found else platform.processor()
