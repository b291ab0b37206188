"""An erased call: nothing of the person is left anywhere, its story stays, and so does the proof."""

import base64
import io
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson
import pytest
import redis
from django.conf import settings as configured
from django.core.management import CommandError, call_command
from django.db import connection

from callstore.domain.facts.clock import Clock, Instant
from callstore.domain.facts.codec import encode
from callstore.domain.facts.events import CallErased, LegStatus
from callstore.domain.facts.record import Draft
from callstore.eventlog.crypto import keyring, keys
from callstore.eventlog.proof import seals, verify
from callstore.eventlog.reading import read
from callstore.eventlog.reading.listing import listing
from callstore.eventlog.writing import homes
from callstore.eventlog.writing.append import append
from callstore.media import storage as storage_module
from callstore.media.storage import storage
from callstore.projection import projector, queries
from callstore.projection.rebuild import diff, shadow
from callstore.projection.rebuild.scope import scope
from callstore.projection.requests import recordings as wanted_recordings
from callstore.projection.requests.ask import ask
from callstore.projection.words.find import condition
from callstore.projection.words.sought import sought
from callstore.rehearsal.scenarios.scenario import Scenario, drafts, load
from ingest.recordings import take
from tests.eventlog.conftest import empty_log  # noqa: F401
from tests.eventlog.tampering import await_feed, sql
from tests.media import s3

ACCOUNT = "AC" + "a" * 32
STORY = load("founding_call")
TEXTUAL = """
SELECT quote_ident(table_schema) || '.' || quote_ident(table_name), quote_ident(column_name),
  data_type = 'bytea'
FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')
"""
AS_TEXT = "position(s IN lower(t.{0}::text)) > 0"
AS_BYTES = "position(convert_to(s, 'UTF8') IN t.{0}) > 0"


@pytest.fixture
def call(empty_log, settings, tmp_path, monkeypatch):  # noqa: F811
    """The founding call, heard and projected, twice told, contradicted once, and sealed. Its id."""
    settings.RECORDING_STORAGE = str(tmp_path / "recordings")
    for table in ("call", "call_words", "trace_ref"):
        sql(f"DELETE FROM {table}")
    told = drafts(STORY)
    append(told)
    append(told)
    append([replace(draft, event=replace(draft.event, caller="+15550109999")) for draft in told
            if getattr(draft.event, "caller", None)])  # fmt: skip
    monkeypatch.setattr(take, "download", sound)
    take.take(ACCOUNT, "CA" + leg(), recording(), "https://api.twilio.com/x")
    traces = [trace for (trace,) in sql("SELECT trace_id FROM log.head")]
    ask(projector.project(traces))
    await_feed()
    seals.seal()
    with redis.Redis.from_url(configured.REDIS_URL) as valkey:
        valkey.rpush("celery", orjson.dumps({"body": base64.b64encode(b"[]").decode()}))
    [(found,)] = sql("SELECT call_id FROM call")
    yield str(found)
    for table in ("call", "call_words", "trace_ref"):
        sql(f"DELETE FROM {table}")
    with redis.Redis.from_url(configured.REDIS_URL) as valkey:
        valkey.delete("celery")


def recording() -> str:
    return next(e.recording for e in (d.event for d in drafts(STORY)) if hasattr(e, "recording"))


def leg() -> str:
    subject = next(d.subject for d in drafts(STORY) if hasattr(d.event, "recording"))
    return subject.removeprefix("twilio:CA")


def sound(account: str, url: str, file: Any) -> None:
    with STORY.recording.open("rb") as source:
        shutil.copyfileobj(source, file)


def personal(story: Scenario) -> set[str]:
    """Numbers and words of a story: every personal value, and every three words in a row."""
    values = {str(v) for draft in drafts(story) for v in encode(draft.event)[2].values()}
    values = {value for value in values if len(value) >= 10}  # pieces of a word are everywhere
    threes = {
        " ".join(words[n : n + 3]) for words in map(str.split, values) for n in range(max(0, len(words) - 2))
    }
    numbers = {value[1:] for value in values if value.startswith("+")} | {"15550109999"}
    return values | threes | numbers


def leaks(secrets: set[str]) -> set[str]:
    """Where any of them can be read: in which column of which table, which file, which key of Valkey."""
    return {*_in_tables(secrets), *_in_files(secrets), *_in_valkey(secrets)}


def _in_tables(secrets: set[str]) -> Iterator[str]:
    sought = sorted(secrets | {secret.lower() for secret in secrets})
    for table, column, is_bytes in sql(TEXTUAL):
        holds = (AS_BYTES if is_bytes else AS_TEXT).format(column)
        if sql(f"SELECT count(*) FROM {table} t, unnest(%s::text[]) AS s WHERE {holds}", sought) != [(0,)]:
            yield f"{table}.{column}"


def _in_files(secrets: set[str]) -> Iterator[str]:
    for path in Path(configured.RECORDING_STORAGE).rglob("*"):
        yield f"file {path.name}"


def _in_valkey(secrets: set[str]) -> Iterator[str]:
    with redis.Redis.from_url(configured.REDIS_URL) as valkey:
        for key in valkey.scan_iter():
            kept = valkey.lrange(key, 0, -1) if valkey.type(key) == b"list" else [valkey.dump(key)]
            for value in (key, *kept, *(b for v in kept for b in _body(v))):
                if any(secret.encode() in value for secret in secrets):
                    yield f"key {key.decode()}"


def _body(message: bytes) -> list[bytes]:
    try:
        return [base64.b64decode(orjson.loads(message)["body"])]
    except (ValueError, KeyError, TypeError):
        return []


def erase(id_: str, **options: Any) -> None:
    call_command("erase", id_, reason="asked for by letter 17", **options)


def document(id_: str) -> dict[str, Any]:
    found = queries.find(id_)
    assert found is not None
    return found


def test_nothing_of_the_person_can_be_read_anywhere(call):
    secrets = personal(STORY)
    assert len(secrets) > 20
    kept = {
        "public.call.document", "public.call.outline", "public.call.caller",
        "public.call_words.caller", "public.call_words.ids",
    }  # fmt: skip
    assert kept <= leaks(secrets)
    assert sum(place.startswith("file ") for place in leaks(secrets)) == 2
    assert sql("SELECT count(*) > 0 FROM log.conflict") == [(True,)]
    erase(call)
    assert leaks(secrets) == set()


def test_no_word_of_the_person_finds_an_erased_call_and_no_token_is_left(call):
    spoken = [turn["text"] for turn in document(call)["turns"] if turn["text"]]
    assert all(found(text) == [call] for text in spoken)
    [(before,)] = sql("SELECT tokens FROM call_words")
    erase(call)
    assert not any(found(text) for text in spoken)
    [(after,)] = sql("SELECT tokens FROM call_words")
    words = {token for text in spoken for pattern in sought([text]) for token in pattern.tokens}
    assert words & set(before) and not words & set(after)
    sql("SET enable_seqscan = off")
    try:
        assert sql("SELECT call_id FROM call_words WHERE tokens && %s::int4[]", sorted(words)) == []
    finally:
        sql("RESET enable_seqscan")


def found(word):
    """The ids of the calls in which it was said."""
    asked = condition([sought([word])])
    return [str(call_id) for (call_id,) in sql(f"SELECT call_id FROM call WHERE {asked.sql}", *asked.params)]


def test_late_facts_of_an_erased_call_are_kept_without_words(call):
    erase(call)
    homes._homes.clear()
    for late in drafts(STORY)[:5]:
        append([replace(late, key=f"late {late.key}")])
    projector.project([trace for (trace,) in sql("SELECT trace_id FROM log.head")])
    assert leaks(personal(STORY)) == set()
    assert document(call)["event_count"] > 5


def test_its_story_stays(call):
    before = document(call)
    erase(call)
    after = document(call)
    told = ("parent_status", "child_status", "started_at", "ended_at", "verdict", "cause", "flags",
            "untranscribed_caller_speech_s", "ai_call_id", "links", "detection_lag_s")  # fmt: skip
    assert {name: after[name] for name in told} == {name: before[name] for name in told}
    assert (before["erased_at"], before["from"] is None) == (None, False)
    assert after["erased_at"] is not None
    assert [after[name] for name in ("from", "to", "dtmf", "last_caller_transcript")] == [None] * 4
    assert after["recording_state"] == "expired"
    assert {entry["personal"] is None for entry in listing(traces()).items} == {True}
    assert {entry["body"] for entry in listing(traces(), bodies=True).items} == {None}
    [fact] = [r for r in read.records(traces()) if isinstance(r.event, CallErased)]
    assert (fact.source, fact.event.reason) == ("operator", "asked for by letter 17")


def traces():
    return [trace for (trace,) in sql("SELECT DISTINCT trace_id FROM log.stream")]


def test_the_proof_holds_before_and_after(call):
    assert list(verify.doubts({}, lambda events: None)) == []
    erase(call)
    assert list(verify.doubts({}, lambda events: None)) == []
    await_feed()
    assert seals.seal() == 1
    assert list(verify.doubts({}, lambda events: None)) == []


def test_no_rebuild_brings_it_back(call):
    erase(call)
    redacted = document(call)
    sql("DELETE FROM call")
    keys.unwrap.cache_clear()
    projector.project(traces(), replay=True)
    assert document(call) == redacted
    assert list(diff.differences(scope(call), lambda traces: None)) == []


def test_a_fold_that_still_had_the_key_does_not_come_after_one_that_had_not(call, monkeypatch):
    fold = projector.fold

    def slow(gathered, records):
        row = fold(gathered, records)
        monkeypatch.setattr(projector, "fold", fold)
        erase(call)
        return row

    monkeypatch.setattr(projector, "fold", slow)
    projector.project(traces(), replay=True)
    assert projector.fold is fold
    assert leaks(personal(STORY)) == set()


def test_audio_that_was_on_its_way_does_not_stay(call, monkeypatch):
    def slow(account, url, file):
        sound(account, url, file)
        erase(call)

    for file in Path(configured.RECORDING_STORAGE).iterdir():
        file.unlink()
    monkeypatch.setattr(take, "download", slow)
    take.take(ACCOUNT, "CA" + leg(), recording(), "https://api.twilio.com/x")
    assert list(Path(configured.RECORDING_STORAGE).iterdir()) == []
    projector.project(traces(), replay=True)
    assert wanted_recordings.wanted(document(call)) == set()


def test_audio_in_a_bucket_is_erased_there_too_once_the_bucket_answers(call, settings):
    with s3.serving() as url, s3.bucket(settings, url) as outside:
        for key in take.names(recording()):
            storage().put(key, io.BytesIO(b"a caller's voice"))
        settings.AWS_S3_ENDPOINT_URL = "http://127.0.0.1:1"
        with (
            bucket_anew(),
            pytest.raises(CommandError, match=r"audio could not be removed: .* Erase it again"),
        ):
            erase(call)
        settings.AWS_S3_ENDPOINT_URL = url
        assert len(s3.keys(outside)) == 2
        with bucket_anew():
            erase(call)
        assert s3.keys(outside) == []


@contextmanager
def bucket_anew():
    """The connection to the bucket is opened anew, by what is set now."""
    storage_module._store.cache_clear()
    yield
    storage_module._store.cache_clear()


def test_of_an_erased_call_nothing_is_fetched(call, monkeypatch):
    erase(call)
    (storage().root / f".{recording()}.wav.part").write_bytes(b"left by a killed worker")
    monkeypatch.setattr(take, "download", None)
    take.take(ACCOUNT, "CA" + leg(), recording(), "https://api.twilio.com/x")
    assert list(storage().root.iterdir()) == []


@pytest.mark.parametrize("by", ["call_id", "parent_call_sid", "child_call_sid", "ai_call_id"])
def test_a_call_is_erased_by_any_of_its_ids_and_once(call, by, capsys):
    erase(document(call)[by])
    assert capsys.readouterr().out == f"Call {call} is erased.\n"
    erase(document(call)[by])
    assert capsys.readouterr().out == f"Call {call} was erased before.\n"
    assert sql("SELECT count(*) FROM log.event WHERE type = 'call.erased'") == [(1,)]


@pytest.mark.django_db
def test_what_cannot_be_erased_is_said_clearly():
    with pytest.raises(CommandError, match="No call has the id CA0"):
        erase("CA0")
    with pytest.raises(CommandError, match="Say why"):
        call_command("erase", "CA0", reason=" ")
    with pytest.raises(CommandError, match="--reason"):
        call_command("erase", "CA0")


def test_other_calls_keep_their_words(call):
    other = drafts(load("natural_end"))
    append(other)
    projector.project(traces())
    erase(call)
    kept = [row for row in sql("SELECT caller FROM call WHERE call_id <> %s", call) if row[0]]
    assert kept
    assert not any(keyring.is_destroyed(draft.subject) for draft in other if draft.is_of_a_call)


def test_a_call_that_cannot_be_folded_has_no_row_and_the_command_says_so(call, monkeypatch):
    def broken(*_):
        raise ZeroDivisionError

    monkeypatch.setattr(projector, "fold", broken)
    with pytest.raises(CommandError, match=r"could not be folded:\n.*ZeroDivisionError"):
        erase(call)
    assert leaks(personal(STORY)) == set()


def test_a_copy_that_a_rebuild_has_made_goes_too_and_does_not_come_back(call):
    shadow.prepare(lambda *_: None, 1)
    assert {"rebuild.call.document", "rebuild.call_words.caller"} <= leaks(personal(STORY))
    erase(call)
    assert leaks(personal(STORY)) == set()
    redacted = document(call)
    call_command("rebuild", processes=1, stdout=StringIO(), stderr=StringIO())
    assert leaks(personal(STORY)) == set()
    assert document(call) == redacted


def test_with_scrub_no_file_of_the_database_holds_it_any_more(empty_log):  # noqa: F811
    [(folder, recycles)] = sql("SELECT current_setting('data_directory'), current_setting('wal_recycle')")
    if recycles == "on" or not os.access(folder, os.R_OK):
        pytest.skip("the server is not ours: it keeps its files and its journal for itself")
    number, leg = "+1555" + str(uuid4().int)[:12], "CA" + uuid4().hex
    append([fact(leg, LegStatus(status="completed", caller=number))])
    projector.project(traces())
    [(wrapped,)] = sql("SELECT wrapped FROM log.call_key")
    sql("CHECKPOINT")
    held = [number.encode(), bytes(wrapped)]
    assert all(files_with(secret, folder) for secret in held), "nothing would be proved"
    erase(leg)
    assert all(files_with(secret, folder) for secret in held)
    erase(leg, scrub=True)
    assert [files_with(secret, folder) for secret in held] == [[], []]


@pytest.fixture
def role():
    """Become another role until the test is over."""
    with connection.cursor() as cursor:
        yield lambda name: cursor.execute(f"SET ROLE {name}")
        cursor.execute("RESET ROLE")


def test_the_operator_erases_and_may_not_scrub_and_is_told_so(call, role):
    role("callstore_operator")
    erase(call)
    with pytest.raises(CommandError, match="Erased, but the files could not be written anew"):
        erase(call, scrub=True)


@pytest.mark.parametrize("command", [["erase", "CA1", "--reason=R"], ["rotate_keys"]])
def test_the_application_may_neither_erase_nor_rotate_and_is_told_who_may(call, role, command):
    role("callstore_app")
    with pytest.raises(CommandError, match="Only the operator may: set DATABASE_URL to theirs"):
        call_command(*command)
    assert sql("SELECT count(*) FROM log.call_key WHERE wrapped IS NULL") == [(0,)]


def fact(leg, event):
    instant = Instant(1_770_000_000.0, Clock.PROVIDER, 1000)
    return Draft(source="twilio", subject=f"twilio:{leg}", key="1", event=event, occurred=instant,
                 received_at=instant.at + 1, raw=b"as it came")  # fmt: skip


def files_with(secret: bytes, folder: str) -> list[Path]:
    return [path for path in Path(folder).rglob("*") if path.is_file() and secret in path.read_bytes()]
