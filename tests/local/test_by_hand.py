"""The chapter "By hand" on Debian's Postgres 15, by its own commands: to a signed call and a login."""

import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import psycopg
import pytest

from callstore.local import servers
from tests.local.by_hand import BLOCKS, SQL, Place
from tests.local.test_up import eventually
from tests.places import ROOT
from tests.served import free_port

DEBIANS = Path("/usr/lib/postgresql/15/bin")
NAMES = ("web", "worker", "fetcher", "beat", "relay", "watch")
PASSWORD = "a long one that nobody guesses"
PYTHONS = Path(sys.executable).parent  # `python` of a container
ORIGIN = "https://callstore.example.com"


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    """A machine after steps 1 to 5, `prepare` included; the owner of the tables may make no roles."""
    folder = Path(tempfile.mkdtemp(prefix="callstore-by-hand-"))
    folder.chmod(0o711)
    with pytest.MonkeyPatch.context() as patch, ExitStack() as ending:
        ending.callback(shutil.rmtree, folder, ignore_errors=True)
        if DEBIANS.exists():  # else the one that is embedded, which is newer
            patch.setattr(servers, "postgres_binaries", lambda: DEBIANS)
        server = servers.postgres(folder, durable=False)
        process = server.start(folder / "postgres.log")
        ending.callback(process.wait)
        ending.callback(process.send_signal, signal.SIGINT)
        server.wait()
        with psycopg.connect(server.admin_url.rpartition("/")[0] + "/postgres", autocommit=True) as own:
            own.execute("DROP DATABASE callstore")
            own.execute("DROP ROLE callstore, callstore_app")
            for statement in filter(str.strip, SQL.split(";")):
                own.execute(statement)
        redis_url = os.environ["REDIS_URL"].rpartition("/")[0] + "/7"
        at = urlsplit(server.admin_url)
        place = Place(folder, free_port(), f"{at.hostname}:{at.port}", redis_url)
        place.follow()
        command, environment = place.unit("prepare")
        done = subprocess.run(command, env=environment, cwd=place.data, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        yield place


@contextmanager
def running(place: Place, told: Mapping[str, tuple[list[str], dict[str, str]]]) -> Iterator[None]:
    """These processes, each with its own command and environment, until they say that they live."""
    started = []
    try:
        for name, (command, environment) in told.items():
            with (place.folder / f"{name}.log").open("wb") as out:
                own = subprocess.Popen(command, env=environment, cwd=place.data, stdout=out, stderr=out)
            started.append((name, own))
        for name, (_, environment) in told.items():
            eventually(lambda name=name, own=environment: place.healthy(name, own), 120)
        eventually(lambda: ask(place, "GET", "/readyz")[0] == 200, 60)
        yield
    finally:
        for _, own in started:
            own.terminate()
        codes = {name: own.wait(40) for name, own in started}
    assert not {name: code for name, code in codes.items() if code not in (0, -signal.SIGTERM)}


def ask(
    place: Place, method: str, path: str, body: str = "", **headers: str
) -> tuple[int, http.client.HTTPMessage, str]:
    asked = http.client.HTTPConnection("127.0.0.1", place.port, timeout=20)
    try:
        asked.request(method, path, body, {"Host": "callstore.example.com", **headers})
        answer = asked.getresponse()
        return answer.status, answer.headers, answer.read().decode()
    except OSError:
        return 0, http.client.HTTPMessage(), ""
    finally:
        asked.close()


def test_the_units_take_a_signed_call_in_and_somebody_logs_in(place: Place) -> None:
    made = place.run(BLOCKS[-2].splitlines()[0], PASSWORD + "\n")
    assert made.returncode == 0, made.stderr
    with running(place, {name: place.unit(name) for name in NAMES}):
        sent = place.run(place.here(BLOCKS[-1]))
        assert sent.returncode == 0 and sent.stdout.startswith("1 calls, "), sent.stdout + sent.stderr
        cookie = logged_in(place)
        eventually(lambda: calls(place, cookie) != [])
        [call] = calls(place, cookie)
        assert ask(place, "GET", f"/calls/{call}", Cookie=cookie)[0] == 200
    proved = place.run("callstore verify_log")
    assert proved.returncode == 0, proved.stderr
    erased = place.run(f"AS=operator callstore erase {call} --reason 'asked for'")
    assert erased.returncode == 0, erased.stderr


def test_a_backup_is_a_dump_and_the_seals_from_before_it_and_old_ones_go(
    place: Place, tmp_path: Path
) -> None:
    script = place.folder / "usr/local/sbin/callstore-backup"
    script.write_text(place.here((ROOT / "deploy/backup.sh").read_text()))
    script.chmod(0o755)
    kept, old = tmp_path / "backup", tmp_path / "backup/callstore-2026-01-01T031700Z.dump"
    kept.mkdir()
    for path, days in (
        (old, 9),
        (kept / "of somebody else", 9),
        (kept / "callstore-2026-01-02T031700Z.dump", 2),
    ):
        path.touch()
        os.utime(path, (time.time() - days * 86400,) * 2)
    environment = {"PATH": f"{servers.postgres_binaries()}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    environment |= {"CALLSTORE_CONFIG": str(place.folder / "etc/callstore")}
    done = subprocess.run([script, kept, "7"], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert not old.exists() and not list(kept.glob("*.part"))
    [seals] = kept.glob("*.seals.jsonl")
    dump = seals.with_name(seals.name.replace("seals.jsonl", "dump"))
    assert {path.name for path in kept.iterdir()} == {
        "of somebody else", "callstore-2026-01-02T031700Z.dump", seals.name, dump.name,
    }  # fmt: skip
    listed = subprocess.run(["pg_restore", "--list", dump], env=environment, capture_output=True, text=True)
    assert "TABLE DATA log call_key" in listed.stdout
    assert dump.stat().st_mode & 0o777 == 0o600


def calls(place: Place, cookie: str) -> list[str]:
    """The ids of the calls that the API lists."""
    return [
        call["call_id"] for call in json.loads(ask(place, "GET", "/api/v1/calls", Cookie=cookie)[2])["items"]
    ]


def logged_in(place: Place) -> str:
    """The cookie of who has typed the password."""
    _, headers, page = ask(place, "GET", "/login/")
    cookie = headers["Set-Cookie"].partition(";")[0]
    [token, *_] = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    form = urlencode({"username": "ada", "password": PASSWORD, "csrfmiddlewaretoken": token})
    said = {"Cookie": cookie, "Origin": ORIGIN, "Content-Type": "application/x-www-form-urlencoded"}
    status, headers, _ = ask(place, "POST", "/login/", form, **said)
    assert status == 302
    [session] = [c.partition(";")[0] for c in headers.get_all("Set-Cookie") or () if "sessionid" in c]
    return session


def test_the_services_of_compose_live_with_what_they_are_told(place: Place) -> None:
    told = {name: place.service(name) for name in NAMES}
    with running(place, told):
        assert ask(place, "GET", "/login/")[0] == 200
    doors = {"doors": place.service("doors")}
    command, environment = doors["doors"]
    with (place.folder / "doors.log").open("wb") as out:
        own = subprocess.Popen(command, env=environment, cwd=place.data, stdout=out, stderr=out)
    try:
        eventually(lambda: place.healthy("doors", environment), 120)
        assert ask(place, "POST", "/hooks/twilio/voice", "x=1")[0] == 403
    finally:
        own.terminate()
        own.wait(40)


@pytest.mark.parametrize(("by", "month"), [("unit", "2025-01"), ("service", "2025-02")])
def test_months_go_by_themselves_where_retention_is_set(place: Place, by: str, month: str) -> None:
    command, environment = getattr(place, by)("retire")
    owner = environment["DATABASE_URL_FILE"]
    table = f"SELECT to_regclass('log.event_{month.replace('-', '_')}') IS NOT NULL"
    with psycopg.connect(Path(owner).read_text().strip(), autocommit=True) as own:
        own.execute("SELECT log.ensure_month(%s)", [f"{month}-01"])

        def is_there() -> bool:
            return bool(own.execute(table).fetchall()[0][0])

        for days in ("", "400"):
            told = environment | {"RETENTION_DAYS": days, "PATH": f"{PYTHONS}:{environment['PATH']}"}
            if not days and by == "unit":
                assert subprocess.run(place.condition("retire"), env=told).returncode == 1
                continue
            running = subprocess.Popen(command, env=told, cwd=place.data)
            try:
                if by == "unit":
                    assert running.wait(60) == 0
                eventually(lambda days=days: is_there() != bool(days), 60)
                assert by == "unit" or running.poll() is None
            finally:
                running.terminate()
                running.wait(20)
