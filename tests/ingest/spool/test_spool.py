"""The spool's files and their way into the log, in one process."""

import base64
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import DatabaseError

from callstore.eventlog.crypto import keys
from callstore.eventlog.reading import read
from ingest.doors.receive import read_all, receive, receive_all, spool_all
from ingest.spool import backlog, keep
from ingest.spool import spool as spools
from ingest.spool.drain import Drain
from ingest.spool.segment import HEAD
from ingest.spool.spool import Spool, SpoolFull, spool
from tests.eventlog.tampering import sql
from tests.ingest import deliveries as given
from tests.ingest.spool.draining import drained
from tests.places import ROOT

pytestmark = pytest.mark.django_db

OTHER = base64.b64encode(b"o" * 32).decode()


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    given.configured(settings)
    settings.SPOOL_DIR = str(tmp_path / "spool")
    spools.forget()
    return tmp_path / "spool"


def callbacks(call, *numbers):
    return [given.progress(CallSid=call, SequenceNumber=str(number)) for number in numbers]


def kept(call):
    rows = sql("SELECT source_sequence FROM log.event WHERE subject = %s ORDER BY position", f"twilio:{call}")
    return [number for (number,) in rows]


def only(folder, suffix="spool"):
    [path] = folder.glob(f"*.{suffix}")
    return path


def abandoned():
    """As a process leaves its file when it dies: nobody holds it any more."""
    spool()._let_go()
    spools.forget()


def test_what_was_put_comes_into_the_log_in_its_order_within_a_call(folder):
    calls, numbers = [given.sid(), given.sid()], list(range(40, 0, -1))
    for number in numbers:
        spool().put([one for call in calls for one in callbacks(call, number)])
    assert kept(calls[0]) == []
    drained()
    assert [kept(call) for call in calls] == [numbers, numbers]
    assert list(folder.glob("*.*")) == [folder / "drain.lock"]


def test_a_delivery_that_is_read_again_is_the_one_that_came():
    frame = given.signed(given.cloud(given.frame({"type": "error"}), content_type="application/json"))
    spool().put([frame])
    drained()
    [(position,)] = sql("SELECT position FROM log.event")
    assert receive(frame).body == b'{"accepted":0,"duplicates":1,"rejected":[]}'
    assert read.raw(position)


def test_the_same_twice_is_there_once():
    call = given.sid()
    spool().put(callbacks(call, 1, 2, 1))
    spool().put(callbacks(call, 2))
    drained()
    spool().put(callbacks(call, 1))
    drained()
    assert kept(call) == [1, 2]


def test_what_comes_while_others_wait_goes_behind_them():
    call = given.sid()
    spool().put(callbacks(call, 2))
    assert receive(given.signed(callbacks(call, 1)[0])).status == 204
    assert kept(call) == []
    drained()
    assert kept(call) == [2, 1]
    assert receive(given.signed(callbacks(call, 3)[0])).status == 204
    assert kept(call) == [2, 1, 3]


def test_files_of_two_processes_are_drained_by_when_each_delivery_came(folder):
    call, other = given.sid(), Spool(folder, 1024 * 1024)
    for number in range(1, 21, 2):
        spool().put(callbacks(call, number))
        other.put(callbacks(call, number + 1))
    assert len(list(folder.glob("*.spool"))) == 2
    drain = Drain(spool())
    while backlog.backlog().records:
        drain.step()
    assert kept(call) == list(range(1, 21))
    assert other.pending(), "a file is not taken away from a process that lives"
    other.put(callbacks(call, 21))
    other.release_drained()
    drain.step()
    assert kept(call) == list(range(1, 22))
    other.release_drained()
    drained()


PUTTING = """
import django, os, signal, sys
django.setup()
from ingest.spool.spool import spool
from tests.ingest import deliveries as given
spool().put([given.progress(CallSid=sys.argv[1], SequenceNumber=str(n)) for n in range(1, 4)])
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_a_killed_process_left_is_taken_over(folder):
    call = given.sid()
    environment = os.environ | {"SPOOL_DIR": str(folder), "PYTHONPATH": str(ROOT)}
    died = subprocess.run([sys.executable, "-c", PUTTING, call], env=environment, cwd=ROOT)
    assert died.returncode == -signal.SIGKILL
    assert spool().pending()
    drained()
    assert kept(call) == [1, 2, 3]


@pytest.mark.parametrize("cut", [1, 7, 15, 16, 17, 200])
def test_of_a_record_that_was_never_finished_nothing_is_left_and_all_before_it_is_kept(folder, cut, caplog):
    call = given.sid()
    spool().put(callbacks(call, 1, 2))
    whole = only(folder).stat().st_size
    spool().put(callbacks(call, 3))
    abandoned()
    os.truncate(only(folder), whole + cut)
    drained()
    assert kept(call) == [1, 2]
    assert f"last {cut} bytes" in caplog.text
    assert not list(folder.glob("*.damaged"))


def test_damage_costs_the_record_that_it_hit_and_the_file_is_kept(folder, caplog):
    call = given.sid()
    ends = []
    for number in range(1, 6):
        spool().put(callbacks(call, number))
        ends.append(only(folder).stat().st_size)
    abandoned()
    with only(folder).open("r+b") as file:
        for at in (ends[0], ends[2] + 40):  # a length, and a ciphertext
            file.seek(at)
            file.write(b"\xff")
    drained()
    assert kept(call) == [1, 3, 5]
    assert only(folder, "damaged")
    assert backlog.told()["damaged"] == 1
    assert "damaged" in caplog.text


def test_a_file_that_is_none_of_ours_stops_nobody(folder):
    call = given.sid()
    folder.mkdir()
    (folder / "0-nobody.spool").write_bytes(b"\0" * 500)
    spool().put(callbacks(call, 1))
    drained()
    assert kept(call) == [1]
    assert only(folder, "damaged").name == "0-nobody.damaged"


def test_every_log_key_opens_the_spool_and_one_that_none_opens_is_kept_and_told(folder, settings, caplog):
    call, before = given.sid(), settings.LOG_KEYS
    settings.LOG_KEYS = [OTHER, *before]
    spool().put(callbacks(call, 1))
    abandoned()
    settings.LOG_KEYS = before
    keys.unwrap.cache_clear()
    spool().put(callbacks(call, 2))
    drained()
    assert kept(call) == [2]
    assert backlog.told()["no_key_opens"] == 1
    assert "LOG_KEY does not open" in caplog.text
    settings.LOG_KEYS = [*before, OTHER]
    drained(again=True)
    assert kept(call) == [2, 1]
    assert backlog.told() == {"bytes": 0, "records": 0, "oldest_s": None}


def test_nothing_personal_and_no_secret_can_be_read_from_the_files_and_nobody_else_may_open_them(folder):
    spool().put([given.signed(given.cloud(given.event(data={"message": "my secret words"})))])
    spool().put([given.signed(given.progress(From="+15550100077"))])
    raw = only(folder).read_bytes()
    assert all(word not in raw for word in (b"secret words", b"15550100077", b"a-token", b"/hooks"))
    assert folder.stat().st_mode & 0o777 == 0o700
    assert only(folder).stat().st_mode & 0o777 == 0o600


def test_the_bound_is_of_all_processes_together(folder, settings):
    settings.SPOOL_LIMIT_MB = 1
    large = given.cloud(given.event(data={"message": os.urandom(150_000).hex()}))
    others = [Spool(folder, 1024 * 1024) for _ in range(3)]
    with pytest.raises(SpoolFull, match="SPOOL_LIMIT_MB"):
        for number in range(30):
            others[number % 3].put([large])
    assert 600_000 < spool().size() <= 1024 * 1024
    [answer] = receive_all([given.signed(large)])
    assert (answer.status, dict(answer.headers)) == (503, {"Retry-After": "5"})
    [answer] = receive_all([given.signed(given.progress())])
    assert answer.status == 204, "a small one has room"


def test_a_folder_that_cannot_be_written_sends_back_what_the_log_does_not_take(tmp_path, settings, caplog):
    (tmp_path / "file").write_text("")
    settings.SPOOL_DIR = str(tmp_path / "file" / "spool")
    [answer] = keep_in_spool(given.progress())
    assert answer.status == 503
    assert "cannot be written" in caplog.text


def keep_in_spool(*deliveries):
    return spool_all(read_all([given.signed(each) for each in deliveries]))


def test_a_file_is_begun_anew_when_it_is_long(folder):
    call = given.sid()
    large = [given.cloud(given.event(data={"message": os.urandom(900_000).hex()})) for _ in range(6)]
    for one in large:
        spool().put([one])
    spool().put(callbacks(call, 1))
    assert len(list(folder.glob("*.spool"))) == 2
    drained()
    assert sql("SELECT count(*) FROM log.event WHERE type = 'app.said'") == [(6,)]
    assert kept(call) == [1]


REFUSALS = {
    "53100": True,  # the disk is full
    "57014": True,  # a statement took too long
    "25006": True,  # it only reads, as a replica does
    "42501": True,  # a grant is missing
    "42P01": True,  # a migration is missing
    "57P01": True,  # it stops
    "22P02": False,
    "23514": False,
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("state", "awaited"), REFUSALS.items())
def test_what_postgres_refuses_for_its_own_sake_is_waited_for(state, awaited):
    with pytest.raises(DatabaseError) as refused:
        sql(f"DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{state}'; END $$")
    assert keep.is_awaited(refused.value) is awaited


def test_metrics_tell_what_waits(client):
    assert "\ncallstore_spool_records 0.0\n" in client.get("/metrics").content.decode()
    spool().put(callbacks(given.sid(), 1, 2))
    answer = client.get("/metrics", headers={"host": "whatever"})
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    said = answer.content.decode().splitlines()
    assert "callstore_spool_records 2.0" in said
    assert f"callstore_spool_bytes {float(backlog.backlog().bytes)}" in said
    assert "# TYPE callstore_spool_bytes gauge" in said


def test_a_drained_part_is_not_read_again(folder):
    call = given.sid()
    spool().put(callbacks(call, *range(1, 251)))
    drain = Drain(spool())
    drain.step()
    assert kept(call) == list(range(1, 101))
    size = Path(only(folder)).stat().st_size
    told = backlog.told()
    assert told["records"] == 150
    assert 0 < told["bytes"] < size - HEAD.size
    drained()
    assert kept(call) == list(range(1, 251))
