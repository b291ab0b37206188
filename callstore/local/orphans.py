"""What a killed `up` of a data folder left running, and how it is ended."""

import contextlib
import os
import signal
from pathlib import Path

import psutil

# Given to every process of ours but the servers, which inherit nothing; those are known by their arguments.
MARK = "CALLSTORE_UP"
SERVERS = {"postgres", "valkey-server", "redis-server"}
# Above Postgres's own shutdown with a full buffer, below what a person waits for.
PATIENCE_S = 15


def end(data: Path, folder: Path) -> None:
    """End every process that an earlier `up` of this data folder started, parents first; return when gone."""
    while ours := _processes(data, folder):
        roots = [process for pid, process in ours.items() if _parent(process) not in ours]
        for process in roots:
            _signal(process, signal.SIGINT if _name(process) == "postgres" else signal.SIGTERM)
        _, alive = psutil.wait_procs(roots, timeout=PATIENCE_S)
        for process in alive:
            _signal(process, signal.SIGKILL)
        psutil.wait_procs(alive, timeout=PATIENCE_S)


def _processes(data: Path, folder: Path) -> dict[int, psutil.Process]:
    marks = {str(folder / "postgres"), str(folder / "valkey" / "valkey.conf")}
    return {
        process.pid: process
        for process in psutil.process_iter()
        if process.pid != os.getpid() and _is_ours(process, str(data), marks)
    }


def _is_ours(process: psutil.Process, data: str, marks: set[str]) -> bool:
    try:
        if process.status() == psutil.STATUS_ZOMBIE:
            return False
        if _name(process) in SERVERS:
            return not marks.isdisjoint(process.cmdline())
        return process.environ().get(MARK) == data
    except psutil.Error:
        return False


def _name(process: psutil.Process) -> str:
    try:
        return Path(process.cmdline()[0]).name
    except (psutil.Error, IndexError):
        return ""


def _parent(process: psutil.Process) -> int:
    try:
        return process.ppid()
    except psutil.Error:
        return 0


def _signal(process: psutil.Process, number: signal.Signals) -> None:
    with contextlib.suppress(psutil.NoSuchProcess):
        process.send_signal(number)
