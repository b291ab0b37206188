"""A sideband at its worst: what it says is kept or told, and nothing of a neighbour is lost."""

import asyncio
import json
import time
from itertools import pairwise

import pytest
from websockets.asyncio.server import serve

from callstore.eventlog.reading import read
from callstore.rehearsal.sideband.script import Play, Said, Script
from callstore.rehearsal.sideband.server import Sideband
from ingest.watch import session, sideband
from tests.ingest import deliveries as given
from tests.ingest.watch.watching import (
    elsewhere,
    facts,
    leg_is,
    offer,
    rtc,
    said,
    types,
    until,
    watched,
    watching,
)

pytestmark = pytest.mark.django_db(transaction=True)
REPLY = said("response.created", response={"id": "r"})


def events(call, type_):
    return [record.event for record in facts(call) if type_ == record.event.TYPE]


def test_of_a_frame_of_ten_megabytes_what_is_short_is_kept(settings):
    call, neighbour = rtc(), rtc()
    large = said("response.done", response={"id": "r", "status": "completed"}, output="x" * 10_000_000)
    sound = said("response.output_audio.delta", response_id="r", item_id="i", delta="A" * 10_000_000)
    server = Sideband(
        {
            call: Script.of(Play([large, sound, REPLY] * 3)),
            neighbour: Script.of(Play([REPLY] * 20, stays_s=1)),
        }
    )

    async def story():
        async with server.serving(), watching(server, settings):
            await elsewhere(offer, call)
            await elsewhere(offer, neighbour)
            await until(lambda: "socket.closed" in types(call) and "socket.closed" in types(neighbour))

    asyncio.run(story())
    assert types(call).count("reply.finished") == 3 and types(call).count("reply.started") == 3
    assert types(neighbour).count("reply.started") == 20
    bodies = [read.raw(record.position) for record in facts(call)]
    assert max(len(body) for body in bodies) < 10_000
    assert any(b'"left_out_of_bytes":1000' in body for body in bodies)


def test_a_frame_that_is_too_large_costs_its_socket_and_is_told_as_our_own_close(settings, monkeypatch):
    monkeypatch.setattr(sideband, "LARGEST_FRAME", 1000)
    call, child = rtc(), given.sid()
    server = Sideband(
        {call: Script(Play([said("error", error={"message": "x" * 2000})], stays_s=5), Play([REPLY]))}
    )

    async def story():
        async with server.serving(), watching(server, settings):
            await elsewhere(leg_is, "in-progress", child)
            await elsewhere(offer, call, child)
            await until(lambda: "reply.started" in types(call))

    asyncio.run(story())
    assert events(call, "socket.closed")[0].sent == 1009


def test_a_session_that_says_nothing_is_held_by_its_pongs(settings, monkeypatch):
    monkeypatch.setattr(sideband, "PING_EVERY_S", 0.2)  # an hour of silence is 180 of these
    call = rtc()
    server = Sideband({call: Script.of(Play([Said(REPLY.frame, 3.0)]))})

    async def story():
        async with server.serving(), watching(server, settings):
            await elsewhere(offer, call)
            await until(lambda: "reply.started" in types(call))

    asyncio.run(story())
    assert [status for _, status in server.attached] == [101]


def test_a_socket_that_answers_no_ping_is_told_as_our_own_close(settings, monkeypatch):
    monkeypatch.setattr(sideband, "PING_EVERY_S", 0.3)
    call, over = rtc(), asyncio.Event()

    async def deaf(reader, writer):
        """Opens, and then reads nothing."""
        from websockets.server import ServerProtocol

        protocol = ServerProtocol()
        protocol.receive_data(await reader.readuntil(b"\r\n\r\n"))
        [request] = protocol.events_received()
        protocol.send_response(protocol.accept(request))
        writer.write(b"".join(protocol.data_to_send()))
        await over.wait()
        writer.close()

    async def story():
        server = await asyncio.start_server(deaf, "127.0.0.1", 0)
        stand_in = Sideband({})
        stand_in.port = server.sockets[0].getsockname()[1]
        async with watching(stand_in, settings):
            await elsewhere(offer, call)
            await until(lambda: "socket.closed" in types(call))
        over.set()
        server.close()
        await server.wait_closed()

    asyncio.run(story())
    [close] = events(call, "socket.closed")
    assert (close.sent, close.received, close.code) == (1011, None, 1006)


def test_pings_without_end_are_answered_and_what_is_not_read_of_that_takes_no_memory(settings):
    most = 0
    ping = b"\x89\x7d" + b"x" * 125

    async def flood(connection):
        connection.transport.pause_reading()  # and never reads an answer
        while not connection.transport.is_closing():
            if connection.transport.get_write_buffer_size() < 1_000_000:
                connection.transport.write(ping * 1000)
            await asyncio.sleep(0)

    async def story():
        nonlocal most
        async with serve(flood, "127.0.0.1", 0, ping_interval=None, compression=None) as server:
            port = next(iter(server.sockets)).getsockname()[1]
            socket = await sideband.attach(f"ws://127.0.0.1:{port}/")
            deadline = time.monotonic() + 4
            while time.monotonic() < deadline:
                most = max(most, socket.transport.get_write_buffer_size())
                await asyncio.sleep(0)
            socket.transport.abort()

    asyncio.run(story())
    assert most < 1_000_000


def test_who_pings_without_end_and_reads_no_answer_is_left(settings, monkeypatch):
    monkeypatch.setattr(sideband, "PING_EVERY_S", 0.5)
    call, ping = rtc(), b"\x89\x7d" + b"x" * 125

    async def flood(connection):
        connection.transport.pause_reading()
        while not connection.transport.is_closing():
            if connection.transport.get_write_buffer_size() < 1_000_000:
                connection.transport.write(ping * 1000)
            await asyncio.sleep(0.001)

    async def story():
        async with serve(flood, "127.0.0.1", 0, ping_interval=None, compression=None) as server:
            stand_in = Sideband({})
            stand_in.port = next(iter(server.sockets)).getsockname()[1]
            async with watching(stand_in, settings):
                await elsewhere(offer, call)
                await until(lambda: "socket.closed" in types(call))

    asyncio.run(story())
    assert events(call, "socket.closed")[0].code == 1006


def test_a_thousand_closes_are_a_thousand_facts_and_less_and_less_often(settings, monkeypatch):
    monkeypatch.setattr(session, "ASK_AGAIN_AFTER_S", 0.001)
    monkeypatch.setattr(session, "ASK_AGAIN_AT_MOST_S", 0.001)
    call, child = rtc(), given.sid()
    server = Sideband({call: Script(*[Play() for _ in range(1000)])})

    async def story():
        async with server.serving(), watching(server, settings):
            await elsewhere(leg_is, "in-progress", child)
            await elsewhere(offer, call, child)
            await until(lambda: len(watched(call)) == 2, seconds=120)

    asyncio.run(story())
    assert types(call).count("socket.closed") == 1000
    assert [event.http_status for event in events(call, "socket.opened")] == [101] * 1000 + [404]


def test_between_two_closes_it_waits_longer_each_time(settings, monkeypatch):
    monkeypatch.setattr(session, "ASK_AGAIN_AFTER_S", 0.1)
    call, child = rtc(), given.sid()
    server = Sideband({call: Script(*[Play() for _ in range(5)])})

    async def story():
        async with server.serving(), watching(server, settings):
            await elsewhere(leg_is, "in-progress", child)
            await elsewhere(offer, call, child)
            await until(lambda: len(watched(call)) == 2)

    asyncio.run(story())
    opened = [r.occurred.at for r in facts(call) if r.event.TYPE == "socket.opened"]
    gaps = [after - before for before, after in pairwise(opened)]
    assert gaps == sorted(gaps) and gaps[-1] > 4 * gaps[0]


def test_nobody_who_answers_is_asked_again_until_he_does(settings):
    call, child = rtc(), given.sid()
    first, second = Sideband({call: Script(Play())}), Sideband({call: Script(Play([REPLY]))})

    async def story():
        async with watching(first, settings):
            async with first.serving() as server:
                port = server.port
                settings.OPENAI_REALTIME_URL = server.realtime_url
                await elsewhere(leg_is, "in-progress", child)
                await elsewhere(offer, call, child)
                await until(lambda: "socket.closed" in types(call))
            await asyncio.sleep(3)
            async with second.serving(port):
                await until(lambda: "reply.started" in types(call))

    asyncio.run(story())
    assert [event.http_status for event in events(call, "socket.opened")][:2] == [101, 101]


def test_reflected_audio_is_kept_as_bits_and_never_as_audio(settings):
    call = "live_" + rtc()
    piece = "A" * 1280
    frames = [
        said("session.input_audio.append", audio=piece, start_ms=n * 20, end_ms=n * 20 + 20)
        for n in range(50)
    ]
    server = Sideband({call: Script.of(Play([*frames, said("session.closed", reason="expired")]))})

    async def story():
        async with server.serving(), watching(server, settings):
            await elsewhere(offer, call, None, "live.transport.incoming")
            await until(lambda: len(watched(call)) == 2)

    asyncio.run(story())
    kept = [json.loads(read.raw(r.position))["data"] for r in facts(call) if r.sequence]
    assert [told["seq"] for told in kept] == list(range(1, len(kept) + 1))
    assert sum(told["event"].get("frames", 1) for told in kept) == 51
    assert all(piece not in json.dumps(told) for told in kept)
    assert any(set(told["event"].get("speech", "")) == {"0"} for told in kept)
