"""Postgres goes and comes under a real watcher: what is said meanwhile is kept, in order, once."""

import json
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import pytest

from callstore.local.processes import by_this_python
from callstore.rehearsal.sideband.script import Play, Script
from callstore.rehearsal.sideband.server import Sideband
from tests.ingest import deliveries as given
from tests.ingest.spool.outage import Database, deliver, until
from tests.ingest.watch.watching import KEY, rtc, said
from tests.places import ROOT


@pytest.fixture
def database():
    # Not below pytest's own folder: every session of pytest shuts that to the user that the server runs as.
    folder = Path(tempfile.mkdtemp(prefix="callstore-watched-"))
    folder.chmod(0o711)
    one = Database(folder)
    try:
        one.start()
        one.prepare()
        yield one
    finally:
        one.stop()
        shutil.rmtree(folder, ignore_errors=True)


def frames(database: Database, call: str) -> list[int]:
    """The numbers of the session's frames by their moments; positions say no order within an append."""
    kept = (
        "SELECT source_sequence FROM log.event WHERE subject = %s AND type = %s"
        " ORDER BY occurred_at, source_sequence"
    )
    return [number for (number,) in database.sql(kept, f"openai:{call}", "reply.started")]


def test_what_is_said_while_postgres_is_away_is_kept_in_order_and_once(database, tmp_path):
    call = rtc()
    said_ = [said("response.created", response={"id": f"r{n}"})._replace(after_s=0.02) for n in range(600)]
    sideband = Sideband({call: Script.of(Play(said_, stays_s=30))}, KEY)
    spool = tmp_path / "spool"
    with sideband.in_thread(), database.web(tmp_path) as web:
        environment = {
            **os.environ,
            "DATABASE_URL": database.server.url,
            "SPOOL_DIR": str(spool),
            "OPENAI_API_KEY": KEY,
            "OPENAI_REALTIME_URL": sideband.realtime_url,
        }
        command = by_this_python(["python", "manage.py", "watch"])
        watcher = subprocess.Popen(command, env=environment, cwd=ROOT)
        try:
            webhook = given.webhook(call_id=call)
            body = json.loads(webhook.body) | {"created_at": int(time.time())}
            deliver(web, given.replace(webhook, body=json.dumps(body).encode()))
            until(lambda: len(frames(database, call)) > 30)
            database.stop()
            until(lambda: any(spool.glob("*.spool")))
            time.sleep(3)
            database.start()
            until(lambda: len(frames(database, call)) == 600)
            assert frames(database, call) == list(range(1, 601))
            until(lambda: not any(spool.glob("*.spool")))
        finally:
            watcher.terminate()
            assert watcher.wait(20) == 0
    of_socket = database.sql("SELECT type, facts FROM log.event WHERE type ~ %s", "^(socket|watch)")
    assert sorted(type_ for type_, _ in of_socket) == [
        "socket.closed",
        "socket.opened",
        "watch.changed",
        "watch.changed",
    ]
    assert {facts.get("state") for _, facts in of_socket} >= {"started", "stopped"}
