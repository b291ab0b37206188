"""What processes hold, each page that several share divided among them."""

from contextlib import suppress
from pathlib import Path

import psutil


def family(pid: int) -> set[int]:
    """A process and all that it started; nothing of one that is gone."""
    with suppress(psutil.NoSuchProcess):
        return {pid, *(child.pid for child in psutil.Process(pid).children(recursive=True))}
    return set()


def held_mb(pid: int) -> float:
    """The proportional set size of a process, in MiB; nothing of one that is gone."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0.0
