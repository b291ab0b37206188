"""How long a reader's statement may take."""

import pytest
from django.db import OperationalError, connection

from callstore.projection.patience import TooSlow, patience
from tests.projection.facts import sql

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=["0", "300ms", "10s"])
def allowed(request):
    """What the connection allows each statement; 0 is any time."""
    sql(f"SET statement_timeout = '{request.param}'")
    yield request.param
    sql("RESET statement_timeout")


def told():
    [(timeout,)] = sql("SHOW statement_timeout")
    return timeout


def test_a_statement_has_the_time_that_is_asked_for_and_never_more_than_its_connection_allows(allowed):
    with patience(0.05):
        assert told() == "50ms"
    with patience(2.5):
        assert told() == ("300ms" if allowed == "300ms" else "2500ms")
    assert told() == allowed


def test_within_more_patience_a_statement_has_less_and_those_after_it_have_theirs_again(allowed):
    with patience(0.2):
        with patience(0.05):
            assert told() == "50ms"
        assert told() == "200ms"
        with patience(1):
            assert told() == "200ms"
    assert told() == allowed


def test_too_long_is_overdue_and_what_the_connection_forbids_is_not():
    with pytest.raises(TooSlow), patience(0.05):
        sql("SELECT pg_sleep(5)")
    sql("SET statement_timeout = '50ms'")
    try:
        with pytest.raises(OperationalError), patience(1):
            sql("SELECT pg_sleep(5)")
    finally:
        sql("RESET statement_timeout")
    assert connection.in_atomic_block is False
