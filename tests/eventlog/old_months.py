"""For tests of retirement: a log with months of 2025, which no other test uses."""

from datetime import date

import pytest

from callstore.domain.facts.clock import Clock, Instant, unix
from callstore.eventlog.proof import seals, verify
from callstore.eventlog.retention import retire
from callstore.eventlog.retention.retire import Month
from callstore.eventlog.writing.append import append
from ingest.retention import retirement as facts
from tests.eventlog.drafts import draft, leg
from tests.eventlog.tampering import await_feed, sql

UNTIL = date(2025, 2, 1)
TABLES = "SELECT relname::text FROM pg_class WHERE relnamespace = 'log'::regnamespace AND relkind = 'r'"


@pytest.fixture
def old_log(empty_log):
    """A log with partitions for the first months of 2025, which no other test uses."""
    sql(
        "SELECT log.ensure_month(m::date) FROM generate_series('2025-01-01'::date, '2025-03-01', '1 month') m"
    )
    yield
    for name in tables():
        sql(f"DROP TABLE log.{name}")


def tables() -> list[str]:
    """The tables of these months."""
    return sorted(name for (name,) in sql(TABLES) if name.startswith("event_2025"))


def on(day: str, subject: str, key: str = "1", **other):
    """A fact of that day of 2025, received at once."""
    at = unix(f"2025-{day}T12:00:00Z")
    return draft(subject, key, occurred=Instant(at, Clock.PROVIDER, 1000), received_at=at + 0.3, **other)


def retire_months(until: date = UNTIL, staying=()) -> list[Month]:
    """All that the command does to the log."""
    gone = []
    for month in retire.months(until):
        if not month.gone:
            facts.exchange(month, until, staying, retire.fence())
            month = month._replace(gone=True)
        for traces in retire.leftovers(month):
            retire.forget(month, traces)
        retire.drop(month)
        gone.append(month)
    return gone


def doubts(known=None) -> list[str]:
    """What verify_log would say."""
    return list(verify.doubts(known or {}, lambda events: None))


@pytest.fixture
def legs(old_log):
    """A leg of January, February and March each, with three facts, sealed, and one more of February's."""
    january, february, march = leg(), leg(), leg()
    for key in "123":
        append([on("01-31", january, key), on("02-01", february, key), on("03-01", march, key)])
    await_feed()
    seals.seal()
    append([on("02-02", february, "later")])
    await_feed()
    seals.seal()
    return january, february, march


def exchange_all() -> None:
    """Retire what there is to retire, but forget nothing: that comes later, and takes its time."""
    for month in retire.months(UNTIL):
        facts.exchange(month, UNTIL, (), retire.fence())
