"""The page on the proof can be followed as it stands: its lines check a real export."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from callstore.eventlog.proof import seals
from callstore.eventlog.writing.append import append
from tests.eventlog.conftest import empty_log  # noqa: F401
from tests.eventlog.drafts import draft, leg
from tests.eventlog.tampering import await_feed
from tests.places import ROOT

PAGE = ROOT / "docs" / "proof.md"


@pytest.fixture
def export(empty_log, tmp_path):  # noqa: F811
    """What `export_seals --events` writes about two seals of five and three events."""
    for number in (5, 3):
        a = leg()
        append([draft(a, str(n)) for n in range(number)])
        await_feed()
        seals.seal()
    file = tmp_path / "seals.jsonl"
    with file.open("w") as out:
        call_command("export_seals", events=True, stdout=out)
    return file.read_text().splitlines()


def check(lines: list[str], tmp_path: Path) -> subprocess.CompletedProcess[str]:
    [script] = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.S)
    (tmp_path / "check.py").write_text(script)
    # -I: none of our code and no package is at hand
    command = [sys.executable, "-I", "-S", str(tmp_path / "check.py")]
    return subprocess.run(command, input="\n".join(lines), capture_output=True, text=True, timeout=20)


def test_an_export_is_good(export, tmp_path):
    done = check(export, tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert re.findall(r"seal \d, \d events", done.stdout) == ["seal 1, 5 events", "seal 2, 3 events"]
    assert check([line for line in export if "row_sha" not in line], tmp_path).returncode == 0
    assert check(export[6:], tmp_path).returncode == 0


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (lambda e: [e[0][:-4] + ("11" if e[0][-4:-2] == "00" else "00") + e[0][-2:], *e[1:]],
         "seal 1: an event was changed"),
        (lambda e: [e[1], e[0], *e[2:]], "seal 1: an event was changed"),
        (lambda e: e[1:], "seal 1: an event is missing or new"),
        (lambda e: [e[0], *e], "seal 1: an event is missing or new"),
        (lambda e: [*e[:6], *e[7:]], "seal 2: an event is missing or new"),
        (lambda e: [*e[:5], e[5].replace('"n":5', '"n":6'), *e[6:]], "seal 1 is not what its digest says"),
        (lambda e: [*e, again(e[5])], "seal 1 does not follow"),
    ],
)  # fmt: skip
def test_a_tampered_export_is_not(export, tmp_path, lines, said):
    done = check(lines(export), tmp_path)
    assert done.returncode == 1
    assert f"AssertionError: {said}" in done.stderr


def again(line: str) -> str:
    return json.dumps(json.loads(line))


def test_the_lines_are_as_few_as_promised():
    [script] = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.S)
    assert len([line for line in script.splitlines() if line.strip()]) <= 20
