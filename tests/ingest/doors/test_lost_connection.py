"""A connection that died in the pool costs a sender nothing."""

import pytest
from django.db import connection

from callstore.eventlog.reading import read
from ingest.doors.receive import receive
from tests.ingest import deliveries as given


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
