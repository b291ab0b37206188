"""Recordings in a bucket, against a server of S3's protocol."""

import io

import pytest

from callstore.media.storage import storage
from callstore.media.store import CHUNK, NotKept
from tests.media import s3 as server

DATA = bytes(range(256)) * (3 * CHUNK // 256)


@pytest.fixture(scope="module")
def url():
    with server.serving() as url:
        yield url


@pytest.fixture
def s3(settings, url):
    with server.bucket(settings, url) as s3:
        yield s3


def test_what_was_put_lies_below_the_prefix_and_is_read_again(s3):
    storage().put("REa.wav", io.BytesIO(b"sound"))
    assert server.keys(s3) == ["deep/recordings/REa.wav"]
    assert storage().read("REa.wav") == b"sound"
    assert storage().size("REa.wav") == 5


def test_without_a_prefix_it_lies_in_the_bucket_itself(settings, url):
    with server.bucket(settings, url, prefix="") as s3:
        storage().put("REa.wav", io.BytesIO(b"sound"))
        assert server.keys(s3) == ["REa.wav"]
        assert storage().read("REa.wav") == b"sound"


def test_a_second_put_replaces_the_first_whole(s3):
    storage().put("REa.wav", io.BytesIO(b"a longer sound"))
    stream = io.BytesIO(b"short")
    stream.read()
    storage().put("REa.wav", stream)
    assert storage().read("REa.wav") == b"short"
    assert len(server.keys(s3)) == 1


def test_a_recording_of_many_parts_is_kept_whole(s3):
    data = bytes(20 << 20)
    storage().put("REa.wav", io.BytesIO(data))
    assert storage().size("REa.wav") == len(data)
    assert sum(len(chunk) for chunk in storage().chunks("REa.wav")) == len(data)


def test_a_range_is_read_without_the_rest(s3):
    storage().put("REa.wav", io.BytesIO(DATA))
    chunks = list(storage().chunks("REa.wav", 100, CHUNK + 7))
    assert b"".join(chunks) == DATA[100 : 100 + CHUNK + 7]
    assert max(map(len, chunks)) <= CHUNK
    assert b"".join(storage().chunks("REa.wav", len(DATA) - 3)) == DATA[-3:]
    assert b"".join(storage().chunks("REa.wav", len(DATA), 10)) == b""
    assert b"".join(storage().chunks("REa.wav", 5, 0)) == b""


def test_what_was_never_put_is_not_kept(s3):
    assert storage().size("REa.wav") is None
    with pytest.raises(NotKept):
        storage().chunks("REa.wav")
    assert storage().remove("REa.wav") is False


@pytest.mark.parametrize("key", ["../secret", "a/b", "/etc/passwd", "..", ".hidden", "", "a\0"])
def test_a_key_cannot_leave_the_prefix(s3, key):
    for ask in (
        storage().size,
        storage().read,
        storage().remove,
        lambda key: storage().put(key, io.BytesIO()),
    ):
        with pytest.raises(NotKept):
            ask(key)


def test_what_is_removed_is_gone_in_every_version(s3):
    s3.put_bucket_versioning(Bucket=server.NAME, VersioningConfiguration={"Status": "Enabled"})
    storage().put("REa.wav", io.BytesIO(b"one"))
    storage().put("REa.wav", io.BytesIO(b"two"))
    storage().put("REa.wav2", io.BytesIO(b"a neighbour"))
    assert storage().remove("REa.wav") is True
    left = s3.list_object_versions(Bucket=server.NAME)
    assert [one["Key"] for one in left["Versions"]] == ["deep/recordings/REa.wav2"]
    assert "DeleteMarkers" not in left


def test_the_parts_of_a_put_that_was_killed_are_removed_too(s3):
    name = {"Bucket": server.NAME, "Key": "deep/recordings/REa.wav"}
    upload = s3.create_multipart_upload(**name)["UploadId"]
    s3.upload_part(**name, UploadId=upload, PartNumber=1, Body=b"a caller's voice")
    assert storage().remove("REa.wav") is True
    assert not s3.list_multipart_uploads(Bucket=server.NAME).get("Uploads")


def test_a_bucket_that_is_not_there_is_an_error_of_the_store(s3, settings):
    settings.RECORDING_STORAGE = "s3://another/prefix"
    with pytest.raises(OSError, match="the bucket answered NoSuchBucket"):
        storage().put("REa.wav", io.BytesIO(b"sound"))


def test_a_store_that_does_not_answer_is_an_error_of_the_store(settings, s3, monkeypatch):
    settings.AWS_S3_ENDPOINT_URL = "http://127.0.0.1:1"
    monkeypatch.setattr("callstore.media.bucket.TRIES", 1)
    settings.RECORDING_STORAGE = "s3://calls/nowhere"
    with pytest.raises(OSError, match="the bucket did not answer: EndpointConnectionError"):
        storage().put("REa.wav", io.BytesIO(b"sound"))
