"""Clients that hold a web process up: silent, in the middle of a body, or waiting for a slow search."""

import asyncio
import multiprocessing
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing.synchronize import Event
from urllib.parse import quote

SILENT, HALF_SENT, SEARCHING = 1_000, 64, 64
# Ten words that nobody says, each looked for in every transcript.
SEARCH = quote(" OR ".join(f"transcript:zyzzyva{number}" for number in range(10)))
HALF = b"POST /hooks/twilio/x HTTP/1.1\r\nHost: x\r\nX-Twilio-Signature: x\r\nContent-Length: 9999\r\n\r\nA"
PAUSE_S = 0.2  # of who was sent away


@contextmanager
def siege(port: int, token: str) -> Iterator[None]:
    """While the block runs a process keeps all of them open; whoever is hung up on comes back."""
    began = multiprocessing.get_context("spawn").Event()
    process = multiprocessing.get_context("spawn").Process(target=_besiege, args=(port, token, began))
    process.start()
    try:
        assert began.wait(60), "the siege did not begin"
        yield
    finally:
        process.terminate()
        process.join()


def _besiege(port: int, token: str, began: Event) -> None:
    search = (
        f"GET /api/v1/calls?q={SEARCH} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n\r\n"
    )

    async def held(sent: bytes) -> None:
        while True:
            with suppress(OSError):
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.write(sent)
                answer = await reader.read(64)
                writer.close()
                if b" 503 " in answer:
                    await asyncio.sleep(PAUSE_S)

    async def all_of_them() -> None:
        everybody = [b""] * SILENT + [HALF] * HALF_SENT + [search.encode()] * SEARCHING
        tasks = [asyncio.ensure_future(held(sent)) for sent in everybody]
        await asyncio.sleep(2)
        began.set()
        await asyncio.gather(*tasks)

    asyncio.run(all_of_them())
    sys.exit(1)
