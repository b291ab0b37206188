"""The observer against a real sideband and a real log: what is said on it is kept, as it came."""

import asyncio
import json
import time

import pytest

from callstore.domain.facts.clock import Clock
from callstore.eventlog.reading import read
from callstore.rehearsal.sideband.script import Play, Refusal, Said, Script
from callstore.rehearsal.sideband.server import Sideband
from tests.ingest import deliveries as given
from tests.ingest.watch.watching import (
    KEY,
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


def run(coroutine):
    return asyncio.run(coroutine)


def test_a_session_is_found_attached_to_and_told_to_its_close(settings):
    call = rtc()
    frames = [
        said("session.created", session={"id": "sess_1"}),
        said("response.created", response={"id": "r"}),
    ]
    sideband = Sideband({call: Script.of(Play(frames, 1000, "bye"))}, KEY)

    async def story():
        async with sideband.serving(), watching(sideband, settings):
            await elsewhere(offer, call)
            await until(lambda: len(watched(call)) == 2)

    run(story())
    kept = facts(call)
    assert types(call) == [
        "session.offered",
        *sorted(types(call)[1:3]),
        "session.configured",
        "reply.started",
        *sorted(types(call)[5:]),
    ]
    assert (sorted(types(call)[1:3]), sorted(types(call)[5:])) == (
        ["socket.opened", "watch.changed"],
        ["socket.closed", "watch.changed"],
    )
    [opened, closed] = [r.event for r in kept if r.event.TYPE.startswith("socket")]
    assert opened.http_status == 101
    assert (closed.code, closed.received, closed.sent, closed.received_first) == (1000, 1000, 1000, True)
    assert [record.sequence for record in kept if record.event.TYPE.startswith(("session.c", "reply"))] == [
        1,
        2,
    ]
    assert watched(call) == ["started", "stopped"]
    assert sideband.heard == []


def test_a_frame_has_the_moment_at_which_it_was_received_by_our_clock(settings):
    call = rtc()
    sideband = Sideband({call: Script.of(Play([said("response.created", response={"id": "r"})]))})

    async def story():
        async with sideband.serving(), watching(sideband, settings):
            await elsewhere(offer, call)
            await until(lambda: "reply.started" in types(call))

    run(story())
    [frame] = [record for record in facts(call) if record.event.TYPE == "reply.started"]
    told = json.loads(read.raw(frame.position))["data"]
    assert frame.occurred.clock is Clock.RECEIVER
    assert told["received_at"] == round(frame.occurred.at * 1000)
    assert 0 <= frame.received_at - frame.occurred.at < 2
    assert told["monotonic_ms"] > 0 and told["connection_id"] == frame.event.connection


def test_the_observers_frame_brought_again_by_a_forwarder_is_the_same_fact(settings):
    call = rtc()
    sideband = Sideband({call: Script.of(Play([said("response.created", response={"id": "r"})]))})

    async def story():
        async with sideband.serving(), watching(sideband, settings):
            await elsewhere(offer, call)
            await until(lambda: "reply.started" in types(call))

    run(story())
    [frame] = [record for record in facts(call) if record.event.TYPE == "reply.started"]
    again = given.facts(given.cloud(json.loads(read.raw(frame.position))))
    assert [(draft.subject, draft.source, draft.key) for draft in again] == [
        (frame.subject, frame.source, frame.key)
    ]


def test_attaching_is_tried_again_while_the_call_rings(settings):
    call = rtc()
    sideband = Sideband({call: Script.of(Play([said("response.created", response={"id": "r"})]), not_yet=3)})

    async def story():
        async with sideband.serving(), watching(sideband, settings):
            await elsewhere(offer, call)
            await until(lambda: "reply.started" in types(call))

    run(story())
    assert [status for _, status in sideband.attached][:4] == [404, 404, 404, 101]
    assert [r.event.http_status for r in facts(call) if r.event.TYPE == "socket.opened"] == [101]


def test_who_rings_in_vain_is_left_when_the_leg_ends_and_the_last_answer_is_told(settings):
    call, child = rtc(), given.sid()
    sideband = Sideband({})

    async def story():
        async with sideband.serving(), watching(sideband, settings):
            await elsewhere(offer, call, child)
            await until(lambda: len(sideband.attached) >= 2)
            await elsewhere(leg_is, "canceled", child)
            await until(lambda: "socket.opened" in types(call))
            tried = len(sideband.attached)
            await asyncio.sleep(1)
            assert len(sideband.attached) == tried

    run(story())
    assert [r.event.http_status for r in facts(call) if r.event.TYPE == "socket.opened"] == [404]


@pytest.mark.parametrize("status", [401, 403])
def test_a_key_that_is_not_good_for_it_is_tried_once(settings, status):
    call = rtc()
    sideband = Sideband({call: Script(Refusal(status), Play())})

    async def story():
        async with sideband.serving(), watching(sideband, settings):
            await elsewhere(offer, call)
            await until(lambda: "socket.opened" in types(call))
            await asyncio.sleep(1)

    run(story())
    assert sideband.attached == [(call, status)]
    assert [r.event.http_status for r in facts(call) if r.event.TYPE == "socket.opened"] == [status]


@pytest.mark.parametrize("answer", [Refusal(404), Refusal(401), Play()])
def test_after_a_close_while_twilio_says_in_progress_it_is_asked_for_once_more(settings, answer):
    call, child = rtc(), given.sid()
    sideband = Sideband({call: Script(Play(), answer)})
    expected = answer.status if isinstance(answer, Refusal) else 101

    async def story():
        async with sideband.serving(), watching(sideband, settings):
            await elsewhere(leg_is, "in-progress", child)
            await elsewhere(offer, call, child)
            await until(lambda: types(call).count("socket.opened") == 2)
            await elsewhere(leg_is, "completed", child)
            await until(lambda: len(watched(call)) == 2)

    run(story())
    assert [status for _, status in sideband.attached] == [101, expected]
    assert [r.event.http_status for r in facts(call) if r.event.TYPE == "socket.opened"] == [101, expected]


def test_after_the_leg_has_ended_nobody_is_asked(settings):
    call, child = rtc(), given.sid()
    sideband = Sideband({call: Script(Play(stays_s=1), Play())})

    async def story():
        async with sideband.serving(), watching(sideband, settings):
            await elsewhere(leg_is, "in-progress", child)
            await elsewhere(offer, call, child)
            await until(lambda: "socket.opened" in types(call))
            await elsewhere(leg_is, "completed", child)
            await until(lambda: len(watched(call)) == 2)

    run(story())
    assert sideband.attached == [(call, 101)]


def test_a_live_session_is_attached_to_where_live_has_it_and_its_own_close_ends_it(settings):
    call, child = "live_" + rtc(), given.sid()
    closed = said("session.closed", reason="remote_hangup", usage={"seconds": 3.0})
    sideband = Sideband({call: Script(Play([closed]), Play())})

    async def story():
        async with sideband.serving(), watching(sideband, settings):
            await elsewhere(leg_is, "in-progress", child)
            await elsewhere(offer, call, child, "live.transport.incoming")
            await until(lambda: len(watched(call)) == 2)

    run(story())
    assert sideband.attached == [(call, 101)]
    assert "session.closed" in types(call)


@pytest.mark.parametrize(
    ("code", "received", "expected"), [(1001, 1001, 1001), (4000, 4000, 4000), (None, None, 1006)]
)
def test_how_a_socket_closed_is_told(settings, code, received, expected):
    call = rtc()
    sideband = Sideband({call: Script.of(Play(code=code, reason="" if code is None else "why"))})

    async def story():
        async with sideband.serving(), watching(sideband, settings):
            await elsewhere(offer, call)
            await until(lambda: "socket.closed" in types(call))

    run(story())
    [closed] = [r.event for r in facts(call) if r.event.TYPE == "socket.closed"]
    assert (closed.code, closed.received) == (expected, received)
    assert closed.reason == (None if code is None else "why")


def test_who_is_stopped_closes_with_1000_tells_so_and_leaves_the_session_to_others(settings):
    from ingest.models import Watch

    call = rtc()
    sideband = Sideband({call: Script.of(Play([said("response.created", response={"id": "r"})], stays_s=60))})

    async def story():
        async with sideband.serving(), watching(sideband, settings):
            await elsewhere(offer, call)
            await until(lambda: "reply.started" in types(call))

    run(story())
    events = [record.event for record in facts(call)]
    [closed] = [event for event in events if event.TYPE == "socket.closed"]
    [_, stopped] = [event for event in events if event.TYPE == "watch.changed"]
    assert (closed.sent, closed.received_first) == (1000, False)
    assert (stopped.state, stopped.reason) == ("stopped", "stopped")
    watch = Watch.objects.get(subject=f"openai:{call}")
    assert (watch.holder, watch.over) == (None, False)


@pytest.mark.parametrize(("answer", "status"), [(None, "completed"), (Refusal(401), "in-progress")])
def test_who_takes_over_what_he_cannot_watch_says_since_when_nobody_did(settings, answer, status):
    from datetime import UTC, datetime
    from uuid import uuid4

    from ingest.models import Watch

    call, child = rtc(), given.sid()
    sideband = Sideband({call: Script(answer, Play())} if answer else {}, KEY)
    last = time.time() - 7

    async def story():
        async with sideband.serving(), watching(sideband, settings):
            await until(lambda: "watch.changed" in types(call))
            await until(lambda: Watch.objects.get(subject=f"openai:{call}").over)

    leg_is(status, child)
    offer(call, child)
    moment = datetime.fromtimestamp(last, UTC)
    Watch.objects.create(
        subject=f"openai:{call}", child=child, offered_at=moment, holder=uuid4(), until=moment,
        watched_at=moment, connection="watch_killed", over=False,
    )  # fmt: skip
    run(story())
    [lost] = [r for r in facts(call) if r.event.TYPE == "watch.changed"]
    assert (lost.event.state, lost.event.connection) == ("lost", "watch_killed")
    assert lost.event.since == pytest.approx(last, abs=0.01)
    assert lost.event.since + lost.event.unwatched_s == pytest.approx(lost.occurred.at, abs=0.1)
    [refused] = [r.event.http_status for r in facts(call) if r.event.TYPE == "socket.opened"]
    assert refused == (answer.status if answer else 404)


def test_without_a_key_nobody_is_watched_and_it_is_said_once(settings, caplog):
    from ingest.watch import watcher

    settings.OPENAI_API_KEY, settings.WATCHES = "", False

    async def story():
        stop = asyncio.Event()
        running = asyncio.create_task(watcher.run(stop))
        await asyncio.sleep(0.5)
        stop.set()
        await running

    run(story())
    assert [r.message for r in caplog.records] == ["OPENAI_API_KEY is not set: no session is watched."]


def test_text_that_is_no_json_is_kept_and_its_neighbours_too(settings):
    call = rtc()
    frames = [
        Said('{"type": "resp'),
        Said("[1]"),
        Said(b"\xff\xfe"),
        said("response.created", response={"id": "r"}),
    ]
    sideband = Sideband({call: Script.of(Play(frames))})

    async def story():
        async with sideband.serving(), watching(sideband, settings):
            await elsewhere(offer, call)
            await until(lambda: "socket.closed" in types(call))

    run(story())
    assert types(call).count("unrecognised") == 3
    assert "reply.started" in types(call)
