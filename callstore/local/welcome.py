"""What `up --demo` shows: calls to look at, and how to log in."""

import json
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from callstore.base.environment import working_dir
from callstore.local.processes import by_this_python, python

# Its recording is fetched and heard within two seconds; a machine on which that fails shows the rest.
VIEWABLE_WITHIN_S = 20
SIDEBAND = "CALLSTORE_DEMO_SIDEBAND"  # the port at which a demo's calls have their sidebands


def until_viewable(url: str, tick: Callable[[float], None]) -> None:
    """Return when the founding call can be looked at, its recording analysed, or after some seconds."""
    token = (settings.API_TOKENS or settings.DEMO_SETTINGS["API_TOKENS"].split(","))[0]
    request = urllib.request.Request(
        f"{url}/api/v1/calls/{settings.DEMO_BEGINS_WITH}", headers={"Authorization": f"Bearer {token}"}
    )
    deadline = time.monotonic() + VIEWABLE_WITHIN_S
    while time.monotonic() < deadline and not _is_heard(request):
        tick(0.1)


def _is_heard(request: urllib.request.Request) -> bool:
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return bool(json.load(answer)["recording_state"] == "present")
    except (OSError, ValueError, KeyError):
        return False


@contextmanager
def filling(url: str, environment: Mapping[str, str], log: Path) -> Iterator[None]:
    """Bring the other calls, and have some that run now, beside whatever is done meanwhile, and no longer."""
    command = by_this_python(python("fill_demo"))
    if port := environment.get(SIDEBAND):
        command += [f"--url={url}", f"--sideband={port}"]
    with log.open("ab") as out:
        where = working_dir(environment["CALLSTORE_DATA_DIR"])
        process = subprocess.Popen(command, env=environment, cwd=where, stdout=out, stderr=out)
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def print_login(url: str) -> None:
    """Print the last lines: where to look and who to be."""
    print(f"\n  Open   {url}/calls\n  Login  demo\n  Password  demo\n\nCtrl-C stops it.", flush=True)
