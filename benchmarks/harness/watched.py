"""One benchmark in a process of its own, whose time is limited and whose memory is watched."""

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import psutil

from benchmarks.harness.compare import Demand, demand_in

ROOT = Path(__file__).parents[2]
CALL_MAIN = "import sys; from importlib import import_module; sys.exit(import_module(sys.argv[1]).main())"
LOOK_S = 0.25  # how often memory is looked at


class Output(NamedTuple):
    """What a benchmark printed, what it must reach, its peak memory (MB), and why it failed if it did.

    The memory is what it and all that it started had at once, without the two servers.
    """

    output: str
    demands: list[Demand]
    peak_mb: float
    fault: str


def watched(module: str, environment: dict[str, str], seconds: float) -> Output:
    """Runs the module's `main()`, shows what it prints as it comes, and ends it after `seconds`."""
    process = subprocess.Popen(
        [sys.executable, "-c", CALL_MAIN, module],
        env=os.environ | environment,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # so that it can be ended with all that it started
    )
    late = threading.Timer(max(0.0, seconds), _end, [process])
    late.start()
    memory = _Memory(process.pid)
    memory.start()
    output: list[str] = []
    demands: list[Demand] = []
    try:
        assert process.stdout is not None
        for line in process.stdout:
            if demand := demand_in(line):
                demands.append(demand)
            else:
                print(line, end="", flush=True)
                output.append(line)
        status = process.wait()
    finally:
        in_time = late.is_alive()
        late.cancel()
        _end(process)
        memory.join()
    fault = "" if status == 0 else f"it ended with {status}" if in_time else f"{seconds:.0f} s were too few"
    return Output("".join(output), demands, memory.peak_mb, fault)


def _end(process: subprocess.Popen[str]) -> None:
    """The benchmark and whatever of its own session it left behind."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


class _Memory(threading.Thread):
    """The most that a process and its descendants held at once; a page that two share counts twice."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid = pid
        self.peak_mb = 0.0

    def run(self) -> None:
        with suppress(psutil.NoSuchProcess):
            top = psutil.Process(self.pid)
            while top.is_running() and top.status() != psutil.STATUS_ZOMBIE:
                self.peak_mb = max(self.peak_mb, sum(map(_resident_mb, [top, *top.children(recursive=True)])))
                time.sleep(LOOK_S)


def _resident_mb(process: psutil.Process) -> float:
    try:
        return float(process.memory_info().rss) / 2**20
    except psutil.NoSuchProcess:
        return 0.0
