"""Deliveries for the tests: the recorded ones, and new ones with ids of their own."""

import json
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

from callstore.domain.facts.clock import unix
from ingest.providers.delivery import Delivery
from ingest.providers.provider import discovered

FIXTURES = Path(__file__).parent / "fixtures"
ACCOUNT = "AC3f9d2c7a1b8e4056a7d1c0ffee202604"
TOKEN = "test_auth_token_0123456789abcdef"
BASE = "https://calls.example.com"
WHSEC = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
NOON = unix("2026-04-13T12:00:00Z")
SECRETS = {"twilio": TOKEN, "openai": WHSEC, "app": "a-token"}


def configured(settings):
    """The settings that the fixtures were signed for."""
    settings.PUBLIC_BASE_URL = BASE
    settings.TWILIO_ACCOUNTS = {ACCOUNT: [TOKEN]}
    settings.OPENAI_WEBHOOK_SECRETS = [WHSEC]
    settings.INGEST_TOKENS = [SECRETS["app"]]


def recorded_twilio():
    """(name, delivery) of every captured Twilio request."""
    for line in (FIXTURES / "twilio.jsonl").read_text().splitlines():
        one = json.loads(line)
        yield one["name"], _delivery("twilio", one["path_hint"], one, one["received_at"])


def recorded_openai(file):
    """(label, delivery) of every captured OpenAI webhook."""
    for line in (FIXTURES / "openai" / file).read_text().splitlines():
        one = json.loads(line)
        yield one["label"], _delivery("openai", one["path"], one, one["t"])


def _delivery(door, path, one, at):
    return Delivery(
        door=door,
        path=path,
        headers={name.lower(): value for name, value in one["headers"].items()},
        body=one["body"].encode(),
        received_at=unix(at),
    )


def sid(prefix="CA"):
    """A SID nobody has."""
    return prefix + uuid4().hex


def form(path="/hooks/twilio/status", **parameters):
    """An unsigned form of Twilio's."""
    given = {"AccountSid": ACCOUNT, "ApiVersion": "2010-04-01"} | parameters
    return delivery("twilio", path, urlencode(given, doseq=True), "application/x-www-form-urlencoded")


def progress(**parameters):
    """A progress callback of a leg."""
    given = {
        "CallSid": sid(),
        "CallStatus": "ringing",
        "Direction": "inbound",
        "From": "+15550100001",
        "To": "+15550100002",
        "SequenceNumber": "1",
        "CallbackSource": "call-progress-events",
        "Timestamp": "Mon, 13 Apr 2026 12:00:00 +0000",
    }
    return form(**(given | parameters))


def stream(*elements):
    """An unsigned batch of Event Streams."""
    return delivery("twilio", "/hooks/twilio/events", json.dumps(elements))


def status_event(request, kind="com.twilio.voice.status-callback.call.completed", as_text=False):
    """The CloudEvent that carries the same request as this form."""
    data = {
        "timestamp": "2026-04-13T12:00:00.480Z",
        "request": {"url": BASE + request.path, "parameters": dict(request.form)},
    }
    return {
        "specversion": "1.0",
        "type": kind,
        "source": ACCOUNT,
        "id": sid("EZ"),
        "time": "2026-04-13T12:00:09.100Z",
        "data": json.dumps(data) if as_text else data,
    }


def webhook(type_="realtime.call.incoming", headers=(), **data):
    """An unsigned webhook of OpenAI's."""
    body = {
        "id": f"evt_{uuid4().hex}",
        "object": "event",
        "created_at": int(NOON),
        "type": type_,
        "data": {"sip_headers": [{"name": n, "value": v} for n, v in headers], **data},
    }
    made = delivery("openai", "/hooks/openai/", json.dumps(body))
    return replace(made, headers={**made.headers, "webhook-id": f"wh_{uuid4().hex}"})


def event(type_="app.log", data=None, **attributes):
    """A CloudEvent of the application."""
    return {
        "specversion": "1.0",
        "id": uuid4().hex,
        "source": "/voice-app",
        "type": type_,
        "time": "2026-04-13T12:00:00.250Z",
        "data": data or {},
    } | attributes


def cloud(*events, content_type="application/cloudevents-batch+json"):
    """A batch of the application."""
    return delivery("app", "/hooks/app/", json.dumps(events), content_type)


def frame(said, call_id="rtc_u1_one", seq=1, **data):
    """A CloudEvent with a Realtime server event."""
    given = {"call_id": call_id, "connection_id": "conn_1", "seq": seq, "received_at": 1776081600250}
    return event("realtime.frame", {**given, "event": said, **data}, subject=f"openai:{call_id}")


def delivery(door, path, body, content_type="application/json"):
    """Any request at a door."""
    raw = body if isinstance(body, bytes) else body.encode()
    return Delivery(
        door=door, path=path, headers={"content-type": content_type}, body=raw, received_at=NOON + 0.7
    )


def signed(unsigned, secret=None, base=BASE):
    """The delivery as its provider would send it."""
    provider = discovered()[unsigned.door]
    return provider.sign(unsigned, secret=secret or SECRETS[unsigned.door], base_url=base)


def changed_body(signed_delivery):
    """The same with one letter of the body flipped."""
    body = bytearray(signed_delivery.body)
    body[len(body) // 2] ^= 1
    return replace(signed_delivery, body=bytes(body))


def facts(unsigned):
    """The facts of a delivery, unverified."""
    from ingest.providers.provider import normalise

    return normalise(unsigned)
