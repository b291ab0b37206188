"""The wheel by itself, in an environment without the clone: `callstore up --demo` in an empty folder."""

import os
import re
import subprocess
import sys
import sysconfig
import urllib.request
import venv
from collections.abc import Iterator
from pathlib import Path

import pytest

from callstore.local import orphans
from callstore.local.unprivileged import servers_folder
from callstore.outbound.traces.send import PACKAGES
from tests.local.test_up import eventually, free_port
from tests.places import ROOT


@pytest.fixture(scope="module")
def bin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of an environment with the wheel; the packages that it depends on are those of these tests."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    venv.create(folder / "venv", with_pip=False, symlinks=True)
    [site] = folder.glob("venv/lib/python*/site-packages")
    (site / "packages.pth").write_text(sysconfig.get_path("purelib") + "\n")
    [wheel] = folder.glob("*.whl")
    install = [sys.executable, "-m", "pip", f"--python={folder}/venv/bin/python", "install", "--quiet"]
    subprocess.run([*install, "--no-deps", "--no-compile", "--no-index", str(wheel)], check=True)
    return folder / "venv" / "bin"


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    data = tmp_path / ".data"
    if data.exists():
        orphans.end(data, servers_folder(data))


def test_the_wheel_has_the_extra_that_sends_traces(bin: Path) -> None:
    [metadata] = bin.parent.glob("lib/python*/site-packages/callstore-*.dist-info/METADATA")
    wanted = set(re.findall(r"^Requires-Dist: ([\w-]+); extra == 'otel'$", metadata.read_text(), re.M))
    assert wanted == set(PACKAGES.split())


def test_a_demo_runs_in_an_empty_folder_and_keeps_everything_there(bin: Path, empty: Path) -> None:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [bin / "callstore", *arguments]
        return subprocess.run(command, cwd=empty, env=environment, capture_output=True, text=True)

    environment = {"PATH": os.environ["PATH"], "HOME": str(bin.parent)}
    (empty / "callstore.py").write_text("raise SystemExit('whatever lies here is not run')\n")
    port, said = free_port(), empty / "said"
    with said.open("wb") as out:
        up = subprocess.Popen(
            [bin / "callstore", "up", "--demo", f"--port={port}"],
            cwd=empty, env=environment, stdout=out, stderr=out,
        )  # fmt: skip
    try:
        eventually(lambda: "Ctrl-C stops it" in said.read_text() or up.poll() is not None, 180)
        assert up.poll() is None, said.read_text()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/login/", timeout=10) as page:
            [style, *_] = [part for part in page.read().decode().split('"') if part.endswith(".css")]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{style}", timeout=10) as looks:
            assert looks.status == 200
        sent = run("send_scenario", "natural_end", "--rebase", f"--url=http://127.0.0.1:{port}")
        assert sent.returncode == 0, sent.stderr
        checked = run("verify_log")
        assert checked.returncode == 0, checked.stderr
    finally:
        up.terminate()
        up.wait(60)
    assert {path.name for path in empty.iterdir()} == {"callstore.py", "said", ".data"}
    assert {"static", "recordings", "logs"} <= {path.name for path in (empty / ".data").iterdir()}
    assert not (Path(next(bin.parent.glob("lib/python*/site-packages"))) / ".data").exists()
