"""The client that recipes copy: it sends in the background, and no trouble of callstore is its caller's."""

import ast
import json
import logging
import os
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.integrations.recipe import FOLDER, copied
from tests.served import INGEST_TOKEN, free_port

Callstore = copied("callstore_client").Callstore
COPIED = ("callstore_client", "callstore_socket")


class Door:
    """A door that answers as it is told, and remembers each batch."""

    def __init__(self):
        self.url, self.status, self.held, self.batches, self.times = "", 202, threading.Event(), [], []
        self.held.set()

    @property
    def events(self):
        return [event for batch in self.batches for event in batch]


@contextmanager
def door(port=0):
    kept = Door()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = kept.status
            kept.batches.append(json.loads(body))
            kept.times.append(time.monotonic())
            kept.held.wait(10)
            self.send_response(status)
            if status in (301, 302):
                self.send_header("Location", kept.url + "/elsewhere")
            self.end_headers()
            with suppress(OSError):  # whoever asked has hung up
                self.wfile.write(b'{"accepted": 0, "duplicates": 0, "rejected": []}')

        do_GET = do_POST

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", port), Handler) as server:
        server.daemon_threads, server.block_on_close = True, False
        kept.url = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield kept
        server.shutdown()


@pytest.fixture
def client():
    """Makes clients, and lets go of them at the end."""
    made = []

    def make(url, **options):
        made.append(Callstore(url, "a-token", **{"longest_wait_s": 0.05, **options}))
        return made[-1]

    yield make
    for each in made:
        each.close(0)


def until(true, seconds=10):
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.parametrize("name", COPIED)
def test_it_is_short_and_needs_nothing_but_the_standard_library(name):
    text = (FOLDER / f"{name}.py").read_text()
    assert len(text.splitlines()) < 150
    for node in ast.walk(ast.parse(text)):
        names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
        names += [node.module] if isinstance(node, ast.ImportFrom) else []
        assert {each.partition(".")[0] for each in names} <= sys.stdlib_module_names


@pytest.mark.parametrize("name", COPIED)
def test_older_pythons_can_read_it(name):
    ast.parse((FOLDER / f"{name}.py").read_text(), feature_version=(3, 9))


def test_what_is_told_is_kept(callstore, kept):
    leg = "CA" + "c1" * 16
    assert callstore.emit("app.log", {"message": "もしもし", "level": "info"}, subject=f"twilio:{leg}")
    assert callstore.flush()
    [record] = kept(f"twilio:{leg}")
    assert (record.event.what, record.event.message) == ("log", "もしもし")


def test_events_travel_in_batches_and_in_their_order(client):
    with door() as there:
        told = client(there.url)
        for n in range(1200):
            told.emit("app.log", {"n": n})
        assert told.flush()
        assert [event["data"]["n"] for event in there.events] == list(range(1200))
        assert 3 <= len(there.batches) <= 12


def test_a_batch_fits_through_the_door(client):
    with door() as there:
        told = client(there.url)
        for _ in range(8):
            told.emit("app.log", {"message": "x" * 400_000})
        assert told.flush() and len(there.events) == 8
        assert max(len(json.dumps(batch)) for batch in there.batches) < 1_100_000


def test_while_callstore_is_away_nobody_waits_and_afterwards_all_is_sent_once(client):
    port = free_port()
    told = client(f"http://127.0.0.1:{port}")
    began = time.monotonic()
    for n in range(100):
        assert told.emit("app.log", {"n": n})
    assert time.monotonic() - began < 0.5
    assert not told.flush(0.5)
    with door(port) as there:
        assert told.flush()
        assert [event["data"]["n"] for event in there.events] == list(range(100))


def test_a_slow_callstore_holds_nobody_up_and_a_batch_tried_twice_is_the_same_events(client):
    with door() as there:
        there.held.clear()
        told = client(there.url, timeout_s=0.3)
        took = []
        for n in range(50):
            began = time.monotonic()
            told.emit("app.log", {"n": n})
            took.append(time.monotonic() - began)
        until(lambda: len(there.batches) >= 2)
        there.held.set()
        assert told.flush() and sorted(took)[45] < 0.01
        assert {event["data"]["n"] for event in there.events} == set(range(50))
        assert len({event["id"] for event in there.events}) == 50 < len(there.events)


def test_a_wrong_token_is_said_once_and_what_was_told_waits_for_the_right_one(client, caplog):
    with door() as there:
        there.status = 403
        told = client(there.url)
        told.emit("app.log", {"n": 1})
        until(lambda: len(there.batches) >= 3)
        assert [r.getMessage() for r in caplog.records if r.levelno >= logging.WARNING] == [
            "callstore answered 403 to 1 events"
        ]
        there.status = 202
        assert told.flush() and told.dropped == 0


def test_waits_grow_between_tries(client):
    with door() as there:
        there.status = 503
        client(there.url, longest_wait_s=30.0).emit("app.log")
        until(lambda: len(there.times) == 3)
        first, second, third = there.times
        assert 0.4 < second - first < third - second


@pytest.mark.parametrize("status", [400, 413])
def test_what_callstore_can_never_take_is_dropped_and_told_later(client, status):
    with door() as there:
        there.status = status
        told = client(there.url)
        told.emit("app.log", {"n": 1})
        assert told.flush() and told.dropped == 1
        there.status = 202
        told.emit("app.log", {"n": 2})
        until(lambda: len(there.events) == 3)
        notice = {"level": "warning", "message": "1 events were dropped on their way"}
        assert there.events[2]["data"] == notice
        told.emit("app.log", {"n": 3})
        assert told.flush() and len(there.events) == 4


def test_a_redirect_is_not_followed(client):
    with door() as there:
        there.status = 302
        told = client(there.url)
        told.emit("app.log")
        until(lambda: len(there.batches) >= 2)
        assert all(len(batch) == 1 for batch in there.batches) and not told.flush(0)


def test_the_queue_has_an_end_by_count_and_by_bytes_and_says_what_it_dropped(client):
    nowhere = f"http://127.0.0.1:{free_port()}"
    few = client(nowhere, most_events=10)
    assert [few.emit("app.log") for _ in range(12)] == [True] * 10 + [False] * 2 and few.dropped == 2
    small = client(nowhere, most_bytes=10_000)
    assert [small.emit("app.log", {"message": "x" * 4000}) for _ in range(3)] == [True, True, False]


@pytest.mark.parametrize("value", [float("nan"), object(), {1: object()}, "\ud800", b"bytes", {(1, 2): 3}])
def test_whatever_it_is_given_it_raises_nothing(client, value):
    with door() as there:
        told = client(there.url)
        taken = told.emit("app.log", {"value": value})
        told.emit("app.log", {"after": True})
        assert told.flush()
        assert [bool(event["data"].get("after")) for event in there.events[: 1 + taken]] == [
            False
        ] * taken + [True]


def test_after_its_end_nothing_is_taken_and_its_thread_is_gone(client):
    told = client(f"http://127.0.0.1:{free_port()}")
    told.emit("app.log")
    before = time.monotonic()
    assert not told.close(0.3) and time.monotonic() - before < 2
    assert told.emit("app.log") is False
    until(lambda: not told._thread.is_alive())


SCRIPT = """
import sys; sys.path.insert(0, {folder!r})
from callstore_client import Callstore
callstore = Callstore({url!r}, {token!r}, longest_wait_s=0.1)
callstore.emit("app.log", {{"message": "the last words"}}, subject={subject!r})
{then}
"""


def script(url, subject, then="", **options):
    text = SCRIPT.format(folder=str(FOLDER), url=url, token=INGEST_TOKEN, subject=subject, then=then)
    return subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, timeout=60, **options)


def test_what_was_told_in_the_last_moment_is_sent_before_the_process_ends(instance, kept):
    subject = "twilio:CA" + "e1" * 16
    done = script(f"http://127.0.0.1:{instance.port}", subject)
    assert (done.returncode, done.stderr) == (0, "")
    [record] = kept(subject)
    assert record.event.message == "the last words"


def test_a_process_ends_soon_though_callstore_is_away():
    began = time.monotonic()
    done = script(f"http://127.0.0.1:{free_port()}", "twilio:CA", env={**os.environ})
    assert done.returncode == 0 and time.monotonic() - began < 10
    assert done.stderr.count("callstore is not to be reached") == len(done.stderr.splitlines()) == 1


def test_a_forked_worker_sends_by_itself(instance, kept):
    subject = "twilio:CA" + "f0" * 16
    then = """
import os, warnings
warnings.simplefilter("ignore")  # since 3.12 of every fork beside a thread
child = os.fork()
if child == 0:
    callstore.emit("app.log", {"message": "from a worker"}, subject=%r)
    os._exit(0 if callstore.flush() else 1)
assert os.waitpid(child, 0)[1] == 0
""" % subject  # fmt: skip  # noqa: UP031
    done = script(f"http://127.0.0.1:{instance.port}", subject, then)
    assert (done.returncode, done.stderr) == (0, "")
    assert {record.event.message for record in kept(subject)} == {"the last words", "from a worker"}
