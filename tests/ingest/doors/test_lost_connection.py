"""A connection that died in the pool costs a sender nothing."""

from concurrent.futures import ThreadPoolExecutor
from time import monotonic, sleep

import psycopg
import pytest
from django.db import connection

from callstore.eventlog.reading import read
from ingest.doors.receive import receive
from tests.eventlog.tampering import sql
from tests.ingest import deliveries as given

WAITING = """
SELECT pid FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%log.open_homes%'
"""


@pytest.mark.django_db(transaction=True)
def test_a_delivery_outlives_the_connection_it_met(settings):
    given.configured(settings)
    call = given.sid()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    other.close()
    assert receive(given.signed(given.progress(CallSid=call))).status == 204
    assert len(read.records([read.trace_of(f"twilio:{call}")])) == 1


@pytest.mark.django_db(transaction=True)
def test_a_delivery_outlives_the_connection_that_it_loses_while_its_call_is_given_a_home(settings):
    given.configured(settings)
    call = given.sid()
    with psycopg.connect(**connection.get_connection_params()) as other, ThreadPoolExecutor(1) as threads:
        other.execute(  # and does not commit
            "INSERT INTO log.stream (subject, trace_id, bucket, key_id)"
            " VALUES (%s, gen_random_uuid(), '2026-04-01', gen_random_uuid())",
            [f"twilio:{call}"],
        )
        answer = threads.submit(receive, given.signed(given.progress(CallSid=call)))
        deadline = monotonic() + 10
        while not (waiting := sql(WAITING)) and monotonic() < deadline:
            sleep(0.01)
        [(pid,)] = waiting
        sql("SELECT pg_terminate_backend(%s, 5000)", pid)
        other.rollback()
        assert answer.result(10).status == 204
        threads.submit(lambda: connection.close()).result(10)  # the thread's own
    assert len(read.records([read.trace_of(f"twilio:{call}")])) == 1
