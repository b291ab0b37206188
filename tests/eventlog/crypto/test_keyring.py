"""Keys of calls: destroyed for ever, wrapped anew without a touch to the log, and otherwise left alone."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from callstore.domain.facts.events import LegStatus
from callstore.eventlog.crypto import keyring, keys
from callstore.eventlog.proof import verify
from callstore.eventlog.reading import read
from callstore.eventlog.writing import homes
from callstore.eventlog.writing.append import append
from tests.eventlog.drafts import child_of, draft, leg
from tests.eventlog.tampering import sql

NUMBER = "+15550100001"


def master(letter: bytes) -> str:
    return base64.b64encode(letter * 32).decode()


@pytest.fixture(autouse=True)
def nothing_remembered():
    keys.unwrap.cache_clear()
    yield
    keys.unwrap.cache_clear()


def caller(subject: str) -> str | None:
    [record] = read.records([read.trace_of(subject)])
    assert isinstance(record.event, LegStatus)
    return record.event.caller


@pytest.mark.django_db
def test_a_destroyed_key_takes_numbers_and_bodies_with_it_and_leaves_the_rest():
    a, b = leg(), leg()
    [position, _] = append([draft(a), draft(b)])
    assert keyring.destroy([read.trace_of(a)], "asked for") == [read.trace_of(a)]
    assert (caller(a), caller(b)) == (None, NUMBER)
    assert read.raw(position) is None
    assert (keyring.is_destroyed(a), keyring.is_destroyed(b), keyring.is_destroyed("x")) == (
        True,
        False,
        False,
    )
    assert sql("SELECT reason FROM log.call_key WHERE wrapped IS NULL") == [("asked for",)]


@pytest.mark.django_db
def test_a_key_is_destroyed_once():
    append([draft(a := leg())])
    trace = read.trace_of(a)
    assert [keyring.destroy([trace], reason) for reason in ("first", "second")] == [[trace], []]
    assert sql("SELECT reason FROM log.call_key WHERE wrapped IS NULL") == [("first",)]


@pytest.mark.django_db
def test_what_arrives_for_an_erased_call_is_kept_and_nobody_can_read_it():
    append([draft(a := leg())])
    keyring.destroy([read.trace_of(a)], "asked for")
    homes._homes.clear()  # as in every process that never met the call
    [position] = append([draft(a, "2")])
    append([draft(leg(), refs=child_of(a))])
    assert read.raw(position) is None
    assert len(read.records([read.trace_of(a)])) == 3
    assert all(record.event.caller is None for record in read.records([read.trace_of(a)]))


@pytest.mark.django_db
def test_a_writer_forgets_a_key_after_a_while(monkeypatch):
    append([draft(a := leg())])
    homes.remember_homes({a: homes.home_of(draft(a))})
    keyring.destroy([read.trace_of(a)], "asked for")
    before = homes.home_of(draft(a)).key
    monkeypatch.setattr(homes, "monotonic", lambda: monotonic() + homes.REMEMBERED_S + 1)
    assert homes.home_of(draft(a)).key != before


@pytest.mark.parametrize(
    "change",
    [
        "wrapped = '', destroyed_at = NULL WHERE wrapped IS NULL",
        "reason = 'another' WHERE wrapped IS NULL",
        "key_id = gen_random_uuid() WHERE wrapped IS NOT NULL",
        "created_at = now() WHERE wrapped IS NOT NULL",
    ],
)
@pytest.mark.django_db
def test_nothing_else_happens_to_a_key(change):
    append([draft(a := leg()), draft(leg())])
    keyring.destroy([read.trace_of(a)], "asked for")
    with pytest.raises(DatabaseError, match="only destroyed, once, or wrapped anew"), transaction.atomic():
        sql(f"UPDATE log.call_key SET {change}")


@contextmanager
def acting_as(role: str) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {role}")
        try:
            yield
        finally:
            cursor.execute("RESET ROLE")


@pytest.mark.django_db
def test_the_application_can_shred_no_key_by_either_function():
    append([draft(a := leg())])
    [(key_id, wrapped)] = sql("SELECT key_id, wrapped FROM log.call_key")
    with acting_as("callstore_app"):
        assert not keyring.may_destroy()
        for shred, given in (
            ("log.destroy_keys(ARRAY[%s]::uuid[], 'because')", [read.trace_of(a)]),
            (
                "log.rewrap_keys(ARRAY[%s]::uuid[], ARRAY[%s]::bytea[], ARRAY['junk']::bytea[])",
                [key_id, wrapped],
            ),
        ):
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                sql(f"SELECT {shred}", *given)
    assert caller(a) == NUMBER


@pytest.mark.django_db
def test_the_operator_destroys_and_wraps_anew_by_these_two_functions_alone():
    append([draft(a := leg())])
    with acting_as("callstore_operator"):
        assert keyring.may_destroy()
        assert keyring.rotate(lambda keys: None) == 0
        assert len(keyring.destroy([read.trace_of(a)], "asked for")) == 1
        for other in ("UPDATE log.call_key SET reason = ''", "DELETE FROM log.event", "DROP TABLE log.event"):
            with pytest.raises(DatabaseError, match=r"permission denied|must be owner"), transaction.atomic():
                sql(other)


@pytest.mark.usefixtures("empty_log")
def test_master_keys_rotate_without_a_touch_to_the_log(settings, capsys):
    settings.LOG_KEYS = [master(b"a")]
    append([draft(a := leg()), draft(b := leg()), draft(c := leg())])
    keyring.destroy([read.trace_of(c)], "asked for")
    before = sql("SELECT * FROM log.event ORDER BY position")

    settings.LOG_KEYS = [master(b"b"), master(b"a")]
    assert (caller(a), caller(b)) == (NUMBER, NUMBER)
    append([draft(d := leg())])
    call_command("rotate_keys")
    assert capsys.readouterr().out == "2 of 4 keys were wrapped anew; the log is as it was.\n"
    call_command("rotate_keys")
    assert capsys.readouterr().out == "0 of 4 keys were wrapped anew; the log is as it was.\n"

    settings.LOG_KEYS = [master(b"b")]
    keys.unwrap.cache_clear()
    assert [caller(subject) for subject in (a, b, c, d)] == [NUMBER, NUMBER, None, NUMBER]
    assert sql("SELECT * FROM log.event ORDER BY position") == before + sql(
        "SELECT * FROM log.event WHERE subject = %s", d
    )
    assert list(verify.doubts({}, lambda events: None)) == []

    settings.LOG_KEYS = [master(b"a")]
    keys.unwrap.cache_clear()
    with pytest.raises(ImproperlyConfigured):
        caller(a)
    with pytest.raises(CommandError, match="LOG_KEY does not open the keys of this log"):
        call_command("rotate_keys")


@pytest.mark.django_db
def test_a_key_destroyed_while_it_was_wrapped_anew_stays_destroyed():
    append([draft(a := leg())])
    [(id_, wrapped)] = sql(
        "SELECT key_id, wrapped FROM log.call_key JOIN log.stream USING (key_id) WHERE subject = %s", a
    )
    keyring.destroy([read.trace_of(a)], "asked for")
    assert sql("SELECT log.rewrap_keys(ARRAY[%s], ARRAY[%s], ARRAY[%s])", id_, wrapped, wrapped) == [(0,)]
    assert keyring.is_destroyed(a)
