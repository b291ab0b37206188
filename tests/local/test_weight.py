"""What a process loads before it has anything to do: each that its own command starts holds each megabyte."""

import os
import subprocess
import sys

import pytest

from tests.places import ROOT

# By whoever draws, hears, asks a provider or serves the API, and then by him alone.
HEAVY = {
    "apprise", "authlib", "boto3", "httpx", "ninja", "numpy", "onnxruntime", "plotly", "pydantic", "requests",
    "soundfile", "twilio.rest",
}  # fmt: skip
SET_UP = "import django; django.setup()"
COMMANDS = {
    "relay": f"{SET_UP}; import callstore.projection.management.commands.relay",
    "watch": f"{SET_UP}; import ingest.management.commands.watch",
    "worker": "from callstore.celery import app; app.loader.import_default_modules()",
}


def loaded(code: str, *argv: str) -> set[str]:
    given = {**os.environ, "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}
    said = f"import sys; sys.argv = {list(argv)!r}; {code}; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", said], cwd=ROOT, env=given, capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


@pytest.mark.parametrize("name", COMMANDS)
def test_a_process_loads_nothing_that_only_others_need(name):
    # What alone fetches recordings and status pages speaks HTTP.
    spared = {"httpx"} if name == "worker" else set()
    assert loaded(COMMANDS[name], "x") & HEAVY == spared


def test_beat_sends_tasks_by_name_and_loads_none():
    code = "from callstore.celery import app; app.loader.import_default_modules(); app.finalize()"
    modules = loaded(code, "/x/celery/__main__.py", "--app=callstore.celery", "beat")
    assert not modules & {"callstore.projection.tasks", "ingest.recordings.take", *HEAVY}


def test_up_loads_no_app_of_django():
    code = "import runpy; runpy.run_path('manage.py', run_name='__main__')"
    code = f"\ntry:\n {code}\nexcept SystemExit: pass\n"
    modules = loaded(f"pass{code}pass", "manage.py", "up", "--host=0.0.0.0", "--demo")
    assert "callstore.local.up" in modules
    assert not modules & {"django.contrib.auth.models", "callstore.eventlog.models", "celery"}
