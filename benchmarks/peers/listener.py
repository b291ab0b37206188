"""The peer of watch: a bare loop over websockets whose frames go into a plain table, a batch at a time.

`python -m benchmarks.peers.listener URL SOCKETS`: no keys, ciphers or digests, and no duplicate is known.
"""

import asyncio
import os
import sys
import time

import psycopg
from websockets.asyncio.client import connect

TABLE = """
CREATE TABLE bare_frame (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  received_at float8 NOT NULL, body bytea NOT NULL)
"""
INSERT = "INSERT INTO bare_frame (received_at, body) SELECT * FROM unnest(%b::float8[], %b::bytea[])"
MOST = 500

waiting: list[tuple[float, bytes]] = []


async def listen(url: str) -> None:
    async with connect(url, compression=None, open_timeout=60) as socket:
        async for frame in socket:
            waiting.append((time.time(), frame.encode() if isinstance(frame, str) else frame))


async def insert() -> None:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as own:
        while True:
            batch, waiting[:] = waiting[:MOST], waiting[MOST:]
            if batch:
                columns = [list(column) for column in zip(*batch, strict=True)]
                await asyncio.to_thread(own.execute, INSERT, columns)
            else:
                await asyncio.sleep(0.005)


async def main(url: str, sockets: int) -> None:
    inserting = asyncio.create_task(insert())
    await asyncio.gather(*(listen(f"{url}?call_id=rtc_{n}") for n in range(sockets)))
    while waiting:
        await asyncio.sleep(0.01)
    inserting.cancel()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
