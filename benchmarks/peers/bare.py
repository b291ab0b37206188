"""The peer of doors: a plain insert of what came, with no proof of who sent it and no key of its own."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from psycopg_pool import AsyncConnectionPool
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

TABLE = "CREATE TABLE bare (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body bytea NOT NULL)"
WORKERS = 2
CONNECTIONS = 8  # of each worker: one for each of the sixteen senders

pool = AsyncConnectionPool(
    os.environ["DATABASE_URL"],
    min_size=CONNECTIONS,
    max_size=CONNECTIONS,
    kwargs={"autocommit": True},
    open=False,
)


@asynccontextmanager
async def lifespan(_: Starlette) -> AsyncIterator[None]:
    async with pool:
        yield


async def take(request: Request) -> Response:
    body = await request.body()
    async with pool.connection() as connection:
        await connection.execute("INSERT INTO bare (body) VALUES (%b)", [body])
    return Response(status_code=204)


app = Starlette(routes=[Route("/{path:path}", take, methods=["POST"])], lifespan=lifespan)
