"""Partitions are there before they are needed."""

import pytest
from django.db import connection

from callstore.domain.clock import Clock, Instant, unix
from callstore.eventlog import months, tasks
from callstore.eventlog.append import append
from tests.eventlog.drafts import draft, leg

pytestmark = pytest.mark.django_db


def prepared() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT to_char(now() AT TIME ZONE 'UTC' + n * interval '1 month', '\"log.event_\"YYYY_MM')"
            " FROM generate_series(0, 3) n WHERE to_regclass(to_char(now() AT TIME ZONE 'UTC' +"
            " n * interval '1 month', '\"log.event_\"YYYY_MM')) IS NOT NULL"
        )
        return [name for (name,) in cursor]


def test_this_month_and_the_next_three_are_prepared():
    assert len(prepared()) == 4
    assert months.ensure() == 0
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {prepared()[-1]}")
    tasks.ensure_months()
    assert len(prepared()) == 4


def test_a_month_that_already_has_facts_in_the_default_partition_stays_there():
    early = draft(leg(), occurred=Instant(unix("2033-03-03T00:00:00Z"), Clock.APP))
    append([early])
    with connection.cursor() as cursor:
        cursor.execute("SELECT log.ensure_month('2033-03-01'), log.ensure_month('2033-04-01')")
        assert cursor.fetchone() == (False, True)
    assert append([early]) == [None]
