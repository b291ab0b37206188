"""A small application of the library `eventsourcing`: calls, and a count of what each was told."""

import os
import time
from functools import cache
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import Tracking
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresFactory, PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from eventsourcing.utils import Environment
from psycopg.sql import SQL, Identifier

SCHEMA = "library"
WORDS = "x" * 1_000
_url = urlsplit(os.environ["DATABASE_URL"])
ENVIRONMENT = {
    "PERSISTENCE_MODULE": "eventsourcing.postgres",
    "POSTGRES_DBNAME": _url.path.lstrip("/"),
    "POSTGRES_HOST": _url.hostname or "",
    "POSTGRES_PORT": str(_url.port or ""),
    "POSTGRES_USER": unquote(_url.username or ""),
    "POSTGRES_PASSWORD": unquote(_url.password or ""),
    "POSTGRES_SCHEMA": SCHEMA,
}


class Call(Aggregate):
    def __init__(self) -> None:
        self.told = 0

    @event("Told")
    def tell(self, words: str) -> None:
        self.told += 1


class Calls(Application[UUID]):
    """What is read and projected."""


class Appended(Application[UUID]):
    """What is only appended, in another table, so that the projection need not read it."""


def one_of_many() -> None:
    """Begin a process beside others: what they need is made, and at once they would trip over each other."""
    ENVIRONMENT["CREATE_TABLE"] = "no"


@cache
def recorder(name: str) -> PostgresApplicationRecorder:
    """The log of an application of this name, in a table of its own."""
    found = PostgresFactory(Environment(name, ENVIRONMENT)).application_recorder()
    assert isinstance(found, PostgresApplicationRecorder)
    return found


class Counts(PostgresTrackingRecorder):
    """The read model: a row for each call."""

    def __init__(self, datastore: Any, **kwargs: Any) -> None:
        super().__init__(datastore, **kwargs)
        names = {"schema": Identifier(SCHEMA)}
        make = SQL("CREATE TABLE IF NOT EXISTS {schema}.told (call uuid PRIMARY KEY, count bigint)")
        add = SQL(
            "INSERT INTO {schema}.told AS t VALUES (%s, 1)"
            " ON CONFLICT (call) DO UPDATE SET count = t.count + 1"
        )
        self.sql_create_statements.append(make.format(**names))
        self.add = add.format(**names)

    def one_more(self, call: UUID, tracking: Tracking) -> None:
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            cursor.execute(self.add, (call,), prepare=True)


class Counting(Projection[Counts]):
    name = "counting"

    def process_event(self, event: Any, tracking: Tracking) -> None:
        self.view.one_more(event.originator_id, tracking)


@cache
def app(kind: type[Application[UUID]]) -> Application[UUID]:
    return kind(ENVIRONMENT)


def told(calls: int, length: int) -> list[UUID]:
    """So many calls in its log, each with so many events."""
    ids = []
    for _ in range(calls):
        [call] = lengthened([Call()], length - 1)
        app(Calls).save(call)
        ids.append(call.id)
    return ids


def lengthened(calls: list[Call], by: int) -> list[Call]:
    """The same, not saved yet, each with so many more events."""
    for call in calls:
        for _ in range(by):
            call.tell(WORDS)
    return calls


def projected(calls: int, length: int) -> float:
    """Events a second by the library's runner, which commits after each."""
    told(calls, length)
    started = time.perf_counter()
    with ProjectionRunner(
        application_class=Calls, projection_class=Counting, view_class=Counts, env=ENVIRONMENT
    ) as runner:
        runner.wait(runner.app.recorder.max_notification_id(), timeout=60)
    return calls * length / (time.perf_counter() - started)
