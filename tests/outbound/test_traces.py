"""A finished call is one trace at a real OTLP receiver, without words unless they are allowed."""

import base64
import gzip
import json
import subprocess
import sys
import threading
from collections import Counter
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from uuid import UUID

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from callstore.base.valkey import valkey
from callstore.eventlog.writing.append import append
from callstore.outbound import tasks
from callstore.outbound.traces import setting
from callstore.outbound.traces.send import NotSent, send
from callstore.outbound.traces.spans import spans
from callstore.projection import projector, queries
from callstore.rehearsal.scenarios.rebase import rebased
from callstore.rehearsal.scenarios.scenario import drafts, load
from callstore.report.report import report
from callstore.settlement.models import Settlement
from tests.builders import AI
from tests.conversations import SECOND_AI
from tests.places import ROOT
from tests.projection.facts import call_ids, keep, offered, rtc, said, sid, status, traces_of
from tests.report.test_conversations import back_to_the_ai
from tests.served import free_port

pytestmark = pytest.mark.django_db


@contextmanager
def collector(leads_to=None):
    received: list[ExportTraceServiceRequest] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            body = gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body
            assert self.path == "/v1/traces"
            received.append(ExportTraceServiceRequest.FromString(body))
            self.send_response(307 if leads_to else 200)
            if leads_to:
                self.send_header("Location", leads_to)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", received
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def call():
    leg, child, session = sid(), sid(), rtc()
    facts = (
        status(leg, "in-progress", caller="+15550142"),
        status(child, "in-progress", parent=leg, at=1),
        offered(session, child),
        said(session, "my card is 4111", at=4),
        status(child, "completed", parent=leg, at=18),
        status(leg, "completed", at=20),
    )
    projector.project(keep(*facts))
    return queries.find(leg)


def test_a_call_is_one_trace_of_its_legs_and_its_session_without_words_or_numbers(call, monkeypatch):
    with collector() as (url, received):
        monkeypatch.setattr(setting, "OTLP_ENDPOINT", url)
        tasks.trace(call["call_id"])
        tasks.trace(call["call_id"])
    first, again = received
    assert first == again, "sent twice it is the same trace"
    [resource] = first.resource_spans
    assert {each.key: each.value.string_value for each in resource.resource.attributes}[
        "service.name"
    ] == "callstore"
    told = [span for scope in resource.scope_spans for span in scope.spans]
    assert {span.trace_id for span in told} == {UUID(call["call_id"]).bytes}
    [root] = [span for span in told if not span.parent_span_id]
    assert {span.name for span in told} >= {"call", "leg parent", "leg child", "ai session"}
    assert {span.parent_span_id for span in told} <= {b"", *(span.span_id for span in told)}
    assert (root.end_time_unix_nano - root.start_time_unix_nano) // 10**9 == 20
    attributes = {each.key: each.value.string_value for each in root.attributes}
    assert attributes["callstore.verdict"] == call["verdict"]
    assert b"4111" not in first.SerializeToString() and b"5550142" not in first.SerializeToString()


def test_a_recorded_call_is_sent_with_its_turns_and_tools_and_without_a_word_of_it(monkeypatch):
    given = drafts(rebased(load(ROOT / "tests/scenarios/natural_end"), 0))
    append(given)
    traces = traces_of(draft.subject for draft in given)
    projector.project(traces)
    [call_id] = call_ids(traces)
    document = queries.find(str(call_id))
    with collector() as (url, received):
        monkeypatch.setattr(setting, "OTLP_ENDPOINT", url)
        tasks.trace(str(call_id))
    [sent] = received
    told = [span for scope in sent.resource_spans[0].scope_spans for span in scope.spans]
    [root] = [span for span in told if not span.parent_span_id]
    [session] = [span for span in told if span.name == "ai session"]
    below = Counter(span.name for span in told if span.parent_span_id == session.span_id)
    spoken = [*document["turns"], *document["replies"]]
    assert below["turn caller"] == len(document["turns"]) > 0
    assert below["turn agent"] == len(document["replies"]) > 0
    assert (
        sum(n for name, n in below.items() if name.startswith("tool "))
        == len(document["session"]["tools"])
        > 0
    )
    for span in told:
        assert root.start_time_unix_nano <= span.start_time_unix_nano <= span.end_time_unix_nano
        assert span.end_time_unix_nano <= root.end_time_unix_nano
    words = {word for one in spoken for word in (one["text"] or "").split() if len(word) > 6}
    assert words and not [word for word in words if word.encode() in sent.SerializeToString()]


def test_a_call_of_two_conversations_has_the_session_and_the_turns_of_each():
    call = report(back_to_the_ai().records)
    found = spans(call, with_words=True)
    sessions = {
        span.key: span.attributes["gen_ai.conversation.id"] for span in found if span.name == "ai session"
    }
    assert sorted(sessions.values()) == sorted([AI, SECOND_AI])
    said = {
        span.attributes["turn.text"]: sessions[span.parent] for span in found if span.name == "turn caller"
    }
    assert said["A person, please."] == AI and said["No thank you."] == SECOND_AI
    assert len({span.key for span in found}) == len(found)


@pytest.mark.parametrize("endpoint", ["http://collector:4318", ""])
def test_a_trace_is_asked_for_once_when_a_verdict_settles_and_only_where_somebody_takes_it(
    call, monkeypatch, endpoint
):
    def asked() -> list[list[str]]:
        tasks = [json.loads(task) for task in valkey().lrange("recordings", 0, -1)]
        bodies = [t["body"] for t in tasks if t["headers"]["task"] == "outbound.trace"]
        return [json.loads(base64.b64decode(body))[0] for body in bodies]

    monkeypatch.setattr(setting, "OTLP_ENDPOINT", endpoint)
    valkey().delete("recordings")
    tasks.settle()
    assert asked() == []  # the call has just ended
    Settlement.objects.filter(call_id=call["call_id"]).update(settle_at=datetime.now(UTC))
    for _ in range(2):
        tasks.settle()
    assert asked() == ([[call["call_id"]]] if endpoint else [])
    valkey().delete("recordings")


def test_turns_and_tools_lie_below_the_session_and_words_are_there_where_they_are_allowed():
    moment = {
        "at": "2026-04-13T12:00:05.000Z",
        "at_s": 5.0,
        "precision_ms": 1,
        "clock": "provider",
        "position": 7,
    }
    session = dict.fromkeys(("offered", "accepted", "last", "model", "last_type"))
    session |= {
        "id": "rtc_1",
        "api": "realtime",
        "first": moment,
        "errors": [],
        "tools": [{**moment, "name": "end_call"}],
    }
    turn = {"item": "i1", "start_s": 1.0, "end_s": 2.5, "text": "my card", "state": "done", "failure": None}
    reply = dict.fromkeys(("status", "reason", "error")) | {"response": "r1", "start_s": 3.0, "end_s": 4.0}
    reply |= {"text": "thank you", "cut": False}
    document = {
        "started_at": "2026-04-13T12:00:00.000Z",
        "session": session,
        "turns": [turn],
        "replies": [reply],
    }
    for with_words in (False, True):
        found = {span.name: span for span in spans(document, with_words=with_words)}
        below = {name for name, span in found.items() if span.parent == "session rtc_1"}
        assert below == {"turn caller", "turn agent", "tool end_call"}
        assert ("turn.text" in found["turn caller"].attributes) is with_words
    assert found["turn caller"].end - found["turn caller"].start == 1.5
    assert spans({}, with_words=True) == []


def test_a_collector_that_is_away_is_a_clear_error(call, monkeypatch):
    from callstore.outbound.traces import send as sending

    monkeypatch.setattr(sending, "TIMEOUT_S", 0.5)
    with pytest.raises(NotSent, match="did not take it"):
        send(UUID(call["call_id"]), spans(call, with_words=False), f"http://127.0.0.1:{free_port()}")


def test_a_redirect_of_a_collector_is_not_followed_and_no_password_is_told(call, monkeypatch, caplog):
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", "x-api-key=secret")
    with collector() as (elsewhere, received), collector(leads_to=f"{elsewhere}/v1/traces") as (url, first):
        with_password = url.replace("//", "//user:secret-word@")
        with pytest.raises(NotSent, match="did not take it") as told:
            send(UUID(call["call_id"]), spans(call, with_words=False), with_password)
        assert len(first) == 1 and not received
    assert "secret-word" not in f"{told.value} {caplog.text}"


def test_nothing_of_opentelemetry_is_loaded_until_a_trace_is_sent():
    code = (
        "import django, sys; django.setup(); import callstore.outbound.tasks;"
        "print([m for m in sys.modules if 'opentelemetry.exporter' in m or 'sdk.trace' in m])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr
