"""Many sidebands that speak at a rate, in a process of its own: it does as little as it can for each frame.

`python -m benchmarks.traffic.sideband PORT SOCKETS RATE SECONDS KIND`: once so many are attached it sends
each of them RATE events a second, spread over the second, then closes all with 1000 and ends. KIND is
`words` or `audio`.
"""

import asyncio
import base64
import json
import os
import struct
import sys
import time
from collections.abc import Mapping

from websockets.asyncio.server import ServerConnection, serve

PIECES = 10  # of reflected audio, a second and a side
TICKS = 50  # a second


def words() -> list[bytes]:
    """A piece of what the agent says."""
    event = {
        "type": "response.output_audio_transcript.delta",
        "event_id": "event_DU3kQ7bN2vXe5TzWm8RpY",
        "response_id": "resp_DU3kQ7bN2vXe5TzWm8RpY",
        "item_id": "item_DU3kQ7bN2vXe5TzWm8RpY",
        "output_index": 0,
        "content_index": 0,
        "delta": " and then we shall",
    }
    return [framed(event)]


def audio() -> list[bytes]:
    """A tenth of a second of each side, as a Live sideband reflects it: 24 kHz, 16 bit, base64."""
    sound = base64.b64encode(os.urandom(24_000 * 2 // PIECES)).decode()
    caller = {"type": "session.input_audio.append", "audio": sound}
    agent = {"type": "session.output_audio.delta", "delta": sound}
    return [framed(caller), framed(agent)]


def framed(event: Mapping[str, object]) -> bytes:
    """An event as an unmasked text frame (RFC 6455, 5.2)."""
    payload = json.dumps(event).encode()
    size = len(payload)
    assert 125 < size < 65_536
    return b"\x81\x7e" + struct.pack("!H", size) + payload


async def main(port: int, sockets: int, rate: float, seconds: float, kind: str) -> None:
    frames = {"words": words, "audio": audio}[kind]()
    attached: list[ServerConnection] = []
    over = asyncio.Event()

    async def attach(connection: ServerConnection) -> None:
        attached.append(connection)
        await over.wait()

    async with serve(attach, "127.0.0.1", port, compression=None, ping_interval=None, max_size=None):
        while len(attached) < sockets:
            await asyncio.sleep(0.1)
        print("attached", flush=True)
        await speak(attached, frames, rate, seconds)
        over.set()
        await asyncio.sleep(1)


async def speak(attached: list[ServerConnection], frames: list[bytes], rate: float, seconds: float) -> None:
    """Send to each in turn, as many a tick as are due."""
    total = int(len(attached) * rate * seconds)
    began, sent = time.monotonic(), 0
    while sent < total:
        due = min(total, int((time.monotonic() - began) * len(attached) * rate))
        for n in range(sent, due):
            attached[n % len(attached)].transport.write(frames[n // len(attached) % len(frames)])
        sent = due
        await asyncio.sleep(1 / TICKS)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4]), sys.argv[5]))
