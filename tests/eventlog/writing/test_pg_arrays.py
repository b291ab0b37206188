"""Arrays as Postgres reads them."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from callstore.eventlog.db.statement import run
from callstore.eventlog.writing.pg_arrays import KINDS, pack

VALUES = {
    "bytea": [b"", b"\0\xff", None],
    "bigint": [-(2**63), 2**63 - 1, None],
    "smallint": [-(2**15), 0, 2**15 - 1],
    "integer": [-(2**31), None, 2**31 - 1],
    "text": ["", "話す", None, "NULL"],
    "date": [date(1, 1, 1), date(2000, 1, 1), date(9999, 12, 1), None],
    "timestamptz": [
        datetime(1999, 12, 31, 23, 59, 59, 999_999, UTC),
        datetime(2026, 11, 22, tzinfo=UTC),
        None,
    ],
    "uuid": [UUID(int=0), UUID(int=2**128 - 1), None],
}


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("repeated", [0, 1, 50])
def test_an_array_is_read_as_it_was_given(kind, repeated):
    values = VALUES[kind] * repeated
    assert run(f"SELECT %b::{kind}[]", [pack(kind, values)]) == [(values,)]


def test_a_number_out_of_range_is_refused_before_it_is_sent():
    with pytest.raises(Exception, match="format requires"):
        pack("smallint", [2**15])
