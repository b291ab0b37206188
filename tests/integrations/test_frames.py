"""Forwarding a session's events: from a loop over `websockets`, and from openai-agents."""

import asyncio
import os
import subprocess
import sys
from dataclasses import dataclass
from types import ModuleType, SimpleNamespace

import pytest
import websockets

from tests.integrations.recipe import FOLDER, code, copied, recipe
from tests.integrations.sessions import EVENTS, sessions
from tests.served import INGEST_TOKEN

AUDIO = EVENTS[2]
# An interpreter that has openai-agents, where this one has not.
AGENTS = os.environ.get("CALLSTORE_AGENTS_PYTHON", sys.executable)


def one(records, kind):
    [found] = [record for record in records if kind == record.event.TYPE]
    return found.event


def listen(callstore, call_id, **options):
    """Runs the loop of the page against a session; what the server saw."""
    page = recipe("frames.md", "bare_loop.py")

    async def handle(event, send):
        if event["type"] == "session.created":
            await send({"type": "response.create"})
            await send({"type": "input_audio_buffer.append", "audio": "AAAA"})

    async def run():
        async with sessions(**options) as there:
            with_url = f"{there.url}?call_id={call_id}"
            try:
                await page.listen(with_url, {"Authorization": "Bearer k"}, call_id, callstore, handle)
            except websockets.WebSocketException as error:
                there.error = error
            return there

    return asyncio.run(run())


def test_the_loop_tells_each_event_and_both_close_frames(callstore, kept):
    there = listen(callstore, "rtc_u1_loop", waits_for="input_audio_buffer.append")
    assert [event["type"] for event in there.sent] == ["response.create", "input_audio_buffer.append"]
    assert callstore.flush()
    records = kept("openai:rtc_u1_loop")
    kinds = [record.event.TYPE for record in records]
    assert kinds.count("frame.sent") == 2 and "unrecognised" not in kinds
    assert {"session.configured", "speech.started", "socket.opened", "socket.closed"} <= set(kinds)
    assert one(records, "socket.opened").http_status == 101
    closed = one(records, "socket.closed")
    assert (closed.code, closed.reason, closed.received, closed.sent) == (1011, "keepalive", 1011, 1011)
    assert closed.received_first is True
    assert len({record.event.connection for record in records}) == 1


def test_a_socket_that_is_cut_is_told_without_a_frame(callstore, kept):
    listen(callstore, "rtc_u1_cut", cut=True, waits_for="response.create")
    assert callstore.flush()
    closed = one(kept("openai:rtc_u1_cut"), "socket.closed")
    assert (closed.code, closed.received, closed.sent) == (1006, None, None)


def test_a_handshake_that_is_refused_is_told_with_its_status(callstore, kept):
    there = listen(callstore, "rtc_u1_refused", status=404)
    assert isinstance(there.error, websockets.InvalidStatus) and callstore.flush()
    assert [record.event.http_status for record in kept("openai:rtc_u1_refused")] == [404]


SCRIPT = """
import asyncio, importlib.util, sys
sys.path[:0] = {paths!r}
from agents.realtime import RealtimeAgent, RealtimeRunner
from agents.realtime.openai_realtime import OpenAIRealtimeSIPModel
from callstore_client import Callstore
from openai_agents import run

async def main():
    runner = RealtimeRunner(RealtimeAgent(name="agent"), model=OpenAIRealtimeSIPModel())
    session = await runner.run(model_config={{"api_key": "k", "call_id": {call_id!r}, "url": {url!r}}})
    await run(session, {call_id!r}, callstore)

callstore = Callstore({callstore!r}, {token!r})
asyncio.run(main())
"""


@pytest.mark.skipif(
    subprocess.run([AGENTS, "-c", "import agents.realtime"], capture_output=True).returncode != 0,
    reason="no openai-agents here, which needs an older `websockets`: see CALLSTORE_AGENTS_PYTHON",
)
def test_a_session_of_openai_agents_is_told_to_its_end(instance, kept, tmp_path):
    (tmp_path / "openai_agents.py").write_text(code("frames.md", "openai_agents.py"))

    async def run():
        async with sessions(waits_for="session.update", code=1000, reason="") as there:
            script = SCRIPT.format(
                paths=[str(FOLDER), str(tmp_path)], call_id="rtc_u1_agents", url=there.url,
                callstore=f"http://127.0.0.1:{instance.port}", token=INGEST_TOKEN,
            )  # fmt: skip
            process = await asyncio.create_subprocess_exec(
                AGENTS, "-c", script, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
            )
            said, _ = await asyncio.wait_for(process.communicate(), 60)
            assert process.returncode == 0, said.decode()

    asyncio.run(run())
    records = kept("openai:rtc_u1_agents")
    kinds = [record.event.TYPE for record in records]
    assert {"session.configured", "speech.started", "socket.opened", "socket.closed"} <= set(kinds)
    assert (one(records, "socket.closed").code, one(records, "socket.closed").received) == (1000, 1000)


@dataclass
class RawServerEvent:
    """As openai-agents 0.24.0 hands it to listeners: RealtimeModelRawServerEvent."""

    data: dict
    type: str = "raw_server_event"


def test_a_listener_of_openai_agents_tells_what_its_model_hands_it(callstore, kept, monkeypatch):
    model_module = ModuleType("agents.realtime.model")
    model_module.RealtimeModelListener = object
    for name in ("agents", "agents.realtime"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    monkeypatch.setitem(sys.modules, "agents.realtime.model", model_module)
    told = recipe("frames.md", "openai_agents.py").Told(SimpleNamespace(), "rtc_u1_hook", callstore)

    async def run():
        for event in EVENTS:
            await told.on_event(RawServerEvent(event))
        await told.on_event(SimpleNamespace(type="audio"))
        lost = websockets.ConnectionClosedError(websockets.frames.Close(1011, "gone"), None)
        await told.on_event(SimpleNamespace(type="exception", exception=ValueError("no close")))
        await told.on_event(SimpleNamespace(type="exception", exception=lost))
        told.ended()

    asyncio.run(run())
    assert callstore.flush()
    records = kept("openai:rtc_u1_hook")
    assert one(records, "socket.closed").received == 1011
    assert {"session.configured", "speech.started"} <= {record.event.TYPE for record in records}


def test_sound_is_not_sent_but_its_length(callstore, monkeypatch):
    told = []
    monkeypatch.setattr(callstore, "emit", lambda *event: told.append(event))
    socket = copied("callstore_socket").Socket(callstore, "rtc_1")
    socket.received(AUDIO)
    [(_, data, _)] = told
    assert (data["event"]["delta"], data["event"]["delta_length"]) == (None, 400) and AUDIO["delta"]


@pytest.mark.parametrize("event", ["no json", b"\xff", 7, None, {}, {"type": "session.created"}, []])
def test_an_event_of_any_kind_harms_nobody(callstore, event):
    socket = copied("callstore_socket").Socket(callstore)
    socket.received(event)
    socket.sent(event)
    socket.closed(event)
