"""Media Streams: the bridge of the page between two real sockets, and a session that finds its call."""

import asyncio
import json

import websockets
from websockets.asyncio.server import serve

from callstore.eventlog.reading import read
from tests.ingest import deliveries as given
from tests.integrations import twilio
from tests.integrations.recipe import recipe
from tests.integrations.sessions import sessions

SESSION = {"type": "session.update", "session": {"type": "realtime"}}


def told_by_twiml(leg):
    page = recipe("media-streams.md", "stream_voice.py")
    page.CALLSTORE = given.BASE
    return twilio.callbacks(page.to_the_stream({"CallSid": leg}, "wss://voice.example.com/stream"))


def test_a_bridged_session_and_its_stream_are_one_call(instance, callstore, kept):
    leg, stream, heard = twilio.sid(), twilio.sid("MZ"), []
    [url] = told_by_twiml(leg).values()
    for event in ("stream-started", "stream-stopped"):
        assert twilio.deliver(instance, url, CallSid=leg, StreamSid=stream, StreamEvent=event) == 204
    bridge = recipe("media-streams.md", "bridge.py").bridge

    async def run():
        async with sessions(waits_for="input_audio_buffer.append") as there:

            async def answer(line):
                await bridge(line, there.url, {"Authorization": "Bearer k"}, SESSION, callstore)

            async with serve(answer, "127.0.0.1", 0) as server:
                port = server.sockets[0].getsockname()[1]
                async with websockets.connect(f"ws://127.0.0.1:{port}/stream") as line:
                    start = {"callSid": leg, "streamSid": stream}
                    media = {"event": "media", "media": {"payload": "AAAA"}}
                    for frame in ({"event": "connected"}, {"event": "start", "start": start}, media):
                        await line.send(json.dumps(frame))
                    heard.extend([json.loads(text) async for text in line])
            return there

    there = asyncio.run(run())
    assert [event["type"] for event in there.sent] == ["session.update", "input_audio_buffer.append"]
    assert [frame["event"] for frame in heard] == ["clear", "media"]
    assert callstore.flush()
    records = kept("openai:sess_1")
    kinds = {record.event.TYPE for record in records}
    assert {"session.configured", "socket.opened", "socket.closed", "frame.sent"} <= kinds
    assert read.trace_of("openai:sess_1") == read.trace_of(f"twilio:{leg}")
    assert [record.event.state for record in kept(f"twilio:{leg}")] == ["started", "stopped"]


def test_a_stream_that_never_starts_opens_no_session(callstore):
    bridge = recipe("media-streams.md", "bridge.py").bridge

    async def run():
        async def answer(line):
            await bridge(line, "ws://127.0.0.1:1/", {}, SESSION, callstore)

        async with serve(answer, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            async with websockets.connect(f"ws://127.0.0.1:{port}/") as line:
                await line.send(json.dumps({"event": "connected"}))

    asyncio.run(run())
