"""A socket that listens, against a server that writes bytes: what came on it is told whole and in order."""

import asyncio
from contextlib import asynccontextmanager, suppress

import pytest
from websockets.frames import BINARY, CLOSE, CONT, PING, TEXT, Close, Frame
from websockets.server import ServerProtocol

from ingest.watch import sideband
from ingest.watch.recorder import HELD, LANES, Lane


def written(*frames):
    return b"".join(frame.serialize(mask=False) for frame in frames)


BYE = written(Frame(CLOSE, Close(1000, "bye").serialize()))


@asynccontextmanager
async def saying(*parts):
    """A sideband that says these bytes, the first of them with its answer to the handshake; gives its URL."""

    serving = []

    async def serve(reader, writer):
        serving.append(asyncio.current_task())
        protocol = ServerProtocol()
        protocol.receive_data(await reader.readuntil(b"\r\n\r\n"))
        [request] = protocol.events_received()
        protocol.send_response(protocol.accept(request))
        writer.write(b"".join(protocol.data_to_send()) + parts[0])
        for part in parts[1:]:
            await writer.drain()
            writer.write(part)
        with suppress(ConnectionError):
            while not protocol.close_rcvd and (data := await reader.read(65_536)):
                protocol.receive_data(data)
        writer.transport.abort()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    finally:
        server.close()
        await asyncio.gather(*serving, return_exceptions=True)


async def told_by(*parts):
    """The messages that a sideband's bytes are, and how its socket closed."""
    told = []
    async with saying(*parts) as url:
        socket = await sideband.attach(url)
        closed = await asyncio.wait_for(socket.listen(told.append), 20)
    return told, sideband.close_of(closed)


def test_what_comes_with_the_answer_to_the_handshake_is_told_first():
    frames = [written(Frame(TEXT, b"%d" % n)) for n in range(100)]
    told, close = asyncio.run(told_by(b"".join(frames[:50]), *frames[50:], BYE))
    assert told == [b"%d" % n for n in range(100)]
    assert (close["rcvd"], close["rcvd_then_sent"]) == ({"code": 1000, "reason": "bye"}, True)


def test_a_message_in_ten_thousand_fragments_is_one_and_those_around_it_are_too():
    many = [Frame(TEXT, b"<", fin=False), *[Frame(CONT, b"x", fin=False)] * 9_998, Frame(CONT, b">")]
    many.insert(5_000, Frame(PING, b"are you there"))
    told, close = asyncio.run(
        told_by(written(Frame(BINARY, b"before")), written(*many, Frame(TEXT, b"")), BYE)
    )
    assert told == [b"before", b"<" + b"x" * 9_998 + b">", b""]
    assert close["code"] == 1000


def test_a_socket_that_is_held_is_read_no_further_and_loses_nothing():
    """What its sender has in memory by then is his; that of the kernel is bounded."""
    said = [written(Frame(TEXT, b"%08d" % n * 1_000)) for n in range(4_000)]  # 32 MB
    told = []

    async def story():
        lane = Lane()
        async with saying(b"", *said, BYE) as url:
            socket = await sideband.attach(url)

            def hear(message):
                told.append(message)
                lane.put({"n": len(told)})
                if lane.is_full:
                    lane.hold(socket)

            lane.held = HELD // LANES - 500
            lane._keep = lambda batch: True
            listening = asyncio.create_task(socket.listen(hear))
            while len(told) <= 500:
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.2)
            assert len(told) < 2_000
            keeping = asyncio.create_task(lane.run())
            await asyncio.wait_for(listening, 20)
            keeping.cancel()
            lane.close()

    asyncio.run(story())
    assert [message[:8] for message in told] == [b"%08d" % n for n in range(4_000)]


def test_a_fault_of_whoever_hears_is_his_and_no_close_of_the_session():
    async def story():
        async with saying(written(Frame(TEXT, b"1")), written(Frame(TEXT, b"2"))) as url:
            socket = await sideband.attach(url)
            await asyncio.wait_for(socket.listen(lambda message: int(message) // 0), 5)

    with pytest.raises(ZeroDivisionError):
        asyncio.run(story())


def test_what_waits_is_bounded_in_bytes_too():
    lane = Lane()
    lane._keep = lambda batch: True

    async def story():
        for n in range(64):
            lane.put({"n": n}, size=1_000_000)
        assert lane.is_full
        keeping = asyncio.create_task(lane.run())
        await lane.until(64)
        keeping.cancel()

    asyncio.run(story())
    assert not lane.is_full
    lane.close()
