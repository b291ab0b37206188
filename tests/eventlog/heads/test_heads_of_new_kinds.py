"""What was kept before its kind belonged to a call gets its head, and the proof has no doubt."""

import pytest

from callstore.eventlog.db import sqlfile
from callstore.eventlog.proof import verify
from callstore.eventlog.writing.append import append
from tests.eventlog.drafts import draft, leg
from tests.eventlog.tampering import sql

pytestmark = pytest.mark.usefixtures("empty_log")


def doubts():
    return list(verify.doubts({}, lambda events: None))


def heads():
    return sorted(sql("SELECT trace_id, version FROM log.head"))


@pytest.mark.parametrize("subject", ["openai:sess_old", f"twilio:CF{'0' * 32}"])
def test_a_session_and_a_conference_that_had_no_head_get_one(subject):
    append([draft(subject, "1"), draft(subject, "2"), draft(leg())])
    as_it_should_be = heads()
    sql(sqlfile.read("0013_heads.down"))
    assert (len(heads()), len(doubts())) == (1, 1)
    sql(sqlfile.read("0013_heads.up"))
    assert (heads(), doubts()) == (as_it_should_be, [])
