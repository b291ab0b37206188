"""What `up --demo` shows: calls to look at, and how to log in."""

import subprocess
import sys

from callstore.settings import BASE_DIR


def seed(url: str, environment: dict[str, str]) -> None:
    """Send the founding call. The same fact twice is one event, so a second demo sends it in vain."""
    command = [sys.executable, str(BASE_DIR / "manage.py"), "send_scenario", "founding_call", "--url", url]
    done = subprocess.run(command, env=environment, cwd=BASE_DIR, capture_output=True, text=True)
    if done.returncode:
        print(f"The founding call could not be sent: {done.stderr.strip()[-500:]}", flush=True)


def welcome(url: str) -> None:
    """The last lines: where to look and who to be."""
    print(f"\n  Open   {url}/calls\n  Login  demo\n  Password  demo\n\nCtrl-C stops it.", flush=True)
