"""Recordings by HTTP Range."""

import io

import pytest

from callstore.media.folder import Folder
from callstore.media.storage import storage
from tests.dashboard.api.problem import problem
from tests.dashboard.documents import RECORDING, put_call
from tests.media import s3

pytestmark = pytest.mark.django_db

BYTES = bytes(range(256)) * 4
SIZE = len(BYTES)


@pytest.fixture
def url(settings, tmp_path):
    settings.RECORDING_STORAGE = str(tmp_path)
    storage().put(f"{RECORDING}.wav", io.BytesIO(BYTES))
    entry = {"recording": RECORDING, "state": "present", "media": f"{RECORDING}.wav"}
    return f"/api/v1/calls/{put_call(recordings=[entry])}/audio/{RECORDING}"


def body(response):
    return b"".join(response.streaming_content)


def test_without_a_range_all_of_it_comes(api, url):
    answer = api.get(url)
    assert answer.status_code == 200
    assert body(answer) == BYTES
    assert answer["Content-Type"] == "audio/wav"
    assert answer["Accept-Ranges"] == "bytes"
    assert answer["Content-Length"] == str(SIZE)


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=0-", 0, SIZE - 1),
        ("bytes=100-199", 100, 199),
        ("bytes=1000-99999", 1000, SIZE - 1),
        ("bytes=-10", SIZE - 10, SIZE - 1),
        ("bytes=-99999", 0, SIZE - 1),
        (f"bytes={SIZE - 1}-", SIZE - 1, SIZE - 1),
    ],
)
def test_a_range_gives_just_its_bytes(api, url, asked, start, end):
    answer = api.get(url, headers={"range": asked})
    assert answer.status_code == 206
    assert answer["Content-Range"] == f"bytes {start}-{end}/{SIZE}"
    assert answer["Content-Length"] == str(end - start + 1)
    assert body(answer) == BYTES[start : end + 1]


BEYOND = [f"bytes={SIZE}-", "bytes=99999-100000", "bytes=-0", "bytes=999999999999999999-"]


@pytest.mark.parametrize("asked", BEYOND)
def test_a_range_beyond_the_end_is_416_and_says_the_size(api, url, asked):
    answer = api.get(url, headers={"range": asked})
    assert answer.status_code == 416
    assert answer["Content-Range"] == f"bytes */{SIZE}"


@pytest.mark.parametrize(
    "asked",
    [
        "bytes=-",
        "bytes=5-2",
        "bytes=a-b",
        "bytes=0-1,5-6",
        "items=0-1",
        "bytes=" + "9" * 50 + "-",
        "\xb2",
        "",
    ],
)
def test_what_is_no_single_range_is_answered_with_all(api, url, asked):
    answer = api.get(url, headers={"range": asked})
    assert answer.status_code == 200
    assert body(answer) == BYTES


def test_a_range_holds_only_while_the_bytes_are_the_same(api, url):
    etag = api.head(url)["ETag"]
    assert body(api.get(url, headers={"range": "bytes=0-9", "if-range": etag})) == BYTES[:10]
    assert body(api.get(url, headers={"range": "bytes=0-9", "if-range": '"other"'})) == BYTES
    assert api.get(url, headers={"if-none-match": etag}).status_code == 304


def test_head_tells_the_size_without_the_bytes(api, url):
    answer = api.head(url)
    assert answer.status_code == 200
    assert answer["Content-Length"] == str(SIZE)
    assert body(answer) == b""
    assert api.head(url, headers={"range": "bytes=0-9"})["Content-Length"] == "10"


def test_a_stranger_hears_nothing(stranger, url):
    assert stranger.get(url).status_code == 401


def test_another_calls_recording_is_not_found_here(api, url):
    other = put_call(recordings=[])
    assert api.get(f"/api/v1/calls/{other}/audio/{RECORDING}").status_code == 404


def test_bytes_that_were_deleted_are_404(api, url, tmp_path):
    (tmp_path / f"{RECORDING}.wav").unlink()
    assert api.get(url).status_code == 404


@pytest.fixture
def in_a_bucket(settings):
    with s3.serving() as server, s3.bucket(settings, server) as outside:
        storage().put(f"{RECORDING}.mp3", io.BytesIO(BYTES))
        entry = {"recording": RECORDING, "state": "present", "media": f"{RECORDING}.mp3"}
        yield f"/api/v1/calls/{put_call(recordings=[entry])}/audio/{RECORDING}", outside


def test_a_range_of_an_mp3_in_a_bucket_gives_just_its_bytes(api, in_a_bucket):
    url, _ = in_a_bucket
    answer = api.get(url, headers={"range": "bytes=100-199"})
    assert (answer.status_code, answer["Content-Type"]) == (206, "audio/mpeg")
    assert answer["Content-Range"] == f"bytes 100-199/{SIZE}"
    assert body(answer) == BYTES[100:200]
    assert body(api.get(url)) == BYTES
    assert api.head(url)["Content-Length"] == str(SIZE)


def test_a_store_that_is_away_is_said_and_no_fault_of_the_reader(api, url, monkeypatch):
    def away(*_):
        raise OSError(None, "the bucket did not answer: EndpointConnectionError")

    monkeypatch.setattr(Folder, "size", away)
    assert "the bucket did not answer" in problem(api.get(url), 503)["detail"]


def test_a_recording_that_was_removed_is_gone_and_its_waveform_is_not(api):
    entry = {"recording": RECORDING, "state": "present", "media": None, "peaks": f"{RECORDING}.peaks"}
    entry["removed_at"] = "2026-11-20T04:35:00.000Z"
    url = f"/api/v1/calls/{put_call(recordings=[entry])}/audio/{RECORDING}"
    answer = api.get(url)
    assert problem(answer, 410)["detail"] == "The sound of this recording was removed on 2026-11-20."
