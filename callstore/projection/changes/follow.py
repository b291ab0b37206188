"""Follows the journal on an event loop: one connection that listens, and reads what is new when told."""

import asyncio
import logging
import random
import time
from collections.abc import AsyncIterator
from typing import Any, NamedTuple
from uuid import UUID

import psycopg
from django.db import connection

from callstore.projection.changes.journal import ANNOUNCED_EVERY_S, CHANNEL, KEPT_S, OLDEST, Position

log = logging.getLogger(__name__)

LOOK_EVERY_S = 5.0  # where a word was lost, or a pooler lets nobody listen
FIRST_WAIT_S, LONGEST_WAIT_S = 0.25, 5.0
CONNECT_WITHIN_S = 5
NAME = "callstore live"  # by which it is found in pg_stat_activity

READ = f"""
SELECT seen::text, {OLDEST.format("seen")}, extract(epoch FROM now())::bigint,
  number, transaction::text::bigint, call_id
FROM (SELECT pg_current_snapshot() AS seen) AS now LEFT JOIN call_change ON {{}}
ORDER BY number
"""
RECENT = READ.format(f"changed_at > now() - {KEPT_S} * interval '1 s'")
# All that this statement sees and the one before did not, in whichever order it was committed.
NEW = READ.format(
    "transaction >= pg_snapshot_xmin(%(before)s::pg_snapshot)"
    " AND NOT pg_visible_in_snapshot(transaction, %(before)s::pg_snapshot)"
)


class Change(NamedTuple):
    """A call that changed (None: any may have), and the transaction that did it."""

    transaction: int
    call: UUID | None


class Changes(NamedTuple):
    """What changed, perhaps nothing, and the position after which the next ones are told."""

    position: Position
    found: list[Change]


class Away(NamedTuple):
    """The database is away. What changes meanwhile is told when it is back."""


async def follow() -> AsyncIterator[Changes | Away]:
    """First what the journal holds, then every change once, for ever; and seldom that nothing changed.

    Outlives Postgres: after `Away` come all changes that were committed since.
    """
    seen, wait = "", FIRST_WAIT_S
    while True:
        try:
            async with await _connected() as own:
                await own.execute(f"LISTEN {CHANNEL}")
                told = True
                while True:
                    # One statement after what was seen, whether this connection saw it or the one before.
                    seen, changes = await _read(own, seen)
                    next_read = time.monotonic() + ANNOUNCED_EVERY_S
                    yield changes
                    wait = FIRST_WAIT_S
                    # What is saved soon after a word is not announced: look again once that time is over.
                    soon = told or changes.found
                    told = await _told(own, ANNOUNCED_EVERY_S if soon else LOOK_EVERY_S)
                    await asyncio.sleep(max(0.0, next_read - time.monotonic()))
        except (psycopg.Error, OSError) as error:
            log.warning("The journal of changes cannot be read (%s); trying again.", type(error).__name__)
            yield Away()
            await asyncio.sleep(random.uniform(wait / 2, wait))
            wait = min(wait * 2, LONGEST_WAIT_S)


async def _connected() -> "psycopg.AsyncConnection[Any]":
    """A connection of our own, none of the pool's: it is held for as long as the process lives."""
    known = connection.get_connection_params()
    asked = {name: value for name, value in known.items() if name not in ("cursor_factory", "context")}
    ours = {"connect_timeout": CONNECT_WITHIN_S, "application_name": NAME}
    return await psycopg.AsyncConnection.connect(**{**asked, **ours}, autocommit=True)


async def _read(own: "psycopg.AsyncConnection[Any]", seen: str) -> tuple[str, Changes]:
    rows = await (await own.execute(NEW if seen else RECENT, {"before": seen} if seen else {})).fetchall()
    now, transaction, at, *_ = rows[0]
    found = [Change(changed, call) for *_, number, changed, call in rows if number is not None]
    if seen and transaction < int(seen.partition(":")[0]):  # another server: it counts from elsewhere
        found.append(Change(transaction, None))
    return now, Changes(Position(transaction, at), found)


async def _told(own: "psycopg.AsyncConnection[Any]", seconds: float) -> bool:
    """Return when somebody announced a change, or after so many seconds: whether one was announced."""
    return bool([word async for word in own.notifies(timeout=seconds, stop_after=1)])
