"""How much waits in the spool, read from its files without a key or the database."""

import os
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.spool.drain import ASIDE, SHUT
from ingest.spool.reader import DAMAGED
from ingest.spool.record import FRAME
from ingest.spool.segment import HEAD, SUFFIX, Head
from ingest.spool.spool import spool

STUCK = {ASIDE: "set_aside", SHUT: "no_key_opens", DAMAGED: "damaged"}  # by suffix: what somebody must see to


@dataclass(frozen=True, slots=True)
class Backlog:
    """Bytes and deliveries that wait, since when the oldest does (Unix seconds), and all files by suffix."""

    bytes: int
    records: int
    oldest: float | None
    files: Counter[str]


def backlog() -> Backlog:
    """What waits in the spool now, of all processes."""
    waiting = list(_waiting(sorted(spool().folder.glob(f"*{SUFFIX}"))))
    stamps = [stamp for _, _, stamp in waiting if stamp is not None]
    return Backlog(
        bytes=sum(size for size, _, _ in waiting),
        records=sum(records for _, records, _ in waiting),
        oldest=min(stamps, default=None),
        files=Counter(path.suffix for path in spool().folder.glob("*.*")),
    )


def told() -> dict[str, Any]:
    """The same for /readyz. Files that were set aside or cannot be opened are named where there are any."""
    found = backlog()
    oldest_s = None if found.oldest is None else max(0, round(time.time() - found.oldest))
    stuck = {name: found.files[suffix] for suffix, name in STUCK.items() if found.files[suffix]}
    return {"bytes": found.bytes, "records": found.records, "oldest_s": oldest_s, **stuck}


def _waiting(paths: list[Path]) -> Iterator[tuple[int, int, float | None]]:
    """Bytes, deliveries and the first stamp of each file."""
    for path in paths:
        try:
            with path.open("rb") as file:
                head = Head(file.read(HEAD.size))
                file.seek(head.drained)
                first = file.read(FRAME.size)
                size = os.fstat(file.fileno()).st_size - head.drained
        except (FileNotFoundError, ValueError):  # drained meanwhile, or none of ours
            continue
        stamp = FRAME.unpack(first)[2] / 1e9 if len(first) == FRAME.size else None
        yield size, head.written - head.drained_records, stamp
