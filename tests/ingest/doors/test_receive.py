"""Many deliveries taken in at once, each answered as if it had come alone."""

from dataclasses import replace

import orjson
import pytest

from callstore.eventlog.crypto import key_check
from callstore.eventlog.reading import read
from callstore.eventlog.writing import append
from ingest.doors import receive, rejections
from ingest.models import Rejection
from ingest.spool import keep
from tests.ingest import deliveries as given
from tests.ingest.spool.draining import drained

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _configured(settings):
    given.configured(settings)
    key_check.demand()  # a process asks once


def statuses(*deliveries):
    return [answer.status for answer in receive.receive_all(deliveries)]


def kept(call):
    trace = read.trace_of(f"twilio:{call}")
    return 0 if trace is None else len(read.records([trace]))


def test_each_is_answered_in_its_place(django_assert_num_queries):
    call, ai = given.sid(), f"rtc_u1_{given.sid()}"
    callback = given.signed(given.progress(CallSid=call))
    forged = replace(callback, headers={**callback.headers, "x-twilio-signature": "AAAA"})
    frames = given.signed(given.cloud(*(given.frame({"type": "error"}, ai, seq=n) for n in (1, 2)), 7))
    again = given.signed(given.cloud(given.frame({"type": "error"}, ai, seq=2)))
    with django_assert_num_queries(1 + 1):  # two homes, the facts; a refusal costs none
        answers = receive.receive_all([callback, forged, frames, again])
    assert [answer.status for answer in answers] == [204, 403, 202, 202]
    said = [orjson.loads(answer.body) for answer in answers[2:]]
    assert [(each["accepted"], each["duplicates"], len(each["rejected"])) for each in said] == [
        (2, 0, 1),
        (0, 1, 0),
    ]
    rejections.flush()
    assert Rejection.objects.get().reason == "wrong signature"


def test_the_fault_of_one_is_not_its_neighbours(monkeypatch, caplog):
    calls = [given.sid() for _ in range(3)]

    def choosy(drafts):
        if any(draft.subject == f"twilio:{calls[1]}" for draft in drafts):
            raise ZeroDivisionError
        return append.append(drafts)

    monkeypatch.setattr(keep, "append", choosy)
    assert statuses(*(given.signed(given.progress(CallSid=call)) for call in calls)) == [204, 204, 204]
    assert [kept(call) for call in calls[:2]] == [1, 0]
    assert "met a fault of ours" in caplog.text
    monkeypatch.undo()
    drained()
    assert [kept(call) for call in calls] == [1, 1, 1]
