"""The chapter "By hand" of docs/operations.md, followed in a folder instead of on a machine of its own."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent
from typing import Any

import yaml

from callstore.local.processes import processes
from tests.places import ROOT

CHAPTER = (ROOT / "docs" / "operations.md").read_text().partition("\n### By hand\n")[2].partition("\n### ")[0]
[SQL] = re.findall(r"```sql\n(.*?)```", CHAPTER, re.S)
BLOCKS = [dedent(block) for block in re.findall(r"^ *```sh\n(.*?)^ *```", CHAPTER, re.S | re.M)]
# What needs a machine of its own: packages and users. The wheel has a test of its own.
NOT_HERE = (
    "apt-get ",
    "useradd ",
    "python3 -m venv ",
    "/opt/callstore/bin/pip ",
    "systemctl ",
    "cd /usr/local/src",
)


class Place:
    """A folder that stands for the machine, and what its servers are called there."""

    def __init__(self, folder: Path, port: int, postgres: str, redis_url: str) -> None:
        self.folder, self.port = folder, port
        self.data = folder / "var/lib/callstore"
        self.instead = {
            "/opt/callstore/bin/python": sys.executable,
            "127.0.0.1:5432": postgres,
            "redis://127.0.0.1:6379/0": redis_url,
            "127.0.0.1:8000": f"127.0.0.1:{port}",
            "--port=8000": f"--port={port}",
            "/run/secrets": str(folder / "etc/callstore/secrets"),
            **{path: f"{folder}{path}" for path in ("/etc/callstore", "/etc/systemd", "/etc/nginx")},
            **{
                path: f"{folder}{path}"
                for path in ("/usr/local/sbin", "/var/lib/callstore", "/var/cache/nginx")
            },
        }
        for path in ("etc/systemd/system", "usr/local/sbin", "var/lib/callstore"):
            (folder / path).mkdir(parents=True)

    def here(self, text: str) -> str:
        """A text of the chapter or of deploy/ with the places and addresses that there are."""
        at_once = "|".join(map(re.escape, self.instead))
        return re.sub(at_once, lambda found: self.instead[found[0]], text)

    def follow(self) -> None:
        """Run the blocks of steps 1 to 5."""
        lines = [
            line for block in BLOCKS[:-2] for line in block.splitlines() if not line.startswith(NOT_HERE)
        ]
        lines = [line for line in lines if line != "nginx -t"]  # tests/local/test_proxy.py has that
        script = self.here("\n".join(lines))
        subprocess.run(["sh", "-eu"], input=script, cwd=ROOT, check=True, text=True, capture_output=True)
        command = self.folder / "usr/local/sbin/callstore"
        command.write_text(self.here(command.read_text()).replace("runuser -u callstore -- ", ""))

    def run(self, line: str, password: str = "") -> subprocess.CompletedProcess[str]:
        """A line of the last two blocks, or another, as root types it."""
        environment = {"PATH": f"{self.folder}/usr/local/sbin:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
        return subprocess.run(
            ["sh", "-c", line], env=environment, input=password, capture_output=True, text=True
        )

    def unit(self, name: str) -> tuple[list[str], dict[str, str]]:
        """The command and the whole environment that systemd gives the process of a unit."""
        units = self.folder / "etc/systemd/system"
        text = (units / f"callstore-{name}.service").read_text()
        common = (units / "callstore-.service.d/common.conf").read_text()
        credentials = self.folder / "credentials" / name
        credentials.mkdir(parents=True, exist_ok=True)
        for target, source in re.findall(r"^LoadCredential=(\w+):(.*)$", text, re.M):
            (credentials / target).write_bytes(Path(self.here(source)).read_bytes())
        said = re.findall(r"^Environment=(.*)$", common + text, re.M)
        named = dict(
            part.split("=", 1) for line in said for part in line.replace("%d", str(credentials)).split()
        )
        argv = shlex.split(re.findall(r"^ExecStart=(.*)$", text, re.M)[0].replace("%%", "%"))
        environment = self.settings() | {key: self.here(value) for key, value in named.items()}
        return [self.here(word) for word in argv], self._with_python(environment)

    def condition(self, name: str) -> list[str]:
        """What systemd runs before a unit's command, which it leaves where this fails."""
        text = (self.folder / f"etc/systemd/system/callstore-{name}.service").read_text()
        return shlex.split(re.findall(r"^ExecCondition=(.*)$", text, re.M)[0].replace("$$", "$"))

    def service(self, name: str) -> tuple[list[str], dict[str, str]]:
        """The command and the whole environment that Compose gives the container of a service."""
        service: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"][name]
        settings = self.settings()
        given = {
            key: re.sub(r"\$\{(\w+):-([^}]*)\}", lambda found: settings.get(found[1]) or found[2], str(value))
            for key, value in service["environment"].items()
        }
        image = dict(
            re.findall(r"(CALLSTORE_DATA_DIR|MALLOC_ARENA_MAX)=(\S+)", (ROOT / "Dockerfile").read_text())
        )
        environment = {key: self.here(value) for key, value in (image | given).items()}
        given = [
            word.replace("$$", "$") for word in map(self.here, service["command"])
        ]  # as Compose reads it
        argv = [sys.executable, *given[1:]] if given[0] == "python" else given
        return argv, self._with_python(environment)

    def settings(self) -> dict[str, str]:
        """What stands in callstore.env."""
        text = (self.folder / "etc/callstore/callstore.env").read_text()
        return dict(re.findall(r"^([A-Z_]+)=(.*)$", text, re.M))

    def healthy(self, name: str, environment: Mapping[str, str]) -> bool:
        """Whether the health check of a service succeeds, run as the container runs it."""
        own = {process.name: process for process in processes("0.0.0.0", 8000)}
        check = own.get(name, own["web"]).health
        command = [sys.executable, *map(self.here, check[1:])]
        return subprocess.run(command, env=environment, cwd=self.data, capture_output=True).returncode == 0

    def _with_python(self, environment: Mapping[str, str]) -> dict[str, str]:
        # The wheel would be installed; the tree stands in for it.
        return {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **environment}
