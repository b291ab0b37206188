"""Packed bodies of the application, as its log shippers send them."""

import gzip
import json
import time
import zlib
from dataclasses import replace

import pytest
import zstandard

from callstore.eventlog.reading import read
from ingest.doors.receive import receive
from ingest.providers.app import unpack
from tests.ingest import deliveries as given

pytestmark = pytest.mark.django_db
LIMIT = 2 * 1024 * 1024
PACKERS = {"gzip": gzip.compress, "zstd": zstandard.ZstdCompressor().compress}


@pytest.fixture(autouse=True)
def _configured(settings):
    given.configured(settings)


def streamed(body):
    """zstd as a stream writes it, without the length of what is in it."""
    packer = zstandard.ZstdCompressor(level=19).compressobj()
    return packer.compress(body) + packer.flush()


def send(body, encoding, headers=None):
    unsigned = given.delivery("app", "/hooks/app/", body)
    named = {"content-encoding": encoding} | (headers or {})
    return receive(given.signed(replace(unsigned, headers=unsigned.headers | named)))


def counts(answer):
    assert answer.status == 202
    return json.loads(answer.body)


def lines(*events):
    return b"\n".join(json.dumps(event).encode() for event in events)


def leg():
    return f"twilio:{given.sid()}"


def kept(subject):
    return [record.event.message for record in read.records([read.trace_of(subject)])]


def said(message, subject):
    return given.event(data={"message": message}, subject=subject)


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", gzip.compress),
        ("GZip", gzip.compress),
        ("x-gzip", gzip.compress),
        ("zstd", PACKERS["zstd"]),
        ("zstd", streamed),
        ("identity", bytes),
        ("", bytes),
    ],
)
def test_a_packed_body_is_read_as_what_is_in_it(encoding, packed):
    subject = leg()
    body = lines(said("one", subject), said("two", subject), 7)
    counted = counts(send(packed(body), encoding))
    assert (counted["accepted"], counted["rejected"]) == (2, [{"index": 2, "error": "not a JSON object"}])
    assert sorted(kept(subject)) == ["one", "two"]
    assert counts(send(body, "")) | {"rejected": []} == {"accepted": 0, "duplicates": 2, "rejected": []}


@pytest.mark.parametrize("encoding", PACKERS)
def test_a_body_packed_in_parts_is_read_to_its_end(encoding):
    subject = leg()
    parts = [lines(said(word, subject)) + b"\n" for word in ("one", "two", "three")]
    assert counts(send(b"".join(map(PACKERS[encoding], parts)), encoding))["accepted"] == 3


@pytest.mark.parametrize("encoding", PACKERS)
def test_an_event_in_binary_mode_may_be_packed(encoding):
    subject = leg()
    headers = {"ce-specversion": "1.0", "ce-id": "1", "ce-source": subject, "ce-type": "app.log"}
    body = PACKERS[encoding](b'{"message": "one"}')
    assert counts(send(body, encoding, headers | {"ce-subject": subject}))["accepted"] == 1
    assert kept(subject) == ["one"]


@pytest.mark.parametrize("encoding", PACKERS)
def test_what_unpacks_to_more_than_two_mebibytes_is_too_large(encoding):
    subject = leg()
    body = lines(said("one", subject))
    filled = body + b" " * (LIMIT - len(body))
    assert len(PACKERS[encoding](filled + b" ")) < 10_000
    answer = send(PACKERS[encoding](filled + b" "), encoding)
    assert (answer.status, read.trace_of(subject)) == (413, None)
    assert "2 MiB" in json.loads(answer.body)["error"]
    assert counts(send(PACKERS[encoding](filled), encoding))["accepted"] == 1


@pytest.mark.parametrize("encoding", PACKERS)
def test_a_bomb_is_unpacked_no_further_than_to_the_limit(encoding):
    bomb = PACKERS[encoding](b"\0" * 200_000_000)
    began = time.thread_time()
    assert send(bomb, encoding).status == 413
    assert time.thread_time() - began < 0.5  # all of it takes longer, and 200 MB
    assert len(bomb) < 250_000


@pytest.mark.parametrize("encoding", ["br", "deflate", "gzip, gzip", "gzip,zstd", "é"])
def test_what_is_packed_in_an_unknown_way_is_kept_and_told_the_known_ones(encoding):
    packed = zlib.compress(lines(given.event()))
    answer = send(packed, encoding)
    assert any(read.raw(r.position) == packed for r in read.records([read.trace_of("app:unknown")]))
    assert answer.status == 202
    [rejected] = json.loads(answer.body)["rejected"]
    assert rejected["error"] == "Content-Encoding must be one of gzip, zstd, or none"


@pytest.mark.parametrize(
    ("encoding", "spoilt"),
    [
        *[(name, lambda packed: packed[:-3]) for name in PACKERS],
        *[(name, lambda packed: packed[:5]) for name in PACKERS],
        *[(name, lambda packed: packed + b"more") for name in PACKERS],
        *[(name, lambda packed: b"no such thing") for name in PACKERS],
        *[(name, lambda packed: packed[:20] + b"\xff\xff\xff" + packed[23:]) for name in PACKERS],
    ],
)
def test_a_body_that_cannot_be_unpacked_is_kept_as_it_came_and_told(encoding, spoilt):
    packed = spoilt(PACKERS[encoding](lines(*[given.event() for _ in range(20)])))
    answer = send(packed, encoding)
    assert answer.status == 202
    assert json.loads(answer.body)["rejected"] == [{"index": 0, "error": f"the body is no {encoding}"}]
    found = [r for r in read.records([read.trace_of("app:unknown")]) if read.raw(r.position) == packed]
    assert [record.event.note for record in found] == [f"no {encoding}"]


def test_a_wrong_token_is_refused_before_anything_is_unpacked(monkeypatch):
    monkeypatch.setattr(unpack, "UNPACKERS", None)
    unsigned = given.delivery("app", "/hooks/app/", gzip.compress(b"{}"))
    packed = replace(unsigned, headers={"content-encoding": "gzip", "authorization": "Bearer x"})
    assert receive(packed).status == 403
    assert receive(replace(packed, headers={"content-encoding": "br"})).status == 403


def test_a_window_larger_than_any_client_needs_is_not_granted():
    parameters = zstandard.ZstdCompressionParameters(window_log=27, enable_ldm=True)
    packer = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    answer = send(packer.compress(lines(given.event())) + packer.flush(), "zstd")
    assert json.loads(answer.body)["rejected"]


EMPTY = {"skipped": ("zstd", b"\x50\x2a\x4d\x18\0\0\0\0")} | {
    name: (name, made(b"")) for name, made in PACKERS.items()
}


@pytest.mark.parametrize("name", EMPTY)
def test_two_mebibytes_of_empty_members_cost_nothing(name):
    encoding, empty = EMPTY[name]
    packed = empty * (LIMIT // len(empty))
    began = time.thread_time()
    assert json.loads(send(packed, encoding).body)["rejected"]
    assert time.thread_time() - began < 0.2
