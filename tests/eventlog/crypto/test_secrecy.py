"""Nothing personal stands in the database in the clear, and the digests hold without any key."""

import base64
import hashlib

import orjson
import pytest
from cryptography.exceptions import InvalidTag
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from callstore.domain.facts.events import DigitsPressed, LegStatus
from callstore.eventlog.crypto import canonical, digest, keys
from callstore.eventlog.reading import read
from callstore.eventlog.writing.append import append
from callstore.eventlog.writing.homes import uuid7
from tests.eventlog.drafts import child_of, draft, leg

NUMBER = "+15550100042"


def stored(subject: str) -> list[dict]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM log.event WHERE subject = %s", [subject])
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor]


@pytest.mark.django_db
def test_no_column_holds_a_number_in_the_clear():
    a = leg()
    contradiction = DigitsPressed(path="/gather", digits="4711", caller=NUMBER)
    for event in (LegStatus(status="ringing", caller=NUMBER), contradiction):
        append([draft(a, event=event, raw=f"From={NUMBER}".encode(), fingerprint=b"one")])
        append([draft(a, "2", event, raw=f"From={NUMBER}".encode(), fingerprint=NUMBER.encode())])
    with connection.cursor() as cursor:
        for table in ("event", "conflict", "stream", "head", "call_key"):
            cursor.execute(f"SELECT row_to_json(t)::text FROM log.{table} t")
            text = "".join(row for (row,) in cursor)
            cursor.execute(
                f"SELECT t FROM log.{table} t, encode(%s, 'hex') h WHERE t::text LIKE '%%' || h || '%%'",
                [NUMBER.encode()],
            )
            assert cursor.fetchall() == []
            assert text
            assert NUMBER not in text
            assert NUMBER[1:] not in text
    assert hashlib.sha256(NUMBER.encode()).hexdigest()[:32] not in stored(a)[0]["dedup_key"]


@pytest.mark.django_db
def test_a_fingerprint_keeps_neighbours_apart_and_repeats_together():
    a, b = leg(), leg()
    assert None not in append(
        [draft(a, fingerprint=b"x"), draft(a, fingerprint=b"y"), draft(b, fingerprint=b"x")]
    )
    assert append([draft(a, fingerprint=b"x")]) == [None]
    tail = {row["dedup_key"].removeprefix("1:") for row in (*stored(a), *stored(b))}
    assert [len(part) for part in tail] == [32, 32, 32]


@pytest.mark.django_db
def test_the_digest_of_a_row_recomputes_from_what_is_stored():
    a = leg()
    odd = LegStatus(status="é\u2028", duration_s=1e16, sip_code=1.5e-7, caller=NUMBER)
    append([draft(a, "1", odd, refs=child_of(leg()), sequence=3), draft(a, "2", LegStatus(status="busy"))])
    for row in stored(a):
        assert digest.row_sha({**row, "facts": orjson.loads(row["facts"])}) == row["row_sha"]
        for name in digest.COVERED:
            assert (
                digest.row_sha({**row, "facts": orjson.loads(row["facts"]), name: "else"}) != row["row_sha"]
            )


# A NUL, half a character, what JSON escapes and what it does not have to.
TEXT = st.characters() | st.sampled_from('\0\ud800\x7f\u2028"\\/')
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.django_db
@given(st.lists(JSON, min_size=1, max_size=20))
def test_jsonb_gives_back_what_is_spelled_the_same(values):
    with connection.cursor() as cursor:
        written = canonical.dump(values)
        cursor.execute("SELECT %s::jsonb::text", [written.decode()])
        assert canonical.dump(orjson.loads(cursor.fetchone()[0])) == written


SCALAR = st.none() | st.booleans() | st.integers() | st.floats() | st.text(TEXT)


@given(st.dictionaries(st.text(TEXT), SCALAR))
def test_facts_are_spelled_the_same_the_quick_way(facts):
    assert canonical.dump(facts) == canonical.ENCODER.encode(canonical.plain(facts)).encode()


@given(st.lists(st.text() | st.none() | st.integers()), st.lists(st.text() | st.none() | st.integers()))
def test_no_two_rows_spell_the_same(one, other):
    as_text = [[str(v) if isinstance(v, int) else v for v in row] for row in (one, other)]
    assert (canonical.framed(*one) == canonical.framed(*other)) == (as_text[0] == as_text[1])


def test_a_ciphertext_opens_with_its_key_in_its_place_only():
    key, id_ = keys.new(), uuid7(0)
    sealed = keys.encrypt(key, b"text", b"here")
    assert keys.decrypt(key, sealed, b"here") == b"text"
    for wrong in (
        (keys.new(), sealed, b"here"),
        (key, sealed, b"there"),
        (key, sealed[:-1] + b"\0", b"here"),
    ):
        with pytest.raises(InvalidTag):
            keys.decrypt(*wrong)
    assert keys.unwrap(id_, keys.wrap(id_, key)) == key


def master(letter: bytes, size: int = 32) -> str:
    return base64.b64encode(letter * size).decode()


def test_while_keys_rotate_the_first_wraps_and_all_unwrap(settings):
    settings.LOG_KEYS = [master(b"a")]
    id_, key = uuid7(0), keys.new()
    old = keys.wrap(id_, key)
    settings.LOG_KEYS = [master(b"b"), master(b"a")]
    assert keys.unwrap(id_, old) == key
    new = keys.wrap(id_, key)
    settings.LOG_KEYS = [master(b"a")]
    with pytest.raises(ImproperlyConfigured, match="does not open"):
        keys.unwrap(id_, new)


@pytest.mark.parametrize("given_", [[], ["no base64!"], [master(b"a", 31)]])
def test_a_missing_or_broken_log_key_is_named(settings, given_):
    settings.LOG_KEYS = given_
    with pytest.raises(ImproperlyConfigured, match="LOG_KEY"):
        keys.wrap(uuid7(0), keys.new())


@pytest.mark.django_db
def test_reading_needs_the_key_the_log_was_written_with(settings):
    a = leg()
    append([draft(a)])
    settings.LOG_KEYS = [master(b"z")]
    keys.unwrap.cache_clear()
    with pytest.raises(ImproperlyConfigured, match="LOG_KEY"):
        read.records([read.trace_of(a)])
