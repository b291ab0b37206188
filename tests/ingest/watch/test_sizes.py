"""Server events that were made to be large: each is kept small, and costs no more than it is worth."""

import time

import orjson
import pytest

from ingest.watch.observed import Connection
from ingest.watch.sizes import LARGEST

MADE_TO_BE_LARGE = {
    "of control characters": b"\x01" * 4_000_000,
    "of bytes that are no text": b"\xff" * 4_000_000,
    "of short fields": orjson.dumps({"type": "x", **{f"{n:06}": 0 for n in range(200_000)}}),
    "of long names": orjson.dumps({"type": "x", **{f"{n:09}" * 99: 0 for n in range(4_000)}}),
    "of a million lists": b'{"type":"x","a":[' + b",".join(b"[]" for _ in range(1_000_000)) + b"]}",
}


@pytest.mark.parametrize("name", MADE_TO_BE_LARGE)
def test_a_frame_that_was_made_to_be_large_is_kept_in_a_megabyte(name):
    began = time.process_time()
    [element] = Connection("rtc_1", "observer").frames(MADE_TO_BE_LARGE[name])
    assert time.process_time() - began < 1
    assert 1_000 < len(orjson.dumps(element["data"]["event"])) <= LARGEST + 1_000


def test_ten_million_lists_are_not_made_objects():
    """Of 30 MB they would be 700 MB, and while they are made nobody else's session is heard."""
    began = time.process_time()
    [element] = Connection("rtc_1", "observer").frames(b'{"a":[' + b"[]," * 10_000_000 + b"[]]}")
    assert time.process_time() - began < 0.7
    assert element["data"]["event"].startswith('{"a":[[],')


@pytest.mark.parametrize("kind", [b'["x"]', b'{"x":1}', b"7", b"null"])
def test_a_frame_whose_type_is_no_text_is_a_frame(kind):
    [element] = Connection("rtc_1", "observer").frames(b'{"type":%s,"delta":"hi"}' % kind)
    assert element["data"]["event"]["delta"] == "hi"
