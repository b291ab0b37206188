"""A reader who is behind is told each call once, and has to begin again before he costs anybody much."""

import asyncio
from uuid import uuid4

from callstore.projection.changes.follow import Change, Changes
from callstore.projection.changes.journal import Position
from dashboard.live import hub as hubs
from dashboard.live import stream
from dashboard.live.hub import Hub
from dashboard.live.mailbox import MOST, Mailbox
from dashboard.live.stream import Streams


def test_a_call_that_changed_often_is_told_once():
    mailbox, call = Mailbox(), uuid4()
    for _ in range(5):
        mailbox.put([call])
    assert mailbox.take().calls == [call] and mailbox.take().calls == []


def test_a_mailbox_of_one_call_takes_what_may_be_of_any():
    mailbox = Mailbox(uuid4())
    mailbox.put([uuid4()])
    assert mailbox.take() == ([], False, False)
    mailbox.put([None])
    assert mailbox.take() == ([], True, False)


def test_it_overflows_where_more_calls_wait_than_a_reader_may_leave_waiting():
    mailbox = Mailbox()
    mailbox.put(uuid4() for _ in range(MOST))
    assert not mailbox.overflowed
    mailbox.put([uuid4()])
    assert mailbox.overflowed


def test_what_is_remembered_is_told_from_a_position_and_any_where_it_was_forgotten(monkeypatch):
    monkeypatch.setattr(hubs, "REMEMBERED", 3)
    hub, calls = Hub(), [uuid4() for _ in range(5)]
    hub._tell(Changes(Position(20, 0), [Change(10 + at, call) for at, call in enumerate(calls)]))
    since = lambda transaction: hub._since(Position(transaction, 0), hub.position)  # noqa: E731 -- one line says it
    assert since(13) == calls[3:]
    assert since(11) == since(21) == [None]
    assert since(12) == calls[2:]


TOKEN = "a-token-of-somebody-who-reads"
SCOPE = {
    "type": "http", "method": "GET", "path": "/live", "query_string": b"",
    "headers": [(b"authorization", f"Bearer {TOKEN}".encode()), (b"host", b"testserver")],
}  # fmt: skip


def streamed(send, during):
    """Run a stream to its end, that `send` takes in, while `during(streams)` happens."""

    async def run():
        streams = Streams()
        running = asyncio.create_task(streams(SCOPE, asyncio.Event().wait, send))
        await during(streams)
        await asyncio.wait_for(running, 10)
        await streams.hub.end()

    asyncio.run(run())


def test_a_slow_reader_is_told_that_he_is_stale_and_his_stream_ends(monkeypatch, settings):
    """His network takes nothing for a while, and then everything."""
    sent, takes = [], asyncio.Event()
    settings.API_TOKENS = [TOKEN]
    monkeypatch.setattr(hubs, "follow", nothing_changes)

    async def send(message):
        sent.append(message.get("body", b"").decode())
        if len(sent) > 1:
            await takes.wait()

    async def during(streams):
        while len(sent) < 2:
            await asyncio.sleep(0.01)
        streams.hub._tell(Changes(Position(1, 0), []))
        streams.hub._tell(Changes(Position(1, 0), [Change(1, uuid4()) for _ in range(MOST + 1)]))
        takes.set()

    streamed(send, during)
    assert sent[-2:] == [": stale\n\n", ""]


def test_a_token_that_was_taken_away_ends_its_stream(monkeypatch, settings):
    sent = []
    settings.API_TOKENS = [TOKEN, "a-token-of-somebody-else"]
    monkeypatch.setattr(hubs, "follow", nothing_changes)
    monkeypatch.setattr(stream, "ASK_AGAIN_S", 0.2)

    async def send(message):
        sent.append(message.get("body", b"").decode())

    async def during(streams):
        while len(sent) < 2:
            await asyncio.sleep(0.01)
        await asyncio.sleep(1)
        assert len(sent) == 2  # it was asked again, and may read on
        settings.API_TOKENS = ["a-token-of-somebody-else"]

    streamed(send, during)
    assert sent[-2:] == ["event: ended\ndata: {}\n\n", ""]


async def nothing_changes():
    await asyncio.Event().wait()
    yield
