"""What `up` holds with every process and both embedded servers: proportional set size, idle and under load.

Of a page that processes share each counts its part, as the kernel has it (smaps_rollup). The live calls run
at their own pace: callbacks by the doors, their sessions by websockets that the observer watches.
"""

# ruff: noqa: E402 -- Django is set up before anything that needs it is imported

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django

django.setup()

from django.conf import settings

from benchmarks.harness.compare import demanded, table
from benchmarks.harness.memory import family, held_mb
from benchmarks.harness.running import free_port
from callstore.local.unprivileged import servers_folder
from callstore.rehearsal.demo.running import play
from callstore.rehearsal.scenarios import scenario as scenarios
from callstore.rehearsal.sideband.server import Sideband

ROOT = Path(__file__).parent.parent
CALLS = 100
LASTS_S = 20.0  # into the calls; the shortest takes half a minute
UNTIL_IDLE_S = 10.0
READY_WITHIN_S = 200.0
OURS = {"DATABASE_URL", "REDIS_URL", "ADMIN_DATABASE_URL", "CALLSTORE_DEMO", "CALLSTORE_DATA_DIR"}


def main() -> None:
    port, sideband = free_port(), free_port()
    with tempfile.TemporaryDirectory() as folder, up(Path(folder), port, sideband) as pid:
        time.sleep(UNTIL_IDLE_S)
        idle = held(pid, Path(folder))
        live(f"http://127.0.0.1:{port}", sideband)
        busy = held(pid, Path(folder))
    rows = [[name, idle[name], busy.get(name, 0.0)] for name in idle]
    total, under_load = sum(idle.values()), sum(busy.values())
    table(["MiB", "idle", f"{CALLS} live calls"], [*rows, ["all", total, under_load]])
    demanded("`up`, idle, MiB", total, most=512)
    demanded(f"`up`, {CALLS} live calls, MiB", under_load, most=1024)


@contextmanager
def up(folder: Path, port: int, sideband: int) -> Iterator[int]:
    """It runs with servers of its own while the block does, and the secrets of this process; its pid."""
    given = {name: value for name, value in os.environ.items() if name not in OURS}
    given |= {name: str(value) for name, value in settings.DEMO_SETTINGS.items()}
    given |= {
        "API_TOKENS": "a-token-that-nobody-was-given",  # a demo's is too short for who is none
        "OPENAI_API_KEY": "a-key-of-nobody",
        "OPENAI_REALTIME_URL": f"ws://127.0.0.1:{sideband}/v1/realtime",
        "PUBLIC_BASE_URL": settings.PUBLIC_BASE_URL,
    }
    command = [sys.executable, "manage.py", "up", f"--port={port}", f"--data-dir={folder}"]
    log = folder / "output"
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=given, stdout=out, stderr=out)
    try:
        ends = time.monotonic() + READY_WITHIN_S
        while "callstore is ready" not in log.read_text():
            if process.poll() is not None or time.monotonic() > ends:
                raise RuntimeError(log.read_text())
            time.sleep(0.1)
        yield process.pid
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)
        servers = servers_folder(folder)
        if servers != folder:  # as root they lie elsewhere
            subprocess.run(["rm", "-r", str(servers)], check=True)


def live(url: str, port: int) -> None:
    """So many calls begin within seconds; returns while all of them run."""
    call = scenarios.load("natural_end")
    with Sideband({}).in_thread(port) as sideband:
        for _ in range(CALLS):
            threading.Thread(target=play, args=(call, url, sideband), daemon=True).start()
            time.sleep(0.05)
        time.sleep(LASTS_S)


def held(pid: int, folder: Path) -> dict[str, float]:
    """MiB by the name of each process, its children counted with it."""
    named = json.loads((folder / "connection.json").read_text())["pids"]
    families = {name: family(top) for name, top in sorted(named.items())}
    families["up and its process manager"] = family(pid).difference(*families.values())
    return {name: sum(map(held_mb, pids)) for name, pids in families.items()}
