"""No cache keeps what the API answers, whatever it answers."""

import io

import pytest

from callstore.media.storage import storage
from dashboard.export import recording as audio
from tests.dashboard.documents import RECORDING, put_call

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(settings, tmp_path):
    settings.RECORDING_STORAGE = str(tmp_path)
    storage().put(f"{RECORDING}.wav", io.BytesIO(b"sound"))
    entry = {"recording": RECORDING, "state": "present", "media": f"{RECORDING}.wav"}
    return f"calls/{put_call(recordings=[entry])}"


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("calls", {}, 200),
        ("{call}", {}, 200),
        ("calls?q=is:nonsense", {}, 422),
        ("calls/nobody", {}, 404),
        ("no/such/path", {}, 404),
        ("calls", {"authorization": "Bearer wrong"}, 401),
        ("calls", {"host": "evil.example"}, 400),
        ("incidents.csv", {}, 200),
        ("incidents.jsonl", {}, 200),
        ("{call}/audio/{recording}", {}, 200),
        ("{call}/audio/{recording}", {"range": "bytes=1-2"}, 206),
        ("{call}/audio/{recording}", {"range": "bytes=99-"}, 416),
        ("{call}/audio/{recording}", {"if-none-match": "*"}, 304),
        ("openapi.json", {}, 200),
    ],
)
def test_an_answer_of_the_api_is_kept_by_nobody(api, call, path, headers, status):
    answer = api.get(f"/api/v1/{path.format(call=call, recording=RECORDING)}", headers=headers)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (status, "private, no-store")
    b"".join(answer)  # sound is a file that is open until it was read


def test_nor_is_one_that_failed(api, call, monkeypatch):
    def broken(*_):
        raise RuntimeError

    monkeypatch.setattr(audio, "storage", broken)
    api.raise_request_exception = False
    answer = api.get(f"/api/v1/{call}/audio/{RECORDING}")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (500, "private, no-store")


def test_a_method_that_there_is_not_is_kept_by_nobody_either(api):
    answer = api.post("/api/v1/calls")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (405, "private, no-store")


def test_sound_and_its_parts_go_as_they_lie(api, call):
    answer = api.get(
        f"/api/v1/{call}/audio/{RECORDING}", headers={"accept-encoding": "gzip", "range": "bytes=1-2"}
    )
    assert (answer.status_code, answer.headers["Content-Length"]) == (206, "2")
    assert "Content-Encoding" not in answer.headers
    b"".join(answer)
