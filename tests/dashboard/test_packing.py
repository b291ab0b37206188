"""What goes over the wire packed, and what does not."""

import gzip

import pytest

from tests.dashboard.documents import put_call

pytestmark = pytest.mark.django_db
TAKES = {"accept-encoding": "gzip, br"}


def test_a_list_goes_packed_to_who_takes_it(reader):
    for _ in range(5):
        put_call()
    plain, packed = reader.get("/calls"), reader.get("/calls", headers=TAKES)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.content) < len(plain.content) / 3
    assert b"</html>" in gzip.decompress(packed.content) and "Content-Encoding" not in plain.headers


def test_so_do_answers_of_the_api_and_exports(api):
    put_call()
    for path in ("/api/v1/calls", "/api/v1/openapi.json"):
        assert api.get(path, headers=TAKES).headers["Content-Encoding"] == "gzip"
    export = api.get("/api/v1/incidents.csv", headers=TAKES)
    assert gzip.decompress(b"".join(export)).startswith(b"schema,")
