"""Saves, copies and removes the words of calls, in the caller's transaction."""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from callstore.eventlog.db.statement import run, run_each
from callstore.projection.row import Row
from callstore.projection.words import periods
from callstore.projection.words.said import Words, words

COLUMNS = ("call_id", "started_at", *Words._fields, "tokens")
COPY = f"COPY call_words ({', '.join(COLUMNS)}) FROM STDIN"
UPSERT = (
    f"INSERT INTO call_words ({', '.join(COLUMNS)}) VALUES (%b, %b, %b, %b, %b, %b::int4[])"
    " ON CONFLICT (call_id) DO UPDATE SET " + ", ".join(f"{name} = excluded.{name}" for name in COLUMNS[1:])
)
# Of a call that grows the words are the same most of the time, and their index is the dearest of all.
STORED = (
    "SELECT call_id, started_at, md5(concat_ws(E'\\x01', caller, agent, ids)) FROM call_words"
    " WHERE call_id = ANY(%b::uuid[])"
)


def save(rows: Sequence[Row]) -> None:
    """Keep the words of these rows' documents, where they are others than are kept."""
    stored = {call_id: rest for call_id, *rest in run(STORED, [[row["call_id"] for row in rows]])}
    said = [(row, words(row["document"])) for row in rows]
    new = [
        values(row, told)
        for row, told in said
        if stored.get(row["call_id"]) != [row["started_at"], _md5(told)]
    ]
    run_each(UPSERT, new)


def values(row: Row, told: Words | None = None) -> list[Any]:
    """What COPY takes of a row."""
    told = words(row["document"]) if told is None else told
    started_at = row["started_at"]
    return [row["call_id"], started_at, *told, sorted({*told.tokens(), *periods.of_start(started_at)})]


def delete(call_ids: Collection[UUID]) -> None:
    """Remove the words of calls that became a part of another or are gone."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM call_words WHERE call_id = ANY(%s)", [list(call_ids)])


def stored(call_ids: Iterable[UUID]) -> dict[UUID, tuple[Any, ...]]:
    """What is kept of these calls: the values of COLUMNS."""
    rows = run(f"SELECT {', '.join(COLUMNS)} FROM call_words WHERE call_id = ANY(%b)", [list(call_ids)])
    return {row[0]: row for row in rows}


def _md5(told: Words) -> str:
    return hashlib.md5("\x01".join(told).encode(), usedforsecurity=False).hexdigest()
