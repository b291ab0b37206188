"""The log only grows: for the superuser by its triggers, for the application by what it may do at all."""

import pytest
from django.db import DatabaseError, connection, transaction

from callstore.domain.facts.events import LegStatus
from callstore.eventlog.reading import read
from callstore.eventlog.writing.append import append
from tests.eventlog.drafts import draft, leg

pytestmark = pytest.mark.django_db

APP = "callstore_app"


def parts() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'log.event'::regclass"
        )
        return [name for (name,) in cursor]


def refused(sql: str, why: str, before: str = "SELECT") -> None:
    with pytest.raises(DatabaseError, match=why), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(before)
        cursor.execute(sql)


@pytest.mark.parametrize("verb", ["UPDATE {} SET subject = ''", "DELETE FROM {}", "TRUNCATE {}"])
def test_nobody_changes_the_log_in_any_partition(verb):
    a = leg()
    append([draft(a), draft(a, event=LegStatus(status="contradicted"))])
    assert len(parts()) > 4
    for table in ("log.event", *parts(), "log.stream", "log.conflict"):
        refused(verb.format(table), "the log only grows")
        refused(
            verb.format(table), "the log only grows", before="SET LOCAL session_replication_role = replica"
        )


def test_no_way_around_by_upsert_or_merge():
    append([draft(leg())])
    refused(
        "INSERT INTO log.stream SELECT * FROM log.stream ON CONFLICT (subject) DO UPDATE SET subject = 'x'",
        "grows",
    )
    refused(
        "MERGE INTO log.event e USING log.stream s ON e.subject = s.subject WHEN MATCHED THEN DELETE", "grows"
    )
    refused("TRUNCATE log.head, log.event_default", "grows")


def test_a_new_month_comes_with_its_guard():
    with connection.cursor() as cursor:
        cursor.execute("SELECT log.ensure_month('2031-05-17'), log.ensure_month('2031-05-01')")
        assert cursor.fetchone() == (True, False)
    refused("TRUNCATE log.event_2031_05", "grows")


def test_keys_are_not_deleted():
    append([draft(leg())])
    refused("DELETE FROM log.call_key", "grows")
    refused("TRUNCATE log.call_key", "grows")


@pytest.fixture
def as_the_application():
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {APP}")
        yield
        cursor.execute("RESET ROLE")


def test_the_application_appends_and_reads(as_the_application):
    a, b = leg(), leg()
    assert None not in append([draft(a), draft(b)])
    assert append([draft(a)]) == [None]
    assert len(read.records([read.trace_of(a)])) == 1
    with connection.cursor() as cursor:
        cursor.execute("UPDATE log.head SET done = version, since = NULL")
        cursor.execute("SELECT log.ensure_month('2032-01-01')")
        cursor.execute("SELECT count(*) FROM django_migrations")
        cursor.execute("DELETE FROM django_session")


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE log.event SET subject = ''",
        "DELETE FROM log.event",
        "TRUNCATE log.event",
        "UPDATE log.stream SET subject = ''",
        "DELETE FROM log.head",
        "UPDATE log.call_key SET reason = ''",
        "INSERT INTO log.event_default DEFAULT VALUES",
        "ALTER TABLE log.event DISABLE TRIGGER append_only",
        "ALTER TABLE log.event ADD note text",
        "DROP TABLE log.event",
        "CREATE TABLE log.mine ()",
        "SELECT log.guard('log.head', 'DELETE')",
        "SET session_replication_role = replica",
        "TRUNCATE log.event_default",
        "UPDATE log.seal SET n = 0",
        "DELETE FROM log.call_key",
        "SELECT log.destroy_keys('{}', 'because')",
        "SELECT log.rewrap_keys('{}', '{}', '{}')",
        "GRANT callstore_operator TO callstore_app",
        "ALTER ROLE callstore_app SUPERUSER",
        "COPY (SELECT 1) TO PROGRAM 'true'",
        "SELECT pg_read_file('/etc/hostname')",
    ],
)
def test_the_application_may_not(sql, as_the_application):
    refused(sql, "permission denied|must be owner|must be superuser|must have admin option")
