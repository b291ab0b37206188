"""`manage.py up` for real: everything runs, what dies comes back, and one signal ends it all."""

import http.client
import json
import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
import psycopg
import pytest

from callstore.local import orphans
from callstore.local.options import Options, refuse_open_demo
from callstore.local.processes import by_this_python, processes
from callstore.local.unprivileged import servers_folder
from callstore.local.up import wanted
from callstore.settings import BASE_DIR
from callstore.settings import DEMO_BEGINS_WITH as FOUNDING

EVERYTHING = {"postgres", "valkey", "web", "worker", "fetcher", "beat", "relay", "watch"}


@dataclass
class Run:
    """One `up` in a clone of its own below a private home, as a stranger has it."""

    home: Path
    port: int
    process: subprocess.Popen[bytes]

    @property
    def data(self) -> Path:
        return self.home / "clone" / ".data"

    @property
    def connection(self) -> dict[str, Any]:
        return json.loads((self.data / "connection.json").read_text())

    @property
    def output(self) -> str:
        return (self.home / "output").read_text()

    def get(self, path: str) -> tuple[int, bytes]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read()

    @property
    def is_ready(self) -> bool:
        try:
            return self.get("/readyz")[0] == 200
        except (OSError, http.client.HTTPException):  # nobody listens, or who did ended while it answered
            return False


def eventually(true: Callable[[], bool], seconds: float = 40) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.1)


def command(home: Path, port: int, *more: str, demo: bool = True) -> list[str]:
    manage = home / "clone" / "manage.py"
    more = (*more, "--demo") if demo else more
    return [sys.executable, str(manage), "up", "--port", str(port), *more]


def start(home: Path, port: int, *, demo: bool = True) -> Run:
    with (home / "output").open("wb") as out:
        argv = command(home, port, demo=demo)
        process = subprocess.Popen(argv, env=stranger(home), stdout=out, stderr=out, cwd="/")
    run = Run(home, port, process)
    said = "Ctrl-C stops it" if demo else "callstore is ready"
    eventually(lambda: said in run.output or process.poll() is not None, 90)
    assert process.poll() is None, run.output
    return run


def stranger(home: Path) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "HOME": str(home)}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="callstore-home-"))
    not_ours = shutil.ignore_patterns(".venv", ".git", ".data", "node_modules", "__pycache__", ".*_cache")
    shutil.copytree(BASE_DIR, folder / "clone", ignore=not_ours)
    yield folder
    servers = servers_folder(folder / "clone" / ".data")
    orphans.end(folder / "clone" / ".data", servers)
    shutil.rmtree(servers)  # as root they lie outside the folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def run(home: Path) -> Iterator[Run]:
    run = start(home, free_port())
    yield run
    if run.process.poll() is None:
        run.process.terminate()
    run.process.wait(60)


def test_it_says_where_it_is_and_who_to_be(run: Run) -> None:
    assert f"callstore is ready at http://127.0.0.1:{run.port}\n" in run.output
    assert run.output.index("is ready") < run.output.index("Password  demo")
    names = ("database", "log_key", "relay", "worker", "fetcher", "beat", "months", "recordings")
    everybody = {"status": "ready", **dict.fromkeys(names, "ok"), "refused": {}}
    eventually(lambda: everybody.items() <= json.loads(run.get("/readyz")[1]).items())
    assert run.get("/readyz")[0] == 200
    assert run.get("/healthz")[0] == 200


def test_connection_json_is_private_and_names_every_process(run: Run) -> None:
    assert stat.S_IMODE((run.data / "connection.json").stat().st_mode) == 0o600
    assert run.connection["pids"].keys() == EVERYTHING
    assert all(psutil.pid_exists(pid) for pid in run.connection["pids"].values())
    assert run.connection["redis_url"].startswith("redis://")


@pytest.mark.skipif(sys.platform != "linux", reason="only there are processes forked")
@pytest.mark.parametrize("name", sorted(EVERYTHING - {"postgres", "valkey"}))
def test_a_process_shows_its_command_and_holds_but_its_part_of_what_all_have(run: Run, name: str) -> None:
    process = psutil.Process(run.connection["pids"][name])
    [command] = [by_this_python(own.argv) for own in processes("127.0.0.1", run.port) if own.name == name]
    shown = list(filter(None, process.cmdline()))[:8]  # of the rest as much as there is room for
    assert shown == command[:8]
    held = process.memory_full_info()
    assert held.pss < held.rss - 50 * 2**20  # of its own libraries alone it would share a few


def test_the_application_may_not_change_the_log_and_the_admin_may_migrate(run: Run) -> None:
    with psycopg.connect(run.connection["database_url"]) as application:
        assert application.execute("SELECT current_user").fetchone() == ("callstore",)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            application.execute("DELETE FROM log.event")
    with psycopg.connect(run.connection["admin_database_url"]) as admin:
        assert admin.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone() == (
            True,
        )


def test_a_private_home_stays_private(run: Run) -> None:
    assert stat.S_IMODE(run.home.stat().st_mode) == 0o700
    assert stat.S_IMODE(run.data.stat().st_mode) == 0o700


def test_a_command_beside_it_finds_its_servers(run: Run) -> None:
    code = "from django.db import connection as c; x = c.cursor(); x.execute('SELECT 1'); print(x.fetchone())"
    shell = [sys.executable, str(run.home / "clone" / "manage.py"), "shell", "--no-imports", "-c", code]
    done = subprocess.run(shell, env=stranger(run.home), capture_output=True, text=True)
    assert done.stdout == "(1,)\n", done.stderr


@pytest.mark.parametrize("by", ["database_url", "admin_database_url", None])
def test_the_operator_beside_it_erases_by_whichever_address_is_given(run: Run, by: str | None) -> None:
    given = {"DATABASE_URL": run.connection[by]} if by else {}
    command = [sys.executable, str(run.home / "clone" / "manage.py"), "erase", FOUNDING, "--reason=asked for"]
    done = subprocess.run(command, env={**stranger(run.home), **given}, capture_output=True, text=True)
    assert re.fullmatch(r"Call [0-9a-f-]{36} (is erased|was erased before)\.\n", done.stdout), done.stderr


@pytest.mark.parametrize("name", ["web", "worker", "fetcher", "beat", "relay"])
def test_no_process_has_the_owners_password_in_its_environment(run: Run, name: str) -> None:
    password = urlsplit(run.connection["admin_database_url"]).password
    words = [*psutil.Process(run.connection["pids"][name]).environ().values()]
    assert password and words and not any(password in word for word in words)


def test_no_password_is_in_an_argument_or_a_log(run: Run) -> None:
    urls = (run.connection[name] for name in ("database_url", "admin_database_url", "redis_url"))
    passwords = [password for url in urls if (password := urlsplit(url).password)]
    said = [" ".join(psutil.Process(pid).cmdline()) for pid in run.connection["pids"].values()]
    said += [run.output, *(path.read_text() for path in (run.data / "logs").iterdir())]
    assert len(passwords) == 3
    assert not [text for text in said for password in passwords if password in text]


def test_static_files_have_lasting_names_and_are_compressed(run: Run) -> None:
    manifest = json.loads((run.data / "static" / "staticfiles.json").read_text())
    plotly = manifest["paths"]["vendor/plotly.min.js"]
    status, body = run.get(f"/static/{plotly}")
    assert status == 200 and body.startswith(b"/**\n* plotly.js")
    assert (run.data / "static" / f"{plotly}.gz").exists()


@pytest.mark.parametrize("by_a_link", [False, True])
def test_a_second_up_on_the_same_data_is_refused(run: Run, tmp_path: Path, by_a_link: bool) -> None:
    (tmp_path / "link").symlink_to(run.data)
    where = ["--data-dir", str(tmp_path / "link")] if by_a_link else []
    done = subprocess.run(
        command(run.home, free_port(), *where), env=stranger(run.home), capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "another `up` runs on" in done.stderr and "Traceback" not in done.stderr
    assert run.get("/healthz")[0] == 200


def test_a_port_in_use_is_named(run: Run, tmp_path: Path) -> None:
    data = tmp_path / "data"
    done = subprocess.run(
        command(run.home, run.port, "--data-dir", str(data)),
        env=stranger(run.home),
        capture_output=True,
        text=True,
    )
    shutil.rmtree(servers_folder(data))  # as root it lies elsewhere
    assert done.returncode == 1
    assert f"cannot listen on 127.0.0.1:{run.port}" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["worker", "web", "postgres", "valkey"])
def test_what_is_killed_comes_back(run: Run, name: str) -> None:
    killed = run.connection["pids"][name]
    os.kill(killed, signal.SIGKILL)
    eventually(lambda: run.connection["pids"].get(name, killed) != killed)
    assert psutil.pid_exists(run.connection["pids"][name])
    eventually(lambda: run.is_ready)


def test_what_is_left_out_is_not_run(tmp_path: Path) -> None:
    left_out = Options("127.0.0.1", 0, tmp_path, demo=False, reload=False, without=frozenset({"watch"}))
    assert {own.name for own in wanted(left_out)} == EVERYTHING - {"postgres", "valkey", "watch"}


def test_a_killed_up_is_cleared_away_by_the_next(run: Run) -> None:
    left = run.connection["pids"]
    run.process.kill()
    run.process.wait()
    again = start(run.home, run.port)
    run.process = again.process  # the fixture ends the one that runs
    assert run.connection["pids"].keys() == EVERYTHING
    assert not set(left.values()) & set(run.connection["pids"].values())
    eventually(lambda: not any(map(psutil.pid_exists, left.values())))


def test_the_demos_login_ends_with_it_even_where_it_was_killed(run: Run) -> None:
    visitor = browser()
    assert log_in(visitor, run) == "/calls"
    run.process.kill()
    run.process.wait()
    again = start(run.home, run.port, demo=False)
    run.process = again.process
    assert log_in(browser(), run) == "/login/"
    with visitor.open(f"http://127.0.0.1:{run.port}/calls", timeout=10) as answer:
        assert "/login/" in answer.url
    assert "CALLSTORE_DEMO" not in run.connection["environment"]


def browser() -> urllib.request.OpenerDirector:
    """Somebody with cookies, which he keeps."""
    return urllib.request.build_opener(urllib.request.HTTPCookieProcessor())


def log_in(visitor: urllib.request.OpenerDirector, run: Run) -> str:
    """Where a login as demo/demo leads to."""
    url = f"http://127.0.0.1:{run.port}/login/"
    with visitor.open(url, timeout=10) as page:
        token = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page.read().decode())[0]
    form = {"csrfmiddlewaretoken": token, "username": "demo", "password": "demo"}
    with visitor.open(url, urllib.parse.urlencode(form).encode(), timeout=10) as answer:
        return urllib.parse.urlsplit(answer.url).path


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "::"])
def test_a_demo_that_others_reach_is_refused_in_one_sentence(tmp_path: Path, host: str) -> None:
    data = tmp_path / "data"
    command = [sys.executable, "manage.py", "up", "--demo", "--host", host, "--data-dir", str(data)]
    done = subprocess.run(command, cwd=BASE_DIR, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"CommandError: a demo on {host} lets everybody in who reaches it")
    assert done.stderr.endswith("add --i-know.\n") and not data.exists()


@pytest.mark.parametrize(("host", "insisted"), [("127.0.0.1", False), ("::1", False), ("0.0.0.0", True)])
def test_a_demo_that_nobody_else_reaches_or_that_somebody_insists_on_is_none_to_refuse(
    host: str, insisted: bool
) -> None:
    refuse_open_demo(Options(host, 0, Path("/nonexistent"), demo=True, reload=False, insisted=insisted))


def test_one_signal_ends_everything_and_nothing_else(run: Run) -> None:
    pids = run.connection["pids"].values()
    run.process.send_signal(signal.SIGTERM)
    assert run.process.wait(40) == 0
    assert not any(map(psutil.pid_exists, pids))
    assert not (run.data / "connection.json").exists()
    assert "Traceback" not in run.output
