"""What is long and of words goes compressed over the wire, and nothing else."""

import gzip

import pytest

from tests.dashboard.calls.listed import CUT_OFF, put

pytestmark = pytest.mark.django_db
TAKES_GZIP = {"accept-encoding": "gzip"}


@pytest.mark.parametrize("path", ["/calls", "/api/v1/calls"])
def test_the_list_is_a_sixth_as_long_on_the_wire(reader, path):
    for minutes in range(50):
        put(minutes, **CUT_OFF | dict.fromkeys(("parent_call_sid", "child_call_sid")))
    answer, plain = reader.get(path, headers=TAKES_GZIP), reader.get(path)
    assert answer.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert len(gzip.decompress(answer.content)) > len(plain.content) - 100
    assert len(answer.content) * 6 < len(plain.content)


def test_an_export_is_sent_as_it_is_written(reader):
    put(**CUT_OFF)
    answer = reader.get("/api/v1/incidents.csv", headers=TAKES_GZIP)
    assert "content-encoding" not in answer.headers
    assert next(iter(answer.streaming_content)).startswith(b"schema,")
