"""A server of AI sessions on loopback: plays events, remembers what was sent, and closes as it is told."""

import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from websockets.asyncio.server import serve

SESSION = {"id": "sess_1", "type": "realtime", "object": "realtime.session"}
EVENTS = (
    {"type": "session.created", "event_id": "e1", "session": SESSION},
    {"type": "input_audio_buffer.speech_started", "event_id": "e2", "item_id": "i1", "audio_start_ms": 100},
    {"type": "response.output_audio.delta", "event_id": "e3", "response_id": "r1", "item_id": "i2",
     "output_index": 0, "content_index": 0, "delta": "AAAA" * 100},
)  # fmt: skip


@dataclass
class Sessions:
    url: str = ""
    events: tuple = EVENTS
    code: int = 1011
    reason: str = "keepalive"
    status: int | None = None  # refuse the handshake with it
    waits_for: str | None = None  # play nothing more until this came
    cut: bool = False  # end without a close frame
    sent: list = field(default_factory=list)


@asynccontextmanager
async def sessions(**options):
    """Runs one until the block ends."""
    there = Sessions(**options)

    def refuse(connection, request):
        return connection.respond(there.status, "no") if there.status else None

    async def session(line):
        async def listen():
            async for text in line:
                there.sent.append(json.loads(text))

        listening = asyncio.create_task(listen())
        for event in there.events:
            await line.send(json.dumps(event))
        async with asyncio.timeout(10):
            while there.waits_for and there.waits_for not in {each["type"] for each in there.sent}:
                await asyncio.sleep(0.01)
        if there.cut:
            line.transport.abort()
        else:
            await line.close(there.code, there.reason)
        listening.cancel()

    async with serve(session, "127.0.0.1", 0, process_request=refuse) as server:
        port = server.sockets[0].getsockname()[1]
        there.url = f"ws://127.0.0.1:{port}/v1/realtime"
        yield there
