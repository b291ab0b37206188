"""What our processes are forked from, and that a fork ends as a process of its own does."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.places import ROOT
from tests.web.server import eventually

GIVEN = {**os.environ, "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}
GIVEN |= {"DJANGO_SETTINGS_MODULE": "callstore.settings"}
# A thread that outlives the main one, what is done at the end, and a line that no newline ends.
ENDS = """
import atexit, sys, threading, time
atexit.register(lambda: print("left", end=""))
threading.Thread(target=lambda: (time.sleep(0.05), print("done"))).start()
print(sys.argv[1:], __name__)
{last}
"""


def python(code: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code]
    given = {**GIVEN, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=cwd, env=given, capture_output=True, text=True)


def test_nothing_runs_and_nothing_is_open_where_processes_are_forked_from() -> None:
    code = """
import os, threading
from callstore.local.fork import load
before = os.listdir("/proc/self/fd")
load()
print(threading.active_count(), os.listdir("/proc/self/fd") == before)
from django.db import connections
print({at.connection for at in connections.all()}, connections["default"]._connection_pools)
"""
    done = python(code)
    assert done.stdout == "1 True\n{None} {}\n", done.stderr


@pytest.mark.parametrize(
    ("last", "status", "said"),
    [
        ("", 0, ""),
        ("sys.exit()", 0, ""),
        ("sys.exit(3)", 3, ""),
        ("sys.exit('why')", 1, "why\n"),
        ("1 / 0", 1, "ZeroDivisionError: division by zero\n"),
    ],
)
def test_a_fork_ends_as_a_process_of_its_own_does(tmp_path: Path, last: str, status: int, said: str) -> None:
    (tmp_path / "ends.py").write_text(ENDS.format(last=last))
    forked = python("import os; from callstore.local.fork import run; os._exit(run(['ends', 'x']))", tmp_path)
    alone = subprocess.run([sys.executable, "-m", "ends", "x"], cwd=tmp_path, capture_output=True, text=True)
    assert (forked.returncode, forked.stdout) == (alone.returncode, alone.stdout)
    assert (forked.returncode, forked.stdout) == (status, "['x'] __main__\ndone\nleft")
    assert forked.stderr.endswith(said) and alone.stderr.endswith(said)


def test_a_process_that_cannot_be_forked_is_executed_and_says_itself_what_is_wrong(tmp_path: Path) -> None:
    config, log = tmp_path / "supervisord.conf", tmp_path / "own.log"
    config.write_text(
        f"[supervisord]\nnodaemon=true\nsilent=true\nlogfile={tmp_path / 'log'}\npidfile={tmp_path / 'pid'}\n"
        f"[program:own]\ncommand={sys.executable} -m callstore relay\nredirect_stderr=true\n"
        f"stdout_logfile={log}\n"
    )
    command = [sys.executable, "-m", "callstore.local.fork", f"--configuration={config}"]
    given = {**GIVEN, "DATABASE_URL": "mysql://nobody@127.0.0.1/none"}
    said = "callstore: DATABASE_URL must begin with postgresql://\n"
    with subprocess.Popen(command, cwd=ROOT, env=given) as process:
        try:
            eventually(lambda: log.exists() and said in log.read_text())
        finally:
            process.terminate()
    assert "ImproperlyConfigured" in (tmp_path / "log").read_text()
