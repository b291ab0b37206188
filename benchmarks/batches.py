"""A hundred facts a commit, on one connection by psycopg: our statement beside one insert of a hundred rows.

The plain table is that of `append`. From facts: with all that makes a row of one: keys, digests, ciphers.
"""

# ruff: noqa: E402 -- Django is set up before anything that needs it is imported

import secrets
import statistics
import time
from collections.abc import Callable
from functools import partial

import django

django.setup()

from benchmarks.append import TABLE, plain_event
from benchmarks.harness.cluster import as_owner
from benchmarks.harness.compare import demanded, interleaved, ratio, table
from benchmarks.traffic.callbacks import callback
from callstore.domain.facts.record import Draft
from callstore.eventlog.db.statement import run
from callstore.eventlog.writing.append import append, keep, rows_of
from callstore.eventlog.writing.homes import homes_of, remember_homes
from callstore.eventlog.writing.row import Row
from ingest.providers.provider import normalise

SIZE = 100
ROUNDS = 60
DEMANDED = {5: 0.60, SIZE: 0.45}  # of the plain insert's rate, by the number of calls
INSERT = f"INSERT INTO plain (event) VALUES {', '.join(['(%s::jsonb)'] * SIZE)} RETURNING id"
CEILING, ROWS, FACTS = "plain insert", "append, of rows", "append, from facts"


def main() -> None:
    as_owner(TABLE)
    rows = []
    for calls, least in DEMANDED.items():
        found = interleaved(
            {
                CEILING: partial(plain, calls),
                ROWS: partial(of_rows, calls),
                FACTS: partial(from_facts, calls),
            },
            ROUNDS,
        )
        rows += [
            [f"{name}, {calls} calls", statistics.median(found[name]), ratio(found[name], found[CEILING])]
            for name in found
        ]
        reached = ratio(found[ROWS], found[CEILING])
        demanded(f"batch of {SIZE} of {calls} calls to plain insert", reached, least=least)
    table(["events/s", "rate", "ratio"], rows)


def plain(calls: int) -> float:
    events = [plain_event(row) for row in as_rows(calls)]
    return rate(lambda: run(INSERT, events))


def of_rows(calls: int) -> float:
    rows = as_rows(calls)
    return rate(lambda: keep(rows))


def from_facts(calls: int) -> float:
    drafts = facts(calls)
    remember_homes(homes_of(drafts))  # their streams are open
    return rate(lambda: append(drafts))


def as_rows(calls: int) -> list[Row]:
    drafts = facts(calls)
    return rows_of(drafts, homes_of(drafts))


def facts(calls: int) -> list[Draft]:
    """A hundred new ones of so many calls."""
    sids = [f"CA{secrets.token_hex(16)}" for _ in range(calls)]
    return [draft for n in range(SIZE) for draft in normalise(callback(sids[n % calls], n))]


def rate(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return SIZE / (time.perf_counter() - started)
