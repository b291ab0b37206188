"""Every shell block of the README and the tutorial, run as it stands, in a folder that looks like a clone.

What starts the system runs beside the blocks that follow, as in a terminal of its own.
"""

import base64
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import groupby
from pathlib import Path

import pytest
from standardwebhooks import Webhook

from callstore.local import orphans
from callstore.local.unprivileged import servers_folder
from tests.places import ROOT
from tests.served import free_port, until_it_listens

BLOCK = re.compile(r"^```(?:sh|bash|shell|console)\n(.*?)^```$", re.M | re.S)
PASSWORD = "correct horse battery staple\n"  # create_user asks, and reads a line where there is no terminal
READY_WITHIN_S = 240  # where other tests run beside it; alone it takes ten
NOT_OURS = {".data", ".git"}

pytestmark = [
    pytest.mark.timeout(400),
    pytest.mark.skipif(
        not (ROOT / ".venv" / "bin" / "python").exists(),
        reason="the pages' commands need the clone's own .venv",
    ),
]


@pytest.fixture
def clone() -> Iterator[Path]:
    """A folder with everything that a clone has, and a data folder of its own."""
    folder = Path(tempfile.mkdtemp(prefix="callstore-pages-"))
    for path in ROOT.iterdir():
        if path.name not in NOT_OURS:
            (folder / path.name).symlink_to(path)
    yield folder
    for lock in folder.glob(".data/**/up.lock"):
        servers = servers_folder(lock.parent)
        orphans.end(lock.parent, servers)
        shutil.rmtree(servers)  # as root it lies elsewhere
    shutil.rmtree(folder, ignore_errors=True)


def blocks(page: str, ports: dict[str, str]) -> list[str]:
    """The page's shell blocks, with ports that are free."""
    found = BLOCK.findall((ROOT / page).read_text())
    for name, port in ports.items():
        found = [block.replace(name, port) for block in found]
    # What it installs is there: nothing is installed over it while tests run.
    return [re.sub(r"^make ", "make --old-file=.venv/local.stamp ", block, flags=re.M) for block in found]


def starts_the_system(block: str) -> bool:
    return bool(re.search(r"^make \S* ?demo|manage\.py up ", block, re.M))


def run(page: str, clone: Path) -> str:
    """What its blocks printed; those between two starts share a shell."""
    port, sideband = str(free_port()), str(free_port())
    given = {"PATH": os.environ["PATH"], "HOME": str(clone), "PORT": port}
    given["CALLSTORE_DATA_DIR"] = str(clone / ".data")
    said = ""
    with running() as start:
        for starts, each in groupby(blocks(page, {"8000": port, "8001": sideband}), starts_the_system):
            for script in each if starts else ["\n".join(each)]:
                if starts:
                    start(script, clone, given)
                    continue
                done = subprocess.run(
                    ["bash", "-eu", "-o", "pipefail", "-c", script],
                    cwd=clone, env=given, input=PASSWORD, capture_output=True, text=True, timeout=180,
                )  # fmt: skip
                assert done.returncode == 0, f"{script}\n{done.stdout}\n{done.stderr}"
                said += done.stdout
    return said


@contextmanager
def running() -> Iterator:
    """What is started in it gets a Ctrl-C at its end."""
    processes: list[subprocess.Popen[bytes]] = []

    def start(script: str, clone: Path, given: dict[str, str]) -> None:
        log = clone / f"output-{len(processes)}"
        with log.open("wb") as out:
            process = subprocess.Popen(
                ["bash", "-eu", "-c", script], cwd=clone, env=given, stdout=out, stderr=out,
                start_new_session=True,
            )  # fmt: skip
        processes.append(process)
        deadline = time.monotonic() + READY_WITHIN_S
        while "callstore is ready at http" not in log.read_text():
            assert process.poll() is None and time.monotonic() < deadline, log.read_text()
            time.sleep(0.1)

    try:
        yield start
    finally:
        for process in processes:
            os.killpg(process.pid, signal.SIGINT)
            process.wait(90)


def test_the_readme_shows_the_demos_call_and_its_verdict(clone):
    said = run("README.md", clone)
    assert said.startswith("THE AI SESSION FELL SILENT WHILE THE CALLER WAS STILL SPEAKING")


def test_the_tutorial_leads_to_a_verdict_without_an_account(clone):
    said = run("docs/tutorial.md", clone)
    assert '"status": "ready"' in said
    assert said.count("204 /hooks/") == 6
    assert "THE AI SESSION CLOSED WHILE THE CALLER WAS STILL SPEAKING" in said
    assert said.endswith("403\n")


@pytest.mark.parametrize("page", ["README.md", "docs/tutorial.md"])
def test_a_block_is_one_that_is_run_or_says_that_it_is_a_file(page):
    opened = re.findall(r"^```(\w*)$\n.*?^```$", (ROOT / page).read_text(), re.M | re.S)
    assert {*opened} <= {"sh", "xml", "text"}


def test_the_tutorials_agent_accepts_a_call_that_openai_signed_and_no_other(tmp_path):
    asked = []

    class Api(BaseHTTPRequestHandler):
        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.append((self.path, self.headers["Authorization"], body["type"]))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    api = ThreadingHTTPServer(("127.0.0.1", 0), Api)
    threading.Thread(target=api.serve_forever, daemon=True).start()
    port, key = free_port(), base64.b64encode(b"a secret of the agent").decode()
    given = {"PATH": os.environ["PATH"], "OPENAI_API_KEY": "sk-1", "AGENT_WEBHOOK_SECRET": f"whsec_{key}"}
    given["OPENAI_BASE_URL"] = f"http://127.0.0.1:{api.server_address[1]}/v1"
    agent = subprocess.Popen([sys.executable, ROOT / "docs" / "first_agent.py", str(port)], env=given)
    try:
        until_it_listens(port, agent, tmp_path / "none")
        body = json.dumps({"type": "realtime.call.incoming", "data": {"call_id": "rtc_1"}})
        now = datetime.now(UTC)
        signed = Webhook(f"whsec_{key}").sign("wh_1", now, body)
        proof = {"webhook-id": "wh_1", "webhook-timestamp": str(int(now.timestamp()))}
        for signature, status in ((f"{signed}x", 400), (signed, 200)):
            request = urllib.request.Request(f"http://127.0.0.1:{port}/", body.encode(), proof)
            request.add_header("webhook-signature", signature)
            try:
                with urllib.request.urlopen(request, timeout=20) as answer:
                    assert answer.status == status
            except urllib.error.HTTPError as error:
                assert error.code == status
        deadline = time.monotonic() + 20
        while not asked and time.monotonic() < deadline:
            time.sleep(0.05)
        assert asked == [("/v1/realtime/calls/rtc_1/accept", "Bearer sk-1", "realtime")]
    finally:
        agent.terminate()
        agent.wait(20)
        api.shutdown()
        api.server_close()
