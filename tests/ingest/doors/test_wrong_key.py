"""Doors under a LOG_KEY that opens nothing of the log: everything is sent back, and nothing is written."""

import base64

import pytest

from callstore.eventlog.crypto import key_check, keys
from callstore.eventlog.writing import homes
from ingest.doors import receive
from ingest.spool import backlog
from tests.eventlog.tampering import sql
from tests.ingest import deliveries as given
from tests.ingest.spool.draining import drained

pytestmark = pytest.mark.django_db

RIGHT, WRONG = (base64.b64encode(letter * 32).decode() for letter in (b"r", b"w"))


@pytest.fixture(autouse=True)
def wrong_key(settings):
    """A log that holds a call, and a process that was started with another key since. The call's SID."""
    given.configured(settings)
    settings.LOG_KEYS = [RIGHT]
    key_check.forget()
    call = given.sid()
    assert answered(given.progress(CallSid=call)) == [204]
    settings.LOG_KEYS = [WRONG]
    homes._homes.clear()
    keys.unwrap.cache_clear()
    key_check.forget()
    yield call
    key_check.forget()


def answered(*deliveries):
    return [answer.status for answer in receive.receive_all([given.signed(each) for each in deliveries])]


def kept():
    return sql("SELECT (SELECT count(*) FROM log.event), (SELECT count(*) FROM log.call_key)")


def test_known_and_new_calls_are_sent_back_and_nothing_is_written(wrong_key, caplog):
    before = kept()
    assert answered(given.progress(CallSid=wrong_key, CallStatus="completed", SequenceNumber="2")) == [503]
    assert answered(given.progress(), given.progress(CallSid=wrong_key, SequenceNumber="3")) == [503, 503]
    [answer] = receive.receive_all([given.signed(given.progress())])
    assert dict(answer.headers)["Retry-After"]
    assert kept() == before
    [line] = [record for record in caplog.records if record.levelname == "CRITICAL"]
    assert "LOG_KEY does not open the keys of this log" in line.getMessage()
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize("door", ["twilio", "stream", "openai", "app", "lines"])
def test_each_door_sends_back_whatever_it_is_sent(door):
    event = given.event(subject=f"twilio:{given.sid()}")
    ringing = given.status_event(given.progress(), "com.twilio.voice.status-callback.call.ringing")
    made = {
        "twilio": given.progress(),
        "stream": given.stream(ringing),
        "openai": given.webhook(call_id=f"rtc_u1_{given.sid()}"),
        "app": given.cloud(event),
        "lines": given.cloud(event, 7),
    }  # fmt: skip
    before = kept()
    assert answered(made[door]) == [503]
    assert kept() == before
    assert backlog.told()["records"] == 0


def test_a_call_under_a_key_that_is_missing_holds_up_no_other_and_waits_for_the_key(settings):
    homes._homes.clear()
    settings.LOG_KEYS = [WRONG, RIGHT]
    key_check.forget()
    lost = given.sid()
    assert answered(given.progress(CallSid=lost)) == [204]
    settings.LOG_KEYS = [RIGHT]
    homes._homes.clear()
    keys.unwrap.cache_clear()
    before, other = kept(), given.sid()
    assert answered(given.progress(CallSid=lost, SequenceNumber="4"), given.progress(CallSid=other)) == [
        204,
        204,
    ]
    drained()
    assert kept()[0][0] == before[0][0] + 1
    assert backlog.told() == {"bytes": 0, "records": 0, "oldest_s": None, "set_aside": 1}
    settings.LOG_KEYS = [RIGHT, WRONG]
    drained(again=True)
    assert kept()[0][0] == before[0][0] + 2
    assert backlog.told() == {"bytes": 0, "records": 0, "oldest_s": None}
