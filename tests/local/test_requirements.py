"""What is locked for a deployment, and for `up`, is all that they import."""

import re
import subprocess
import sys
from importlib.metadata import packages_distributions

import pytest

from tests.places import ROOT

# `site.PREFIXES` knows no list of what may be imported; whoever looks for another package finds nothing.
IMPORT = """
import os, sys
class Nothing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in BLOCKED:
            raise ModuleNotFoundError(f"{name} is not locked", name=name)
sys.meta_path.insert(0, Nothing())
os.environ["DJANGO_SETTINGS_MODULE"] = "callstore.settings"
import django; django.setup()
from importlib import import_module
from django.core.management import get_commands, load_command_class
for name, app in get_commands().items():
    if app.split(".")[0] in ("callstore", "ingest", "dashboard"):
        import_module(f"{app}.management.commands.{name}") if name in WANTED or not WANTED else None
for module in MODULES:
    import_module(module)
from callstore.celery import app
app.loader.import_default_modules()
"""
DEPLOYED = {
    "prepare",
    "relay",
    "watch",
    "doctor",
    "erase",
    "rotate_keys",
    "retire_month",
    "rebuild",
    "create_user",
}


def locked(file: str) -> set[str]:
    return set(re.findall(r"^([a-z0-9._-]+)==", (ROOT / file).read_text(), re.M))


@pytest.mark.parametrize(
    ("file", "commands", "modules"),
    [
        ("requirements.txt", DEPLOYED, ["callstore.urls", "ingest.doors.asgi", "dashboard.live.stream"]),
        ("requirements-local.txt", set(), ["callstore.urls", "callstore.local.up"]),
    ],
)
def test_nothing_is_imported_that_is_not_locked(file: str, commands: set[str], modules: list[str]) -> None:
    known = locked(file)
    blocked = {
        module
        for module, packages in packages_distributions().items()
        if not any(re.sub(r"[-_.]+", "-", package).lower() in known for package in packages)
    } - {"callstore", "ingest", "dashboard"}
    given = f"BLOCKED = {blocked!r}\nWANTED = {commands!r}\nMODULES = {modules!r}\n"
    done = subprocess.run([sys.executable, "-c", given + IMPORT], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
