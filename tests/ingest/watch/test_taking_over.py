"""Two real watchers: they share the calls, and one takes over from the other when that is killed."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from django.db import connection

from callstore.domain.call.fold import fold
from callstore.local.processes import by_this_python, processes
from callstore.rehearsal.sideband.script import Play, Said, Script
from callstore.rehearsal.sideband.server import Sideband
from ingest.models import Watch
from ingest.watch.leases import Leases
from tests.ingest import deliveries as given
from tests.ingest.watch.watching import KEY, facts, leg_is, offer, rtc, said, types, watched
from tests.places import ROOT

pytestmark = pytest.mark.django_db(transaction=True)
[WATCH] = [process for process in processes("127.0.0.1", 0) if process.name == "watch"]


@contextmanager
def watcher(sideband: Sideband) -> Iterator[subprocess.Popen[bytes]]:
    """`manage.py watch` on the tests' own database."""
    database = f"/{connection.settings_dict['NAME']}"
    environment = {
        **os.environ,
        "DATABASE_URL": urlsplit(os.environ["DATABASE_URL"])._replace(path=database).geturl(),
        "OPENAI_API_KEY": KEY,
        "OPENAI_REALTIME_URL": sideband.realtime_url,
        "OPENAI_LIVE_URL": sideband.live_url,
    }
    process = subprocess.Popen(by_this_python(WATCH.argv), env=environment, cwd=ROOT)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def until(true, seconds=30):
    deadline = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.05)
    return found


def talk(seconds: float) -> Play:
    """A session that says something ten times a second."""
    replies = (said("response.created", response={"id": f"r{n}"}) for n in range(int(seconds * 10)))
    return Play([Said(reply.frame, 0.1) for reply in replies])


def somebody_else_takes_calls(call: str) -> bool:
    """Whether another watcher than that of this call took one that is offered now."""
    offer(other := rtc())
    until(lambda: Watch.objects.filter(subject=f"openai:{other}").exists())
    holders = Watch.objects.filter(subject__in=[f"openai:{call}", f"openai:{other}"])
    return len({watch.holder for watch in holders}) == 2


def test_who_is_killed_is_followed_within_ten_seconds_and_the_seconds_in_between_are_told():
    call, child = rtc(), given.sid()
    sideband = Sideband({call: Script(talk(60), talk(2))}, KEY)
    leg_is("in-progress", child)
    with sideband.in_thread(), watcher(sideband) as first:
        offer(call, child)
        until(lambda: types(call).count("reply.started") > 20)
        with watcher(sideband):
            until(lambda: Watch.objects.get(subject=f"openai:{call}").watched_at)
            until(lambda: somebody_else_takes_calls(call), 90)
            first.send_signal(signal.SIGKILL)
            killed = time.time()
            until(lambda: "lost" in watched(call), 12)
            leg_is("completed", child)
            until(lambda: watched(call)[-1] == "stopped")
    lost = next(r for r in facts(call) if r.event.TYPE == "watch.changed" and r.event.state == "lost")
    assert lost.occurred.at - killed < 10
    assert killed - 2 < lost.event.since <= killed + 0.1
    assert abs(lost.event.since + lost.event.unwatched_s - lost.occurred.at) < 0.1
    assert sorted(watched(call)) == ["lost", "started", "started", "stopped"]
    assert types(call).count("socket.closed") == 1  # nobody says one in the name of the killed
    session = fold(facts(call)).sessions[call]
    [(start, end)] = session.unwatched
    assert (start, end) == pytest.approx((lost.event.since, lost.occurred.at), abs=0.1)
    opened = [r.event.connection for r in facts(call) if r.event.TYPE == "socket.opened"]
    assert lost.event.connection == opened[0]


def test_two_watchers_share_the_calls_and_none_is_watched_twice():
    calls = [rtc() for _ in range(20)]
    sideband = Sideband({call: Script(talk(2), talk(2)) for call in calls}, KEY)
    with sideband.in_thread(), watcher(sideband), watcher(sideband):
        for call in calls:
            offer(call)
        until(lambda: all("socket.closed" in types(call) for call in calls), 60)
    assert sorted(sideband.attached) == sorted((call, 101) for call in calls)


def test_who_is_stopped_in_order_is_followed_at_once_and_nobody_was_lost():
    call = rtc()
    sideband = Sideband({call: Script(talk(60), talk(60))}, KEY)
    with sideband.in_thread(), watcher(sideband) as first:
        offer(call)
        until(lambda: types(call).count("reply.started") > 15)
        with watcher(sideband):
            until(lambda: somebody_else_takes_calls(call), 90)
            first.terminate()
            assert first.wait(10) == 0
            until(lambda: types(call).count("socket.opened") == 2, 10)
    assert watched(call)[:3] == ["started", "stopped", "started"]
    begun = [r.event for r in facts(call) if r.event.TYPE == "watch.changed"][2]
    assert 0 < begun.unwatched_s < 10


def test_a_lease_that_lapsed_is_taken_by_one_and_kept_by_none_who_lost_it():
    from uuid import uuid4

    offer(call := rtc())
    first, second, third = (Leases(uuid4()) for _ in range(3))
    [lease] = first.begin(10)
    assert lease.subject == f"openai:{call}" and second.begin(10) == []
    assert first.renew({lease.subject: "socket"}) == {lease.subject}
    assert second.take_over(10) == []
    Watch.objects.update(until="2026-01-01T00:00:00Z")
    [taken] = second.take_over(10)
    assert (taken.lost, taken.connection) == (True, "socket") and taken.watched_at
    assert third.take_over(10) == []
    assert first.renew({lease.subject: "socket"}) == set()
    second.end([lease.subject])
    assert third.take_over(10) == []


def test_watchers_do_not_attach_again_to_what_is_over():
    call, child = rtc(), given.sid()
    sideband = Sideband({call: Script.of(talk(1))}, KEY)
    with sideband.in_thread(), watcher(sideband):
        leg_is("in-progress", child)
        offer(call, child)
        until(lambda: "reply.started" in types(call))
        leg_is("completed", child)
        until(lambda: Watch.objects.get(subject=f"openai:{call}").over)
    with sideband.in_thread(), watcher(sideband):
        time.sleep(4)
    assert sideband.attached == [(call, 101)]
