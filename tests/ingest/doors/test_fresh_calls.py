"""Many calls that begin at once: a server of our own, and what Twilio sends it about legs nobody has met."""

import time
from urllib.parse import quote, urlencode

import pytest
from django.conf import settings
from django.db import connection

from benchmarks.harness.load import drive, post
from benchmarks.harness.running import free_port, serving
from benchmarks.traffic.callbacks import TOKEN, of_children
from callstore.local.processes import by_this_python, web
from ingest.providers.provider import discovered
from tests.eventlog.tampering import sql

SECONDS, SHARE = 4.0, 2_000
# Postgres looks for a deadlock as soon as somebody waits so long: the sooner, the fewer pass unseen.
OPTIONS = {"options": "-c deadlock_timeout=10ms", "application_name": "fresh calls"}


@pytest.mark.django_db(transaction=True)
def test_no_two_batches_of_fresh_calls_stop_each_other():
    before, facts = deadlocks(), kept()
    given = 0
    port = free_port()
    with serving(by_this_python(web("127.0.0.1", port)), port, {"DATABASE_URL": database_url()}):
        ends = time.monotonic() + SECONDS
        while time.monotonic() < ends:
            outcome = drive(("127.0.0.1", port), requests(SHARE), connections=32)
            assert outcome.statuses == {204: SHARE}
            given += SHARE
    assert kept() - facts == given
    assert deadlocks() - before == 0


def requests(count: int) -> list[bytes]:
    provider = discovered()["twilio"]
    base = settings.PUBLIC_BASE_URL
    deliveries = (provider.sign(each, secret=TOKEN, base_url=base) for each in of_children(count))
    return [post(each.path, dict(each.headers), each.body) for each in deliveries]


def database_url() -> str:
    """Where the tests are connected to."""
    at = connection.settings_dict
    who = f"{quote(at['USER'], safe='')}:{quote(at['PASSWORD'], safe='')}"
    return f"postgresql://{who}@{at['HOST']}:{at['PORT']}/{at['NAME']}?{urlencode(OPTIONS)}"


def deadlocks() -> int:
    """In this database so far. A process tells its own when it ends: those that have served must be gone."""
    deadline = time.monotonic() + 10
    served = "SELECT 1 FROM pg_stat_activity WHERE application_name = %s"
    while sql(served, OPTIONS["application_name"]) and time.monotonic() < deadline:
        time.sleep(0.05)
    sql("SELECT pg_stat_force_next_flush()")
    sql("SELECT pg_stat_clear_snapshot()")
    [(count,)] = sql("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
    return count


def kept() -> int:
    [(count,)] = sql("SELECT count(*) FROM log.event")
    return count
