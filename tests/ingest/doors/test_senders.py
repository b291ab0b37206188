"""What other people's clients send, over HTTP and into the log."""

import gzip
from dataclasses import replace

import pytest
from cloudevents.core.bindings import http
from cloudevents.core.v1.event import CloudEvent

from callstore.domain.call.fold import fold
from callstore.eventlog.reading import read
from tests.ingest import deliveries as given
from tests.ingest.client import Client

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _configured(settings):
    given.configured(settings)


def post(delivery):
    headers = {name: value for name, value in delivery.headers.items() if name != "content-type"}
    kind = delivery.headers.get("content-type", "")
    return Client().post(delivery.path, data=delivery.body, content_type=kind, headers=headers)


def kept(subject):
    return read.records([read.trace_of(subject)])


def test_an_event_in_binary_mode_with_words_of_any_language_in_its_headers():
    subject = f"twilio:{given.sid()}"
    event = CloudEvent(
        {"specversion": "1.0", "id": "é 1", "source": "/app", "type": "app.log", "subject": subject},
        {"message": "もしもし"},
    )
    message = http.to_binary_event(event)
    unsigned = given.delivery("app", "/hooks/app/", message.body)
    sent = given.signed(replace(unsigned, headers=unsigned.headers | message.headers))
    assert post(sent).json() == {"accepted": 1, "duplicates": 0, "rejected": []}
    assert post(sent).json() == {"accepted": 0, "duplicates": 1, "rejected": []}
    [record] = kept(subject)
    assert record.key.startswith("ce:/app:sealed~") and record.event.message == "もしもし"


def test_a_packed_body_is_taken_and_of_one_in_another_encoding_it_is_told_which_are():
    packed = replace(given.cloud(given.event()), body=gzip.compress(given.cloud(given.event()).body))
    answers = [
        post(given.signed(replace(packed, headers=packed.headers | {"content-encoding": encoding})))
        for encoding in ("gzip", "br")
    ]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert [answer.json()["accepted"] for answer in answers] == [1, 1]
    assert answers[1].json()["rejected"] == [
        {"index": 0, "error": "Content-Encoding must be one of gzip, zstd, or none"}
    ]


def test_a_key_pressed_twice_is_two_facts_and_a_request_tried_twice_is_one():
    leg = given.sid()
    unsigned = given.form("/hooks/twilio/gather?menu=main", CallSid=leg, CallStatus="in-progress", Digits="1")
    for token in ("first", "second", "first"):
        named = replace(unsigned, headers=unsigned.headers | {"i-twilio-idempotency-token": token})
        assert post(given.signed(named)).status_code == 204
    records = kept(f"twilio:{leg}")
    assert {record.event.request for record in records} == {"first", "second"} and len(records) == 2
    assert [ask.digits for ask in fold(records).asks] == ["1", "1"]
