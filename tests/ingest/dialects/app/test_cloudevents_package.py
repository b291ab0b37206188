"""CloudEvents as the package `cloudevents` writes them, by its interfaces of old and new, in each mode."""

import json
from datetime import datetime

import pytest
from cloudevents.core.bindings import http
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from cloudevents.v1.conversion import to_binary, to_structured
from cloudevents.v1.http import CloudEvent as OldCloudEvent

from callstore.domain.facts.clock import Clock, Instant, unix
from callstore.domain.facts.events import AppSaid, FrameSeen, Unrecognised
from ingest.dialects.parsed import Rejected
from ingest.providers.delivery import Delivery
from ingest.providers.provider import discovered
from tests.ingest import deliveries as given

CALL = "twilio:CA" + "1" * 32
WHEN = "2026-04-13T12:00:00.250Z"


def attributes(kind="app.log", **more):
    return {"id": 'e 1%é"\\', "source": "/voice-app", "type": kind, "subject": CALL, **more}


def new(data, kind="app.log", **more):
    """An event by the interface of version 2, whose times are of datetime."""
    time = datetime.fromisoformat(WHEN)
    return CloudEvent({"specversion": "1.0", "time": time, **attributes(kind, **more)}, data)


def old(data, kind="app.log", **more):
    """An event by the interface that most of the world's code uses."""
    return OldCloudEvent({"time": WHEN, **attributes(kind, **more)}, data)


def sent(headers, body):
    """What arrives when the package's headers and body are posted."""
    return Delivery(
        door="app",
        path="/hooks/app/",
        # as HTTP carries them: names in any case, values as Latin-1
        headers={name.lower(): str(value) for name, value in headers.items()},
        body=body,
        received_at=given.NOON + 0.7,
    )


def in_binary(event):
    if isinstance(event, OldCloudEvent):
        return sent(*to_binary(event))
    message = http.to_binary_event(event)
    return sent(message.headers, message.body)


def in_structure(event):
    if isinstance(event, OldCloudEvent):
        return sent(*to_structured(event))
    message = http.to_structured_event(event)
    return sent(message.headers, message.body)


def in_a_batch(*events):
    body = b"[" + b",".join(JSONFormat().write(event) for event in events) + b"]"
    return sent({"Content-Type": "application/cloudevents-batch+json"}, body)


def read(delivery):
    return discovered()["app"].read(delivery)


def fact(delivery):
    parsed = read(delivery)
    assert parsed.rejected == ()
    [draft] = parsed.drafts
    return draft


@pytest.mark.parametrize(
    ("made", "written"),
    [(new, in_binary), (new, in_structure), (new, in_a_batch), (old, in_binary), (old, in_structure)],
)
def test_an_event_is_the_same_fact_in_every_mode(made, written):
    draft = fact(written(made({"message": "もしもし"})))
    assert draft.event == AppSaid(what="log", message="もしもし")
    assert draft.subject == CALL
    assert draft.occurred == Instant(unix(WHEN), Clock.APP)


def test_an_event_has_one_key_in_every_mode():
    ways = [fact(written(new({"message": "x"}))) for written in (in_binary, in_structure, in_a_batch)]
    assert {draft.key for draft in ways} == {'ce:/voice-app:e 1%é"\\'}


@pytest.mark.parametrize("made", [new, old])
def test_a_frame_in_binary_mode_is_a_frame(made):
    said = {"type": "rate_limits.updated", "event_id": "event_1"}
    data = {"call_id": "rtc_u1_one", "connection_id": "c", "seq": 3, "event": said}
    draft = fact(in_binary(made(data, "realtime.frame", subject="openai:rtc_u1_one")))
    assert (draft.key, draft.sequence) == ("frame:c:3", 3)
    assert draft.event == FrameSeen(connection="c", kind="rate_limits.updated")
    assert json.loads(draft.raw)["data"]["event"] == said


def test_a_batch_keeps_the_neighbours_of_what_is_no_event():
    delivery = in_a_batch(new({"message": "x"}), new({"message": "y"}, id="2"))
    broken = delivery.body.replace(b'"type": "app.log"', b'"type": ""', 1)
    assert broken != delivery.body
    parsed = read(sent(delivery.headers, broken))
    assert parsed.rejected == (Rejected(0, "type must be a non-empty string"),)
    assert [draft.event.message for draft in parsed.drafts] == ["y"]


@pytest.mark.parametrize(
    ("data", "kind", "message"),
    [
        ("a line of a log", "text/plain", "a line of a log"),
        (b"a line", "text/plain; charset=utf-8", "a line"),
        ('{"message": "x"}', "text/plain", '{"message": "x"}'),
        ({"message": "x"}, "application/vnd.ours+json", "x"),
        (b"\xff\xfe\x00", "application/octet-stream", None),
        (b"<a/>", "application/xml", "<a/>"),
        (b'{"message": ', "application/json", '{"message":'),
        (b"[1, 2]", "application/json", None),
        (None, None, None),
    ],
)
def test_an_event_with_data_of_any_type_is_kept(data, kind, message):
    more = {"datacontenttype": kind} if kind else {}
    draft = fact(in_binary(new(data, **more)))
    assert draft.event == AppSaid(what="log", message=message)
    kept = json.loads(draft.raw)
    assert kept.get("datacontenttype") == kind and kept["id"] == 'e 1%é"\\'


def test_bytes_are_kept_as_base64_and_read_where_they_are_json():
    assert json.loads(fact(in_binary(new(b"\xff\xfe", datacontenttype="a/b"))).raw)["data_base64"] == "//4="
    whole = {"specversion": "1.0", **attributes(), "data_base64": "eyJtZXNzYWdlIjogIngifQ=="}
    assert fact(given.cloud(whole)).event.message == "x"
    assert fact(given.cloud(whole | {"data_base64": "no base64"})).event.message is None


def test_a_type_that_needs_an_object_and_has_none_is_kept_unread():
    draft = fact(in_binary(new("no frame", "realtime.frame", datacontenttype="text/plain")))
    assert draft.event == Unrecognised(note="no known kind of CloudEvent", hint="realtime.frame")
    assert json.loads(draft.raw)["data"] == "no frame"


@pytest.mark.parametrize("name", ["id", "source", "type", "specversion"])
def test_an_event_in_headers_without_what_it_must_have_is_rejected_in_words(name):
    whole = in_binary(new({"message": "x"}))
    headers = {key: value for key, value in whole.headers.items() if key != f"ce-{name}"}
    parsed = read(sent(headers, whole.body))
    assert parsed.drafts == []
    assert parsed.rejected == (Rejected(0, f"{name} must be a non-empty string"),)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("Euro%20%E2%82%AC%20%F0%9F%98%80", "Euro € 😀"),
        ('"a \\"quoted\\" \\\\ value"', 'a "quoted" \\ value'),
        ('"%41"', "A"),
        ("%25%34%31", "%41"),
        ("100%", "100%"),
        ("%zz%4", "%zz%4"),
        ("%ff", "\ufffd"),
        ("Ã©", "é"),
        (" a ", "a"),
    ],
)
def test_a_header_is_decoded_as_the_binding_says(written, value):
    """https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md#3132"""
    headers = {"ce-specversion": "1.0", "ce-id": written, "ce-source": "s", "ce-type": "app.log"}
    assert fact(sent(headers, b"")).key == f"ce:s:{value}"


def test_a_body_that_says_it_is_structured_is_read_as_such_whatever_the_headers():
    whole = in_structure(new({"message": "inside"}))
    draft = fact(sent(whole.headers | {"ce-id": "other", "ce-type": "other"}, whole.body))
    assert draft.event.message == "inside"
