"""A LOG_KEY that opens nothing of the log: nothing is written under it, and everybody who starts says so."""

import base64
from io import StringIO
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from callstore.eventlog.crypto import key_check, keyring, keys
from callstore.eventlog.reading import read
from callstore.eventlog.writing import homes
from callstore.eventlog.writing.append import append
from tests.eventlog.drafts import draft, leg
from tests.eventlog.tampering import sql

pytestmark = pytest.mark.usefixtures("empty_log")

RIGHT, WRONG = (base64.b64encode(letter * 32).decode() for letter in (b"r", b"w"))


def restart(settings, *log_keys):
    """This process as one that begins with these keys."""
    settings.LOG_KEYS = [*log_keys]
    homes._homes.clear()
    keys.unwrap.cache_clear()
    key_check.forget()


@pytest.fixture
def known(settings):
    """A subject that was written with the right key; the process has the wrong one since."""
    restart(settings, RIGHT)
    append([draft(subject := leg())])
    restart(settings, WRONG)
    yield subject
    key_check.forget()


def test_nothing_new_is_wrapped_by_a_key_that_does_not_open_the_log(known, settings):
    for subject in (leg(), known):
        with pytest.raises(keys.WrongLogKey, match="LOG_KEY does not open the keys of this log"):
            append([draft(subject, "2")])
    assert sql("SELECT count(*) FROM log.call_key") == [(1,)]
    assert sql("SELECT count(*) FROM log.event") == [(1,)]
    restart(settings, RIGHT)
    assert append([draft(leg())]) != [None]
    assert len(read.records([read.trace_of(known)])) == 1


def test_an_empty_log_accepts_any_key(settings):
    for key in (RIGHT, WRONG):
        restart(settings, key)
        assert key_check.opens()
    append([draft(leg())])
    restart(settings, RIGHT)
    assert not key_check.opens()


def test_any_of_several_keys_will_do(known, settings):
    restart(settings, WRONG, RIGHT)
    append([draft(later := leg())])
    restart(settings, RIGHT)
    assert key_check.opens()
    # Written under the first of two, which is missing now: refused for itself, and the log goes on.
    with pytest.raises(keys.WrongLogKey):
        append([draft(later, "2")])
    append([draft(leg())])


def test_a_log_whose_calls_are_all_erased_accepts_any_key(known, settings):
    keyring.destroy([read.trace_of(known)], "asked for")
    assert key_check.opens()


def test_the_oldest_key_decides_in_a_log_that_was_split(known, settings):
    first = UUID(int=0)
    sql("INSERT INTO log.call_key VALUES (%s, %s)", first, keys.wrap(first, keys.new()))
    assert not key_check.opens()
    restart(settings, RIGHT)
    assert key_check.opens()


def test_it_is_asked_once_a_process(known, settings, django_assert_num_queries):
    restart(settings, RIGHT)
    with CaptureQueriesContext(connection) as first:
        append([draft(leg())])
    with CaptureQueriesContext(connection) as second:
        append([draft(leg())])
    assert len(first) == len(second) + 1
    with django_assert_num_queries(0):
        assert key_check.opens()


def test_the_check_of_the_database_names_a_wrong_key(known):
    with pytest.raises(CommandError, match=r"callstore\.E010.*LOG_KEY does not open the keys of this log"):
        call_command("check", databases=["default"], stderr=StringIO())
    call_command("check", stdout=StringIO(), stderr=StringIO())


def test_prepare_does_not_go_on_with_a_wrong_key(known, settings):
    with pytest.raises(CommandError, match="LOG_KEY does not open the keys of this log"):
        call_command("prepare")


def test_a_relay_does_not_begin_with_a_wrong_key(known):
    with pytest.raises(CommandError, match="LOG_KEY does not open the keys of this log"):
        call_command("relay")


def test_a_worker_does_not_begin_with_a_wrong_key(known):
    from callstore import celery

    with pytest.raises(SystemExit, match="LOG_KEY does not open the keys of this log"):
        celery.worker_init.send(None)


def test_who_may_not_read_the_keys_is_told_so_by_the_check(known, settings):
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE key_check_stranger; SET ROLE key_check_stranger")
        try:
            with pytest.raises(CommandError, match="The log cannot be read: permission denied for"):
                call_command("check", databases=["default"], stderr=StringIO())
        finally:
            cursor.execute("RESET ROLE; DROP ROLE key_check_stranger")
