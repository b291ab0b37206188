"""Whatever is sent, signed or not, the doors answer clearly and keep what was proved."""

import json
import time
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.doors.receive import receive
from ingest.providers.provider import discovered
from tests.ingest import deliveries

pytestmark = pytest.mark.django_db

SLOW = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
WORDS = st.sampled_from(
    [
        "CallSid",
        "CallStatus",
        "SequenceNumber",
        "Timestamp",
        "Payload",
        "Level",
        "RecordingSid",
        "RecordingStatus",
        "DialCallStatus",
        "DialCallSid",
        "CallDuration",
        "SipResponseCode",
        "From",
        "AccountSid",
        "CallbackSource",
    ]
)
TEXT = st.one_of(
    st.text(max_size=30), st.sampled_from(["CA" + "0" * 32, "completed", "\0", "9" * 30, "-1", "{", "{}"])
)
JSON = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), TEXT
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXT, inner, max_size=4)),
    max_leaves=12,
)
FRAMES = st.sampled_from(
    ["session.created", "response.done", "error", "input_audio_buffer.speech_started", "x"]
)
TYPES = st.sampled_from(
    [
        "realtime.frame",
        "realtime.sent",
        "realtime.socket.opened",
        "realtime.socket.closed",
        "realtime.api_call",
        "twilio.exchange",
        "app.log",
        "app.exception",
        "incident.published",
        "?",
    ]
)
STREAMS = st.sampled_from(
    [
        "com.twilio.voice.status-callback.call.completed",
        "com.twilio.voice.insights.call-summary.complete",
        "com.twilio.error-logs.error.logged",
        "com.twilio.voice.twiml.call.requested",
        "?",
    ]
)


@pytest.fixture(autouse=True)
def _configured(settings):
    deliveries.configured(settings)


def answered(unsigned):
    signed = deliveries.signed(replace(unsigned, received_at=time.time()))
    discovered()[signed.door].read(signed)  # `receive` would keep the delivery whole if this raised
    return receive(signed).status


@SLOW
@given(st.binary(max_size=300), st.sampled_from(sorted(discovered())), st.booleans())
def test_random_bytes_without_proof_are_refused(body, door, as_json):
    kind = "application/json" if as_json else "application/x-www-form-urlencoded"
    unsigned = deliveries.delivery(door, f"/hooks/{door}/?a=%zz&&b", body, kind)
    assert receive(unsigned).status == 403


@SLOW
@given(st.binary(max_size=300), st.sampled_from(["openai", "app"]))
def test_random_bytes_with_proof_are_kept(body, door):
    assert answered(deliveries.delivery(door, f"/hooks/{door}/", body)) in (202, 204)


@SLOW
@given(st.dictionaries(WORDS, TEXT, max_size=10))
def test_a_signed_form_of_anything_is_kept(parameters):
    assert answered(deliveries.form(**(parameters | {"AccountSid": deliveries.ACCOUNT}))) == 204


@SLOW
@given(
    st.lists(st.one_of(JSON, st.fixed_dictionaries({"type": STREAMS, "id": TEXT, "data": JSON})), max_size=3)
)
def test_a_signed_stream_of_anything_is_kept(elements):
    assert answered(deliveries.stream(*elements)) == 204


@SLOW
@given(JSON, st.sampled_from(["realtime.call.incoming", "live.transport.incoming", "safety.x"]), JSON)
def test_a_signed_webhook_of_anything_is_kept(data, kind, created):
    body = json.dumps({"type": kind, "created_at": created, "data": data})
    assert answered(deliveries.delivery("openai", "/hooks/openai/", body)) == 204


@SLOW
@given(TYPES, JSON, FRAMES, JSON, TEXT)
def test_a_cloudevent_of_anything_is_kept_or_rejected(kind, data, said, more, subject):
    if isinstance(data, dict):
        data = data | {
            "event": {"type": said, "response": more, "session": more, "error": more},
            "params": more,
        }
    event = deliveries.event(kind, subject=subject) | {"data": data}
    assert answered(deliveries.cloud(event)) == 202
