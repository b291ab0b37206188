"""Postgres goes and comes under a real web process: no door is shut, and nothing acknowledged is lost."""

import json
import os
import shutil
import tempfile
import threading
import time
from pathlib import Path

import pytest

from tests.ingest import deliveries as given
from tests.ingest.spool.outage import Database, deliver, until
from tests.served import API_TOKEN


@pytest.fixture(scope="module")
def database():
    # Not below pytest's own folder: every session of pytest shuts that to the user that the server runs as.
    folder = Path(tempfile.mkdtemp(prefix="callstore-outage-"))
    folder.chmod(0o711)
    one = Database(folder)
    try:
        one.start()
        one.prepare()
        yield one
    finally:
        one.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def up(database):
    if database.process is None:
        database.start()
    return database


def callback(call, number):
    return given.progress(CallSid=call, SequenceNumber=str(number))


def spooled(web):
    return json.loads(web.ask("GET", "/readyz")[1])["spool"]


def test_doors_answer_as_usual_while_postgres_is_away_and_the_log_has_all_once_and_in_order(up, tmp_path):
    call = given.sid()
    with up.web(tmp_path) as web:
        assert deliver(web, callback(call, 1))[0] == 204
        up.stop()
        began = time.monotonic()
        for number in range(2, 31):
            assert deliver(web, callback(call, number))[0] == 204
        assert deliver(web, callback(call, 30))[0] == 204  # as Twilio repeats
        assert deliver(web, given.webhook(call_id="rtc_u1_away"))[0] == 204
        log, bad = given.event(data={"message": "away"}), 7
        status, body = deliver(web, given.cloud(log, given.event(), bad))
        assert (status, {k: v for k, v in json.loads(body).items() if k != "rejected"}) == (
            202,
            {"accepted": 2, "duplicates": 0},
        )
        assert [one["index"] for one in json.loads(body)["rejected"]] == [2]
        assert time.monotonic() - began < 10
        forged = given.changed_body(given.signed(callback(call, 99)))
        assert web.ask("POST", forged.path, forged.body, dict(forged.headers))[0] == 403
        ready, said = web.ask("GET", "/readyz")
        assert ready == 503
        assert json.loads(said)["spool"]["records"] == 32
        assert json.loads(said)["spool"]["bytes"] > 0
        assert json.loads(said)["spool"]["oldest_s"] >= 0
        assert web.ask("GET", "/healthz")[0] == 200
        up.start()
        until(lambda: spooled(web)["records"] == 0)
        assert up.kept(call) == list(range(1, 31))
        assert deliver(web, callback(call, 31))[0] == 204
        until(lambda: up.kept(call) == list(range(1, 32)))
        assert up.sql("SELECT count(*) FROM log.event WHERE subject = 'openai:rtc_u1_away'") == [(1,)]
        assert up.sql("SELECT count(*) FROM log.event WHERE type = 'app.said'") == [(2,)]


def test_the_web_process_starts_and_takes_deliveries_while_postgres_is_away(up, tmp_path):
    call = given.sid()
    up.stop()
    began = time.monotonic()
    with up.web(tmp_path) as web:
        assert deliver(web, callback(call, 1))[0] == 204
        assert time.monotonic() - began < 12
        up.start()
        until(lambda: up.kept(call) == [1])


def test_what_a_killed_web_process_had_spooled_is_in_the_log_before_what_comes_after_it(up, tmp_path):
    call = given.sid()
    up.stop()
    taken = []
    with up.web(tmp_path) as web:
        sending = threading.Thread(target=send_until_killed, args=(web, call, taken))
        sending.start()
        until(lambda: len(taken) >= 20)
        web.kill()
        sending.join()
    with up.web(tmp_path) as web:
        assert deliver(web, callback(call, 1000))[0] == 204
        up.start()
        until(lambda: up.kept(call)[-1:] == [1000])
        assert up.kept(call)[: len(taken)] == taken
        assert len(up.kept(call)) in (len(taken) + 1, len(taken) + 2), (
            "one was not answered, and may be there"
        )
        until(lambda: not spooled(web)["records"])
    assert not list((tmp_path / "spool").glob("*.spool"))


def send_until_killed(web, call, taken):
    for number in range(1, 1000):
        try:
            if deliver(web, callback(call, number))[0] != 204:
                return
        except OSError:
            return
        taken.append(number)


def test_a_drain_that_is_killed_half_way_goes_on_where_it_was(up, tmp_path):
    call, count = given.sid(), 300
    up.stop()
    with up.web(tmp_path) as web:
        for number in range(1, count + 1):
            assert deliver(web, callback(call, number))[0] == 204
        up.start()
        until(lambda: up.kept(call))
        web.kill()
    with up.web(tmp_path) as web:
        until(lambda: len(up.kept(call)) >= count)
        until(lambda: not spooled(web)["records"])
    assert up.kept(call) == list(range(1, count + 1))


def test_a_postgres_that_says_nothing_keeps_no_sender_waiting(up, tmp_path):
    call = given.sid()
    with up.web(tmp_path) as web:
        assert deliver(web, callback(call, 1))[0] == 204
        with up.frozen():
            began = time.monotonic()
            assert deliver(web, callback(call, 2))[0] == 204
            assert time.monotonic() - began < 10
            began = time.monotonic()
            for number in range(3, 10):
                assert deliver(web, callback(call, number))[0] == 204
            assert time.monotonic() - began < 2
        until(lambda: up.kept(call) == list(range(1, 10)))


def test_a_postgres_that_says_nothing_keeps_no_reader_waiting(up, tmp_path):
    bearer = {"Authorization": f"Bearer {API_TOKEN}"}
    with up.web(tmp_path) as web:
        assert web.ask("GET", "/api/v1/calls", headers=bearer)[0] == 200
        with up.frozen():
            began = time.monotonic()
            # The first asks on a connection that is there, the second would need another one.
            assert [web.ask("GET", "/api/v1/calls", headers=bearer)[0] for _ in range(2)] == [503, 503]
            assert time.monotonic() - began < 20
        until(lambda: web.ask("GET", "/api/v1/calls", headers=bearer)[0] == 200, 5)


def test_a_full_spool_sends_back_and_loses_nothing_that_it_took(up, tmp_path):
    taken = []
    up.stop()
    with up.web(tmp_path, SPOOL_LIMIT_MB="1") as web:
        for _ in range(20):
            event = given.event(id=f"full-{given.sid()}", data={"message": os.urandom(100_000).hex()})
            status, _ = deliver(web, given.cloud(event))
            if status == 503:
                break
            assert status == 202
            taken.append(event["id"])
        else:
            pytest.fail("it took more than its bound")
        assert len(taken) > 3
        size = sum(path.stat().st_size for path in (tmp_path / "spool").iterdir())
        assert size <= 1024 * 1024
        up.start()
        until(lambda: not spooled(web)["records"])
        until(lambda: deliver(web, given.cloud(given.event()))[0] == 202)
    [(found,)] = up.sql("SELECT count(*) FROM log.event WHERE type = 'app.said' AND dedup_key ~ 'full-'")
    assert found == len(taken)
