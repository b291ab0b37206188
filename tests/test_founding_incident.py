"""The founding incident end to end: a real instance, signed HTTP, a recording from Twilio, a browser.

Nothing here is a demo: secrets, tokens and the media server are given as an operator would give them.
"""

import base64
import csv
import io
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, sync_playwright
from redis import Redis

from callstore.local import orphans
from callstore.local.unprivileged import servers_folder
from callstore.rehearsal.evaluation.evaluate import matches
from callstore.rehearsal.scenarios.scenario import load
from callstore.settings import BASE_DIR
from tests.dashboard.browser import chromium
from tests.dashboard.investigation import Case, by_keyboard, by_pointer
from tests.ingest.media_server import MediaServer, serving

ACCOUNT = "AC3f9d2c7a1b8e4056a7d1c0ffee202604"
SECRETS = {
    "TWILIO_ACCOUNTS": f"{ACCOUNT}:twilio-auth-token",
    "OPENAI_WEBHOOK_SECRETS": "whsec_" + base64.b64encode(b"the webhook secret of this test").decode(),
    "INGEST_TOKENS": "the-ingest-token",
    "API_TOKENS": "the-api-token-of-this-test",
}
FILTER = "is:truncated status:completed sip:200"
FOUNDING = load("founding_call")
DROPPED = load("drop_mid_speech")
PARENT = FOUNDING.expect["parent_call_sid"]
NO_CLOSE = "no close of the AI session was observed"


@dataclass
class Instance:
    """A running `up` and how to speak with it."""

    url: str
    data: Path
    media: MediaServer

    @property
    def connection(self) -> dict[str, Any]:
        return json.loads((self.data / "connection.json").read_text())

    def get(self, path: str, **query: str) -> httpx.Response:
        headers = {"Authorization": f"Bearer {SECRETS['API_TOKENS']}"}
        return httpx.get(f"{self.url}/api/v1/{path}", params=query, headers=headers, timeout=20)

    def manage(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            manage(*arguments), env=self.environment | more, capture_output=True, text=True, timeout=80
        )

    @property
    def environment(self) -> dict[str, str]:
        return SECRETS | {
            "PATH": os.environ["PATH"],
            "CALLSTORE_DATA_DIR": str(self.data),
            "PUBLIC_BASE_URL": self.url,
            "TWILIO_API_BASE_URL": self.media.url,
        }

    def judged(self, leg: str, seconds: float = 90) -> dict[str, Any]:
        """The call, once its end is judged and its recording heard."""

        def is_judged() -> dict[str, Any] | None:
            answer = self.get(f"calls/{leg}")
            call = answer.json() if answer.status_code == 200 else {}
            done = call.get("verdict") not in (None, "live") and call["recording_state"] == "present"
            return call if done and call["parent_status"] == "completed" else None

        return eventually(is_judged, seconds)


def manage(*arguments: str) -> list[str]:
    return [sys.executable, str(BASE_DIR / "manage.py"), *arguments]


def eventually(true: Callable[[], Any], seconds: float) -> Any:
    deadline = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.1)
    return found


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    data = tmp_path_factory.mktemp("founding") / "data"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with serving() as media, (data.parent / "output").open("w+") as output:
        media.tokens = {"twilio-auth-token"}
        media.answers = [(404, b""), (200, FOUNDING.recording.read_bytes())]
        running = Instance(f"http://127.0.0.1:{port}", data, media)
        command = manage("up", "--port", str(port), "--data-dir", str(data))
        with subprocess.Popen(command, env=running.environment, stdout=output, stderr=output) as up:
            try:
                eventually(lambda: is_ready(running.url) or up.poll() is not None, 120)
                assert up.poll() is None, (data.parent / "output").read_text()
                yield running
            finally:
                up.terminate()
                up.wait(60)
                orphans.end(data, servers_folder(data))
                shutil.rmtree(servers_folder(data), ignore_errors=True)  # as root they lie elsewhere


def is_ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/readyz", timeout=5).status_code == 200
    except httpx.HTTPError:
        return False


@pytest.fixture(scope="module")
def call(instance: Instance) -> dict[str, Any]:
    """The founding call as the API gives it after its deliveries came by HTTP."""
    sent = instance.manage("send_scenario", "founding_call", "--url", instance.url)
    assert sent.returncode == 0, sent.stderr
    assert "20 deliveries" in sent.stdout
    return instance.judged(PARENT)


def finding(call: dict[str, Any], slug: str) -> dict[str, Any]:
    return next(found for found in call["findings"] if found["slug"] == slug)


def test_every_label_of_the_report_is_met(call: dict[str, Any]) -> None:
    wrong = {n: (w, call.get(n)) for n, w in FOUNDING.expect.items() if not matches(w, call.get(n))}
    assert wrong == {}


def test_the_verdict_says_what_it_rests_on_and_what_is_missing(call: dict[str, Any]) -> None:
    assert (call["verdict"], call["cause"]) == ("ai_silent_first", "silent_session_loss")
    assert (call["truncation_basis"], call["ended_first_by"]) == ("recording", "unknown")
    assert 10.5 < call["untranscribed_caller_speech_s"] < 11.7
    assert NO_CLOSE in call["evidence_missing"]
    assert any("recording" in line for line in call["evidence_for"])
    assert len(finding(call, "silent_session_loss")["positions"]) >= 3


def test_the_refused_header_is_shown_and_decides_nothing(call: dict[str, Any]) -> None:
    dropped = finding(call, "header_dropped")
    assert dropped["positions"] and "X-Parent-CallSid" in json.dumps(call["warnings"])
    about = [check for check in call["judgement"]["checks"] if "32113" in check["check"]]
    assert [check["says"] for check in about] == ["not_applicable"]
    assert "not the cause" in about[0]["finding"]
    assert not [line for line in call["evidence_for"] if "32113" in line]


def test_our_own_flow_is_shown_as_the_amplifier(call: dict[str, Any], instance: Instance) -> None:
    chain = finding(call, "parent_followed_child")
    assert len(chain["positions"]) == 4 and chain["certainty"] == "shown"
    log = instance.get(f"calls/{PARENT}/events").json()["items"]
    kinds = {event["position"]: event["type"] for event in log}
    assert [kinds[position] for position in chain["positions"]] == [
        "leg.status",
        "dial.finished",
        "flow.answered",
        "leg.status",
    ]


def test_the_recording_was_asked_for_until_it_was_there(call: dict[str, Any], instance: Instance) -> None:
    asked = [headers for path, headers in instance.media.requests if "/Recordings/RE" in path]
    assert len(asked) >= 2
    assert {headers["X-Original-Host"] for headers in asked} == {"api.twilio.com"}
    assert all(headers["Authorization"].startswith("Basic ") for headers in asked)
    sound = instance.get(f"calls/{PARENT}/audio/{call['recordings'][0]['recording']}")
    assert sound.content == FOUNDING.recording.read_bytes()


def test_the_founding_filter_finds_it_in_the_list_and_in_the_export(
    call: dict[str, Any], instance: Instance
) -> None:
    listed = instance.get("calls", q=FILTER).json()["items"]
    assert [item["call_id"] for item in listed] == [call["call_id"]]
    rows = list(csv.DictReader(io.StringIO(instance.get("incidents.csv", q=FILTER).text)))
    assert [row["call_id"] for row in rows] == [call["call_id"]]
    assert rows[0]["verdict"] == "ai_silent_first"
    assert instance.get("calls", q=f"{FILTER} -is:truncated").json()["items"] == []


@pytest.mark.browser
def test_a_person_reads_why_the_caller_was_cut_off(call: dict[str, Any], instance: Instance) -> None:
    def reads(page: Page) -> None:
        read_the_list(page, call["call_id"])
        read_the_call(page)

    looked_at(instance, "olga", reads)


@pytest.fixture(scope="module")
def two_cut_off(call: dict[str, Any], instance: Instance) -> str:
    """Another call that was cut off beside the founding one, its verdict; and one that never connected."""
    instance.media.answers = [(200, DROPPED.recording.read_bytes())]
    for name in ("sip_486", "drop_mid_speech"):
        sent = instance.manage("send_scenario", name, "--url", instance.url)
        assert sent.returncode == 0, sent.stderr
    eventually(lambda: len(instance.get("calls").json()["items"]) == 3, 20)
    verdict = instance.judged(DROPPED.expect["parent_call_sid"])["verdict"]
    instance.media.answers = [(200, FOUNDING.recording.read_bytes())]
    return verdict


@pytest.mark.browser
@pytest.mark.parametrize("by", ["mouse", "keyboard"])
def test_the_whole_investigation_is_made_from_the_list_to_the_file(
    call: dict[str, Any], two_cut_off: str, instance: Instance, by: str
) -> None:
    state = {"mouse": "Investigating", "keyboard": "Confirmed"}[by]
    case = Case(call["call_id"], two_cut_off, f"by-{by}", state, f"Cut off, by {by}")

    def investigates(page: Page) -> None:
        if by == "mouse":
            by_pointer(page, case, touch=False)
        else:
            by_keyboard(page, case, narrow=False)

    looked_at(instance, case.by, investigates)


def looked_at(instance: Instance, name: str, work: Callable[[Page], None]) -> None:
    """Work of somebody who has just got a login, in a browser that may complain of nothing."""
    path = chromium()
    if path is None:
        pytest.skip("no Chromium: install one or name it in CHROMIUM")
    made = instance.manage(
        *("createsuperuser", "--noinput", "--username", name, "--email", f"{name}@example.com"),
        DJANGO_SUPERUSER_PASSWORD="a long enough password",
    )
    assert made.returncode == 0, made.stderr
    # A thread of its own: playwright runs an event loop in it, and another test's browser may have one here.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(look, path, instance, name, work).result()


def look(chromium: str, instance: Instance, name: str, work: Callable[[Page], None]) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(base_url=instance.url, viewport={"width": 1440, "height": 900})
        page.set_default_timeout(15_000)
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        log_in(page, name)
        work(page)
        browser.close()
        assert complaints == []


def log_in(page: Page, name: str) -> None:
    page.goto("/calls")
    page.fill("[name=username]", name)
    page.fill("[name=password]", "a long enough password")
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/calls")


def read_the_list(page: Page, call_id: str) -> None:
    page.fill("#q", FILTER)
    page.press("#q", "Enter")
    page.wait_for_url("**q=is**")
    [link] = page.query_selector_all(f"a.open[href^='/calls/{call_id}?']")
    assert len(page.query_selector_all("a.open")) == 1
    link.click()
    page.wait_for_url(f"**/calls/{call_id}**", wait_until="commit")  # its words are waited for next


def read_the_call(page: Page) -> None:
    page.wait_for_selector("[data-figure] .main-svg")
    words = " ".join(page.inner_text("main").split())
    for told in (
        "The AI session fell silent while the caller was still speaking",
        "Truncated",
        "not heard by the AI",
        "No close of the AI session was observed",
        "Correlation defect, not the cause",
        "Amplifier, not the cause",
        "answered with <Hangup/>",
        "Um...",
        "Ended first by: not known",
    ):
        assert told in words, told
    assert f"{11.1:.1f} s" in words or f"{11.2:.1f} s" in words


def test_a_killed_worker_and_a_flushed_broker_lose_nothing(call: dict[str, Any], instance: Instance) -> None:
    worker, before = instance.connection["pids"]["worker"], len(instance.get("calls").json()["items"])
    command = manage("send_scenario", "founding_call", "--rebase", "--speed", "12", "--url", instance.url)
    with subprocess.Popen(
        command, env=instance.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as sending:
        eventually(lambda: len(instance.get("calls").json()["items"]) == before + 1, 20)
        assert sending.poll() is None, "it was over before anything could be broken"
        os.kill(worker, signal.SIGKILL)
        with Redis.from_url(instance.connection["redis_url"]) as broker:
            broker.flushall()
        said, _ = sending.communicate(timeout=40)
    assert sending.returncode == 0, said
    again = instance.judged(said.strip().rpartition("/")[2])
    assert again["call_id"] != call["call_id"]
    same = (
        "verdict",
        "cause",
        "truncation_basis",
        "gap_kind",
        "untranscribed_caller_speech_s",
        "event_count",
    )
    assert {name: again[name] for name in same} == {name: call[name] for name in same}
    # The call as recorded arrived months after it ended, with the socket still open: one finding more.
    found = {f["slug"] for f in again["findings"]}
    assert found == {f["slug"] for f in call["findings"]} - {"no_close_notice"}
    eventually(lambda: instance.connection["pids"].get("worker") not in (None, worker), 20)


def test_projecting_the_log_again_gives_what_was_projected(call: dict[str, Any], instance: Instance) -> None:
    checked = instance.manage("rebuild", "--check", DATABASE_URL=instance.connection["database_url"])
    assert checked.returncode == 0, checked.stdout + checked.stderr
