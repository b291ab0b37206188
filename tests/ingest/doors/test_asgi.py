"""The doors over HTTP into a real log."""

import asyncio
import io
import json
from dataclasses import replace

import pytest
from django.db import connection

from callstore.eventlog.reading import read
from ingest.doors import asgi
from ingest.doors.receive import Response
from ingest.models import Rejection
from ingest.spool import keep
from tests.ingest import deliveries as given
from tests.ingest.client import Client

pytestmark = pytest.mark.django_db
DOORS = [
    "/hooks/twilio/",
    "/hooks/twilio",
    "/hooks/twilio/a/b/c",
    "/hooks/openai/",
    "/hooks/openai",
    "/hooks/app/",
    "/hooks/app",
]


@pytest.fixture(autouse=True)
def _configured(settings, monkeypatch):
    given.configured(settings)
    monkeypatch.setattr(asgi.time, "time", lambda: given.NOON + 0.7)


def post(delivery, **extra):
    headers = {k: v for k, v in delivery.headers.items() if k != "content-type"}
    return Client().post(
        delivery.path,
        data=delivery.body,
        content_type=delivery.headers.get("content-type", ""),
        headers=headers,
        **extra,
    )


def kept(subject):
    trace = read.trace_of(subject)
    return [] if trace is None else read.records([trace])


def stored():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM log.event")
        return cursor.fetchone()[0]


def test_a_callback_is_kept_and_answered_with_nothing():
    call = given.sid()
    delivery = given.signed(given.progress(CallSid=call))
    answer = post(delivery)
    assert (answer.status_code, answer.content) == (204, b"")
    [record] = kept(f"twilio:{call}")
    assert (record.event.status, record.event.caller) == ("ringing", "+15550100001")
    assert read.raw(record.position) == delivery.body


def test_a_webhook_is_kept_and_answered_with_nothing():
    call = f"rtc_u1_{given.sid()}"
    answer = post(given.signed(given.webhook(call_id=call)))
    assert (answer.status_code, answer.content) == (204, b"")
    assert [record.event.TYPE for record in kept(f"openai:{call}")] == ["session.offered"]


def test_a_batch_is_counted():
    call = f"rtc_u1_{given.sid()}"
    batch = [given.frame({"type": "error", "error": {}}, call, seq=n) for n in (1, 2)]
    first = post(given.signed(given.cloud(*batch, 7)))
    assert first.status_code == 202 and first.headers["Content-Type"] == "application/json"
    rejected = [{"index": 2, "error": "not a JSON object"}]
    assert first.json() == {"accepted": 2, "duplicates": 0, "rejected": rejected}
    assert post(given.signed(given.cloud(*batch))).json() == {"accepted": 0, "duplicates": 2, "rejected": []}
    assert len(kept(f"openai:{call}")) == 2


def test_an_exchange_whose_request_is_known_still_brings_its_answer():
    copy = given.form(CallSid=given.sid(), CallStatus="ringing")
    post(given.signed(copy))
    params = dict(pair.split("=") for pair in copy.body.decode().split("&"))
    data = {"url": given.BASE + copy.path, "params": params, "status": 200, "response": "<Response/>"}
    exchange = given.event("twilio.exchange", data)
    assert post(given.signed(given.cloud(exchange))).json()["accepted"] == 1
    assert post(given.signed(given.cloud(exchange))).json()["duplicates"] == 1
    types = [record.event.TYPE for record in kept(f"twilio:{params['CallSid']}")]
    assert sorted(types) == ["flow.answered", "flow.asked"]


def test_the_same_fact_by_three_channels_is_one_event():
    call = given.sid()
    callback = given.progress(CallSid=call)
    post(given.signed(callback))
    post(given.signed(given.stream(given.status_event(callback))))
    post(given.signed(callback))
    assert len(kept(f"twilio:{call}")) == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM log.conflict")
        assert cursor.fetchone()[0] == 0


def test_a_refusal_is_empty_and_only_counted():
    before = stored()
    for _ in range(2):
        answer = post(
            replace(given.progress(), headers={"content-type": "application/x-www-form-urlencoded"})
        )
        assert (answer.status_code, answer.content) == (403, b"")
    post(given.cloud(given.event()))
    assert stored() == before
    assert sorted(Rejection.objects.values_list("door", "reason", "count")) == [
        ("app", "no token", 1),
        ("twilio", "no signature", 2),
    ]


@pytest.mark.parametrize("path", DOORS)
def test_a_door_answers_only_post_and_never_redirects(path):
    for method in ("get", "head", "put", "delete", "patch", "options"):
        answer = getattr(Client(), method)(path)
        assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert Client().post(path, b"", content_type="text/plain").status_code == 403


@pytest.mark.parametrize(
    "path", ["/a%20b", "/%E3%81%82", "/a+b;c=1/(x)", "/a%0Ab", "//", "/x?b=%E3%81%82&a=", "/x?a=b?c"]
)
def test_any_path_of_twilios_is_a_door_and_signed_as_it_was_asked(path):
    assert post(given.signed(replace(given.progress(), path=f"/hooks/twilio{path}"))).status_code == 204


def test_a_door_that_does_not_exist_is_not_found():
    assert Client().post("/hooks/vonage/").status_code == 404


def test_the_configured_base_is_what_is_signed_whatever_host_was_asked():
    assert post(given.signed(given.progress()), HTTP_HOST="localhost").status_code == 204
    assert post(given.signed(given.progress(), base="http://testserver")).status_code == 403


def test_a_body_at_the_limit_is_read_and_one_byte_more_is_not(monkeypatch):
    monkeypatch.setattr(asgi, "BODY_LIMIT", 3000)
    fits = given.cloud(given.event(data={"message": "x" * 2000}))
    assert post(given.signed(fits)).status_code == 202
    assert (
        post(given.signed(replace(fits, body=b" " * (3000 - len(fits.body)) + fits.body))).status_code == 202
    )
    assert (
        post(given.signed(replace(fits, body=b" " * (3001 - len(fits.body)) + fits.body))).status_code == 413
    )


def test_two_mebibytes_pass_and_django_limits_do_not_bite(settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 2
    assert post(given.signed(given.cloud(given.event(data={"message": "x" * 2_000_000})))).status_code == 202
    assert post(given.signed(given.progress())).status_code == 204
    assert post(given.delivery("app", "/hooks/app/", b" " * (2 * 1024 * 1024 + 1))).status_code == 413


@pytest.mark.parametrize("announced", ["", "0", "-5", "lots"])
def test_a_length_that_lies_or_is_absent_does_not_open_the_limit(announced):
    body = io.BytesIO(b" " * (2 * 1024 * 1024 + 1))
    answer = Client().generic(
        "POST",
        "/hooks/app/",
        b"",
        headers={"authorization": "Bearer a-token"},
        **{
            "CONTENT_LENGTH": announced,
            "wsgi.input": body,
        },
    )
    assert answer.status_code in (202, 413)
    if announced != "0":
        assert answer.status_code == 413


def test_an_unannounced_body_is_read_to_its_end():
    delivery = given.signed(given.cloud(given.event()))
    answer = Client().generic(
        "POST",
        "/hooks/app/",
        b"",
        headers={"authorization": "Bearer a-token"},
        **{
            "CONTENT_LENGTH": "",
            "wsgi.input": io.BytesIO(delivery.body),
        },
    )
    assert (answer.status_code, answer.json()["accepted"]) == (202, 1)


def test_a_door_asks_for_no_more_than_was_announced(monkeypatch):
    monkeypatch.setattr(asgi, "BODY_WITHIN_S", 0.2)
    delivery, answered = given.signed(given.progress()), []

    async def read():
        if not answered:
            answered.append("read")
            return {"type": "http.request", "body": delivery.body, "more_body": True}
        await asyncio.Event().wait()

    async def taken(delivery):
        return Response(204, delivery.body)

    async def send(message):
        answered.append(message)

    headers = delivery.headers | {"content-length": str(len(delivery.body))}
    scope = {"type": "http", "method": "POST", "path": delivery.path, "raw_path": delivery.path.encode()}
    scope |= {"query_string": b"", "headers": [(k.encode(), v.encode()) for k, v in headers.items()]}
    asyncio.run(asgi.before(None, taken)(scope, read, send))
    _, start, body = answered
    assert (start["status"], body["body"]) == (204, delivery.body)


def test_our_own_failure_to_read_loses_nothing(monkeypatch, caplog):
    def broken(delivery):
        raise ZeroDivisionError

    provider = replace(keep.discovered()["twilio"], read=broken)
    monkeypatch.setattr(keep, "discovered", lambda: {"twilio": provider})
    delivery = given.signed(given.progress())
    assert post(delivery).status_code == 204
    [record] = kept("twilio:unread")
    assert record.event.hint == "ZeroDivisionError"
    assert read.raw(record.position) == delivery.body
    assert "could not be read" in caplog.text


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"", b"null", b'"x"', b"[]", json.dumps([[]]).encode()])
def test_nonsense_of_the_application_is_answered_with_202(body):
    signed = given.signed(given.delivery("app", "/hooks/app/", body))
    assert post(signed).status_code == 202
