"""How long advice takes over HTTP, by the length of the call.

A granian answers on loopback; the calls lie in the log and were never projected.
"""

# ruff: noqa: E402 -- Django is set up before anything that needs it is imported

import socket
import statistics
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import django

django.setup()

import httpx

from benchmarks.harness.compare import demanded
from callstore.domain.facts import events as ev
from callstore.domain.facts.clock import Clock, Instant
from callstore.domain.facts.record import Draft, Ref, Source
from callstore.eventlog.writing.append import append
from callstore.local.processes import by_this_python, web
from callstore.settings import DEMO_SETTINGS

LENGTHS = (100, 2_000)
EXCHANGE = 27  # frames of a caller's turn and its reply in the founding call
ASKED = 300
WARM = 20
TOLD = {"call_status": "in-progress", "dial_call_status": "completed"}


def call(length: int) -> str:
    """Appends a call of so many facts; the SID of its child."""
    parent, child, ai = f"CA{uuid4().hex}", f"CA{uuid4().hex}", f"rtc_u1_{uuid4().hex}"
    end = length / 4 + 5  # the AI's last word is 5 s old
    began = time.time() - end
    drafts: list[Draft] = []

    def fact(subject: str, event: ev.Event, at: float, source: Source, *refs: Ref) -> None:
        drafts.append(
            Draft(
                source=source, subject=subject, key=f"k{len(drafts)}", event=event, refs=refs,
                occurred=Instant(began + at, Clock.PROVIDER), received_at=began + at + 0.1, raw=b"{}" * 100,
            )
        )  # fmt: skip

    leg: dict[str, Any] = {"parent": parent, "direction": "outbound-dial"}
    fact(f"twilio:{parent}", ev.FlowAsked(path="/voice", status="ringing", direction="inbound"), 0, "twilio")
    up = Ref("ParentCallSid", f"twilio:{parent}")
    fact(f"twilio:{child}", ev.LegStatus(status="in-progress", **leg), 1, "twilio", up)
    sip = Ref("X-Twilio-CallSid", f"twilio:{child}")
    fact(f"openai:{ai}", ev.SessionOffered(api="realtime", child=child), 1, "openai", sip)
    for number in range(length - 4):
        at = 2 + number / 4
        fact(f"openai:{ai}", _frame(number, at), at, "app")
    fact(f"twilio:{child}", ev.LegStatus(status="completed", sip_code=200, **leg), end, "twilio", up)
    append(drafts)
    return child


def _frame(number: int, at: float) -> ev.Event:
    """One of an exchange's frames: nine that mean something, and as many again twice that pass by."""
    step, item = number % EXCHANGE, f"item_{number // EXCHANGE}"
    frame: dict[str, Any] = {"connection": "c", "kind": "frame"}
    match step:
        case 0:
            return ev.SpeechStarted(**frame, item=item, audio_ms=at * 1000)
        case 1:
            return ev.SpeechStopped(**frame, item=item, audio_ms=at * 1000)
        case 2:
            return ev.TurnCommitted(**frame, item=item)
        case 3:
            return ev.TurnTranscribed(**frame, item=item, final=True, text="What somebody said.")
        case 4:
            return ev.ReplyStarted(**frame, response=item)
        case 5:
            return ev.PlaybackChanged(**frame, response=item, state="started")
        case 24:
            return ev.ReplySpoken(**frame, response=item, item=item, final=True, text="All of it.")
        case 25:
            return ev.ReplyFinished(**frame, response=item, status="completed")
        case 26:
            return ev.PlaybackChanged(**frame, response=item, state="stopped")
        case _ if step % 2:
            return ev.ReplySpoken(**frame, response=item, item=item, text="a few words ")
        case _:
            return ev.FrameSeen(**frame)


@contextmanager
def granian() -> Iterator[str]:
    """A web server as `up` runs it; its URL."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = by_this_python(web("127.0.0.1", port))
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + 60
        while not _alive(url):
            assert time.monotonic() < until and process.poll() is None, "granian does not answer"
            time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait()


def _alive(url: str) -> bool:
    try:
        return httpx.get(f"{url}/healthz").status_code == 200
    except httpx.HTTPError:
        return False


def main() -> None:
    headers = {"authorization": f"Bearer {DEMO_SETTINGS['API_TOKENS']}"}
    with granian() as url, httpx.Client(base_url=url, headers=headers) as client:
        for length in LENGTHS:
            path = f"/api/v1/calls/{call(length)}/advice"
            took, late = [], 0
            for asked in range(WARM + ASKED):
                began = time.perf_counter()
                answer = client.get(path, params=TOLD).raise_for_status().json()
                took.append((time.perf_counter() - began) * 1000)
                late += asked >= WARM and answer["advice"] != "reconnect"
            p50, p95 = (statistics.quantiles(took[WARM:], n=100)[at - 1] for at in (50, 95))
            demanded(f"advice on a call of {length:,} events, p95 ms", p95, most=50)
            print(f"{length:>5} events: p50 {p50:.1f} ms, p95 {p95:.1f} ms, {late} of {ASKED} too late")
