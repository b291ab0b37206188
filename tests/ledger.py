"""What the proofs that take minutes have found, each as a section of the page that LEDGER names.

`make crash` and `make torture` name docs/ledger.md; without LEDGER it is printed only.
"""

import os
import platform
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

HEAD = """# Ledger

What `make torture`, `make crash` and `make hosts` found when they were run last, written by themselves. They
take minutes. [Operations](operations.md#proofs-that-take-minutes) says what they do.
"""
Rows = Sequence[Sequence[object]]


def publish(title: str, server: str, rows: Mapping[str, object], *, table: Rows = ()) -> None:
    """Print names and values, and keep them, behind a `table` whose first row is its head, under `title`.

    `server` is the version of Postgres.
    """
    print()
    for name, value in rows.items():
        print(f"{name:<50} {_spelled(value):>12}")
    if page := os.environ.get("LEDGER"):
        parts = [
            f"## {title}",
            _where(server),
            *([_table(table)] if table else []),
            _table([("", ""), *rows.items()]),
        ]
        _replace(Path(page), title, "\n\n".join(parts) + "\n")


def _replace(page: Path, title: str, section: str) -> None:
    before = page.read_text() if page.exists() else HEAD
    head, *sections = re.split(r"(?m)^(?=## )", before)
    others = [s.rstrip() + "\n" for s in sections if not s.startswith(f"## {title}\n")]
    page.write_text("\n".join([head.rstrip() + "\n", *sorted([*others, section])]))


def _where(server: str) -> str:
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores, Python {platform.python_version()},"
        f" PostgreSQL {server}."
    )


def _table(rows: Rows) -> str:
    head, *rest = [[_spelled(value) for value in row] for row in rows]
    rule = ["---", *["---:"] * (len(head) - 1)]
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, rule, *rest))


def _spelled(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.1f}"
    return f"{value:,}" if isinstance(value, int) else str(value)
