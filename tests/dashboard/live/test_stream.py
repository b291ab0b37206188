"""The stream of changes on the real web process: who is told what, who is not, and what stops nobody."""

import time
from dataclasses import replace
from uuid import uuid4

import pytest
from django.test import Client

from callstore.projection import projector
from callstore.projection.changes import follow
from dashboard.live import stream
from tests.dashboard.live.streamed import Reader
from tests.ingest import deliveries as given
from tests.projection.facts import call_ids, keep, sid, sql, status
from tests.served import API_TOKEN, served
from tests.web.server import API, eventually

pytestmark = pytest.mark.django_db(transaction=True)

TOKENS = [API_TOKEN, *(f"reader-of-changes-{number:02}" for number in range(20))]
KILL = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = %s"


@pytest.fixture(scope="module")
def running(django_db_setup, django_db_blocker, tmp_path_factory):
    with (
        django_db_blocker.unblock(),
        served(tmp_path_factory.mktemp("web"), API_TOKENS=",".join(TOKENS)) as running,
    ):
        yield running


@pytest.fixture
def url(running):
    return f"http://127.0.0.1:{running.port}"


@pytest.fixture
def open_stream(url):
    """Opens streams, and closes them at the end."""
    opened = []

    def open_(headers=API, query=""):
        opened.append(Reader(url, headers, query))
        return opened[-1]

    yield open_
    for each in opened:
        each.close()


def saved():
    """A new call, projected; its id as a stream tells it."""
    traces = keep(status(sid(), "ringing"))
    projector.project(traces)
    return str(call_ids(traces)[0])


def callback():
    return given.signed(replace(given.progress(CallSid=given.sid()), received_at=time.time()))


def login(django_user_model, name="lina"):
    client = Client()
    client.force_login(django_user_model.objects.create_user(name))
    # as it is named where PUBLIC_BASE_URL is https
    return client, {"cookie": f"__Host-sessionid={client.cookies['sessionid'].value}"}


def told(reader, call):
    """Read on until the stream tells of a call."""
    while call not in (event := reader.next()).data["calls"]:
        pass
    return event


def test_two_readers_by_token_and_by_login_are_told_of_a_change_by_its_id_alone(
    open_stream, django_user_model
):
    readers = [open_stream(), open_stream(login(django_user_model)[1])]
    call = saved()
    for reader in readers:
        assert b"content-type: text/event-stream" in reader.head.lower()
        assert told(reader, call).data == {"calls": [call]}


@pytest.mark.parametrize("headers", [{}, {"authorization": "Bearer x"}, {"cookie": "sessionid=x"}])
def test_a_stranger_is_told_nothing(open_stream, headers):
    reader = open_stream(headers)
    assert reader.status == 401 and b"www-authenticate" in reader.head.lower()


def test_what_is_no_reading_of_a_stream_is_refused(running):
    assert running.ask("POST", "/live", headers=API)[0] == 405
    assert running.ask("GET", "/live?call=x", headers=API)[0] == 422
    assert running.ask("GET", "/live", headers={**API, "host": "elsewhere.example"})[0] == 400


def test_who_asks_for_one_call_is_told_of_no_other(open_stream):
    mine, other = keep(status(sid(), "ringing")), keep(status(sid(), "ringing"))
    projector.project(mine | other)
    id_ = str(call_ids(mine)[0])
    reader = open_stream(query=f"?call={id_}")
    projector.project(other, replay=True)
    projector.project(mine, replay=True)
    assert reader.next().data == {"calls": [id_]}


def test_who_comes_back_is_told_what_he_missed(open_stream):
    first = open_stream()
    told(first, saved())
    first.close()
    missed = saved()
    back = open_stream({**API, "last-event-id": first.last_id})
    assert missed in back.next().data["calls"]


def test_who_was_away_for_too_long_begins_again(open_stream):
    for last in ("12-1700000000", "nonsense"):
        assert open_stream({**API, "last-event-id": last}).next("reset").data == {}


def test_a_page_is_told_what_changed_since_it_was_made(open_stream):
    from callstore.projection.changes import journal

    made = journal.position()
    call = saved()
    assert told(open_stream(query=f"?after={made}"), call)


def test_a_killed_listener_comes_back_and_nobody_misses_a_change(open_stream):
    reader = open_stream()
    told(reader, saved())
    assert sql(KILL, follow.NAME) == [(1,)]
    call = saved()
    assert reader.next("away")
    assert told(reader, call)


def test_a_process_listens_on_one_connection_whoever_reads(open_stream):
    readers = [open_stream() for _ in range(20)]
    told(readers[-1], saved())
    there = "SELECT count(*) FROM pg_stat_activity WHERE application_name = %s"
    assert sql(there, follow.NAME) == [(1,)]


def test_a_login_that_ended_ends_its_stream(open_stream, django_user_model):
    client, cookie = login(django_user_model)
    reader = open_stream(cookie)
    assert reader.status == 200
    client.logout()
    assert reader.next("ended", stream.ASK_AGAIN_S + 15)
    assert reader.ended()


def test_one_reader_may_have_so_many_streams_and_others_still_come_in(open_stream):
    mine = {"authorization": "Bearer reader-of-changes-01"}
    opened = [open_stream(mine) for _ in range(stream.STREAMS_EACH)]
    assert {reader.status for reader in opened} == {200}
    refused = open_stream(mine)
    assert refused.status == 503 and b"retry-after" in refused.head.lower()
    assert open_stream().status == 200
    opened[0].close()
    eventually(lambda: open_stream(mine).status == 200)


def test_three_hundred_streams_hold_up_neither_doors_nor_pages(open_stream, running):
    opened = [open_stream({"authorization": f"Bearer {token}"}) for token in TOKENS[1:11] for _ in range(30)]
    assert [reader.status for reader in opened] == [200] * 300
    took = []
    for _ in range(10):
        for path in ("/healthz", "/login/", "/api/v1/calls?limit=1"):
            began = time.perf_counter()
            assert running.ask("GET", path, headers=API)[0] == 200
            took.append(time.perf_counter() - began)
        delivery = callback()
        assert running.ask("POST", delivery.path, delivery.body, delivery.headers)[0] == 204
    assert max(took) < 2
    call = saved()
    began = time.perf_counter()
    for reader in opened:
        told(reader, call)
    assert time.perf_counter() - began < 5


def test_who_reads_nothing_loses_his_place_and_nobody_waits_for_him(open_stream):
    """He is told more than the buffers between hold, some megabytes."""
    his = {"authorization": "Bearer reader-of-changes-19"}
    slow, reader = open_stream(his), open_stream()
    assert slow.status == 200
    others = [open_stream(his, f"?call={uuid4()}") for _ in range(stream.STREAMS_EACH - 1)]
    assert {each.status for each in others} == {200}
    enter = "INSERT INTO call_change (call_id) SELECT gen_random_uuid() FROM generate_series(1, 900)"
    waited, deadline = [], time.monotonic() + 120
    while open_stream(his).status == 503:
        assert time.monotonic() < deadline, "who reads nothing was never dropped"
        sql(enter)
        call, began = saved(), time.monotonic()
        told(reader, call)
        waited.append(time.monotonic() - began)
    assert len(waited) > 5 and max(waited) < 3
