"""Mirrors of the TwiML exchange: what Twilio signed is told with its answer, to a real instance."""

import sys
import threading
from contextlib import contextmanager
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
import uvicorn
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from tests.ingest import deliveries as given
from tests.integrations import twilio
from tests.integrations.recipe import recipe
from tests.integrations.test_client import until
from tests.served import INGEST_TOKEN, free_port

PUBLIC = "https://voice.example.com"
TWIML = "<Response><Dial><Number>+815055500100</Number></Dial></Response>"


def question(leg):
    """What Twilio asks where a caller pressed a key."""
    asked = {"CallSid": leg, "CallStatus": "in-progress", "Direction": "inbound", "Digits": "1", "To": ""}
    return twilio.BEGAN | asked


def kinds(records):
    """The answers, and the keys that were pressed; there is nothing else."""
    events = [record.event for record in records]
    assert {event.TYPE for event in events} <= {"flow.answered", "dtmf.pressed"}
    return [[e for e in events if kind == e.TYPE] for kind in ("flow.answered", "dtmf.pressed")]


def signed(url, params, token="t-1"):
    return {
        "X-Twilio-Signature": twilio.signature(url, params),
        "Content-Type": twilio.FORM,
        "I-Twilio-Idempotency-Token": token,
    }


@contextmanager
def run(app):
    """An ASGI application as it is run, and its address."""
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture
def fastapi(callstore, monkeypatch):
    """The FastAPI application of the page, mirrored."""
    monkeypatch.setitem(sys.modules, "asgi_mirror", recipe("mirrors.md", "asgi_mirror.py"))
    monkeypatch.setitem(sys.modules, "voice", recipe("twiml.md", "voice.py"))
    app = recipe("mirrors.md", "fastapi_app.py").application(callstore, given.TOKEN, PUBLIC)
    with run(app) as url:
        yield url


def ask(url, path_and_query, params, headers):
    with urlopen(Request(url + path_and_query, urlencode(params).encode(), headers)) as answer:
        return answer.read().decode()


def once_told(callstore, kept, leg):
    """What is kept of the leg: an application tells of an answer after whoever asked has it."""
    until(lambda: callstore.flush() and len(kept(f"twilio:{leg}")) >= 2)
    return kept(f"twilio:{leg}")


def test_fastapi_tells_what_twilio_asked_and_what_it_answered(fastapi, callstore, kept):
    leg = twilio.sid()
    params = question(leg)
    answer = ask(fastapi, "/voice?menu=main", params, signed(f"{PUBLIC}/voice?menu=main", params))
    assert f"X-Parent-CallSid={leg}" in answer
    [answered], [pressed] = kinds(once_told(callstore, kept, leg))
    assert pressed.request == "t-1" and "Dial" in answered.verbs


def test_what_twilio_did_not_sign_is_answered_and_not_told(fastapi, callstore, kept):
    leg = twilio.sid()
    params = question(leg)
    for url in (f"{PUBLIC}/other", "https://elsewhere.example.com/voice"):
        assert "<Dial" in ask(fastapi, "/voice", params, signed(url, params))
    assert "<Dial" in ask(fastapi, "/voice", params, {"Content-Type": twilio.FORM})
    assert callstore.flush() and kept(f"twilio:{leg}") == []


@csrf_exempt
def voice(request):
    return HttpResponse(TWIML, content_type="text/xml")


urlpatterns = [path("voice", voice)]


@pytest.fixture
def django(instance):
    """The middleware of the page in a Django project whose one view answers Twilio."""
    added = {
        "CALLSTORE_URL": f"http://127.0.0.1:{instance.port}",
        "CALLSTORE_TOKEN": INGEST_TOKEN,
        "TWILIO_AUTH_TOKEN": given.TOKEN,
        "VOICE_URL": PUBLIC,
        "ROOT_URLCONF": __name__,
    }
    with override_settings(**added):
        module = recipe("mirrors.md", "django_mirror.py")
        sys.modules["django_mirror"] = module
        with override_settings(MIDDLEWARE=["django_mirror.twilio_mirror"]):
            yield module.callstore
        module.callstore.close()
        del sys.modules["django_mirror"]


def test_django_tells_what_twilio_asked_and_what_it_answered(django, kept):
    leg, stranger = twilio.sid(), twilio.sid()
    for n, url in ((leg, f"{PUBLIC}/voice?a=1"), (stranger, f"{PUBLIC}/elsewhere")):
        params = question(n)
        headers = signed(url, params)
        kind = headers.pop("Content-Type")
        answer = Client().post("/voice?a=1", urlencode(params), content_type=kind, headers=headers)
        assert answer.content.decode() == TWIML
    assert django.flush()
    [answered], [pressed] = kinds(kept(f"twilio:{leg}"))
    assert pressed.request == "t-1" and answered.verbs == ("Dial", "Number")
    assert kept(f"twilio:{stranger}") == []


def test_a_copy_with_twilios_signature_is_the_same_fact_as_the_mirrored_one(instance, callstore, kept):
    copy = recipe("mirrors.md", "signed_copy.py").send_copy
    leg, address = twilio.sid(), f"http://127.0.0.1:{instance.port}"
    params, path_and_query = question(leg), "/hooks/twilio/voice?menu=main"
    headers = signed(given.BASE + path_and_query, params) | {"Host": "voice.example.com", "Cookie": "no"}
    body = urlencode(params).encode()
    assert copy(address, path_and_query, body, headers) == 204
    assert copy(address, "/hooks/twilio/other", body, headers) == 403
    exchange = {
        "url": given.BASE + path_and_query,
        "params": params,
        "headers": {"I-Twilio-Idempotency-Token": "t-1"},
        "status": 200,
        "response": TWIML,
    }
    callstore.emit("twilio.exchange", exchange)
    assert [len(each) for each in kinds(once_told(callstore, kept, leg))] == [1, 1]


def test_a_copy_that_cannot_be_sent_raises_nothing():
    copy = recipe("mirrors.md", "signed_copy.py").send_copy
    assert copy(f"http://127.0.0.1:{free_port()}", "/hooks/twilio/voice", b"", {}) == 0
