"""The CSV of many calls: rows a second, its first row, and what it holds in memory; beside a bare COPY."""

import os
import statistics
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from benchmarks.harness.compare import demanded, table
from callstore.projection.slices import slices
from callstore.report.document import Document
from dashboard.export.files import csv_pieces
from dashboard.export.incident import About

ROWS, ROWS_A_SECOND, FIRST_ROW_MS, GROWTH_MB = 100_000, 5_000, 500, 32
ROUNDS = 3


def export(calls: int, what: str = "CSV") -> None:
    """The CSV of the newest calls, beside a bare COPY of their documents."""
    wanted = min(ROWS, calls)
    _written(wanted // 10)
    small = _peak_mb()
    ours = [_written(wanted) for _ in range(ROUNDS)]
    grown = _peak_mb() - small
    bare = [_copied(wanted) for _ in range(ROUNDS)]
    rate = [wanted / seconds for seconds, _ in ours]
    first = [ms for _, ms in ours]
    table(
        [f"{wanted:,} rows of {calls:,} calls", "rows/s", "first row, ms", "MB more than for a tenth"],
        [
            ["bare COPY of the documents", statistics.median(wanted / s for s in bare), "–", "–"],
            ["CSV", statistics.median(rate), statistics.median(first), grown],
        ],
    )
    demanded(f"{what}, rows/s", statistics.median(rate), least=ROWS_A_SECOND)
    demanded(f"{what}, first row, ms", statistics.median(first), most=FIRST_ROW_MS)
    demanded(f"{what}, MB more than for a tenth", grown, most=GROWTH_MB)


def _written(rows: int) -> tuple[float, float]:
    """Seconds for so many rows, and milliseconds to the first of them."""
    started, first, done = time.monotonic(), 0.0, 0

    def until(parts: Iterator[list[Document]]) -> Iterator[list[Document]]:
        nonlocal done
        for part in parts:
            if done >= rows:
                return
            done += len(part)
            yield part

    pieces = csv_pieces(until(slices(outlines=True)), About("", datetime.now(UTC)))
    next(pieces)  # the header
    for piece in pieces:
        if piece and not first:
            first = time.monotonic() - started
    return time.monotonic() - started, first * 1000


def _copied(rows: int) -> float:
    started = time.monotonic()
    with psycopg.connect(os.environ["DATABASE_URL"]) as own, own.cursor() as cursor:
        sql = "COPY (SELECT document FROM call ORDER BY started_at DESC LIMIT {}) TO STDOUT"
        with cursor.copy(sql.format(rows)) as copy:
            for _ in copy:
                pass
    return time.monotonic() - started


def _peak_mb() -> float:
    """The most that this process has held so far."""
    return int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]) / 1024
