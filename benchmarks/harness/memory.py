"""What processes hold, each page that several share divided among them."""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import psutil


def shared_fairly_mb(pids: Iterable[int]) -> float:
    """The proportional set size of these processes and all that they started, in MB."""
    return sum(map(_proportional_mb, _with_children(pids)))


def _with_children(pids: Iterable[int]) -> set[int]:
    found = set()
    for pid in pids:
        with suppress(psutil.NoSuchProcess):
            top = psutil.Process(pid)
            found |= {pid, *(child.pid for child in top.children(recursive=True))}
    return found


def _proportional_mb(pid: int) -> float:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0.0
