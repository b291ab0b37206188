"""supervisord as a child of `up`: it starts our processes and the servers, again whenever one dies."""

import contextlib
import http.client
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
import xmlrpc.client
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from supervisor.xmlrpc import SupervisorTransport

from callstore.base.environment import working_dir
from callstore.local.processes import Process, by_this_python
from callstore.local.servers import Server
from callstore.local.unprivileged import private

# A socket's path may have 107 bytes, and supervisor makes it under a name a little longer.
SOCKET_ROOM = 80
EXECUTES, FORKS = "supervisor.supervisord", "callstore.local.fork"
SERVERS = {"postgres": "INT", "valkey": "TERM"}  # and the stop signal: at INT Postgres leaves its clients


@dataclass(frozen=True, slots=True)
class Program:
    """One process that is started again whenever it dies."""

    name: str
    argv: list[str]
    options: dict[str, str] = field(default_factory=dict)


def application(processes: Iterable[Process]) -> list[Program]:
    """Our own processes as programs, started by `begin` once there is a database for them."""
    return [
        Program(own.name, by_this_python(own.argv), {"stopwaitsecs": str(own.stop_seconds)})
        for own in processes
    ]


def embedded(servers: Iterable[Server]) -> list[Program]:
    """The servers as programs, started with supervisor itself and stopped after everything else."""
    return [
        Program(
            server.name,
            server.argv,
            {
                "autostart": "true",
                "priority": "1",
                "directory": "/",
                "stopsignal": SERVERS[server.name],
                **({"user": server.user} if server.user else {}),
            },
        )
        for server in servers
    ]


class NoAnswer(Exception):
    """supervisord does not answer."""


class Supervisor:
    """supervisord as a child of this process, spoken to over a socket.

    With `forks` our processes hold once what they have in common. What dies starts again with the same code.
    """

    def __init__(
        self, data: Path, programs: list[Program], environment: Mapping[str, str], *, forks: bool = False
    ) -> None:
        self.data = data
        # Elsewhere a fork that executes nothing loses what the system's own libraries hold.
        self.module = FORKS if forks and sys.platform == "linux" else EXECUTES
        self.programs = programs
        self.environment = environment
        deep = len(str(data)) > SOCKET_ROOM
        self.folder = Path(tempfile.mkdtemp(prefix="callstore-")) if deep else data
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and with it the programs that start by themselves; return when it answers."""
        (self.data / "logs").mkdir(mode=0o700, exist_ok=True)
        config = self.data / "supervisord.conf"
        private(config, self._config())
        command = by_this_python(["python", "-m", self.module, "--nodaemon", f"--configuration={config}"])
        # A session of its own: Ctrl-C goes to `up` alone, which stops the rest in order.
        self.process = subprocess.Popen(
            command,
            env=self.environment,
            cwd=working_dir(self.data),
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        deadline = time.monotonic() + 20
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise NoAnswer
            time.sleep(0.05)

    def begin(self, names: Iterable[str]) -> None:
        """Start these programs without waiting for them."""
        for name in names:
            with contextlib.suppress(xmlrpc.client.Fault):  # it runs already
                self._call("startProcess", name, False)

    def end(self, names: Iterable[str], seconds: float = 30) -> None:
        """Stop these programs and return when they are gone, or after so many seconds."""
        names = set(names)
        for name in names:
            with contextlib.suppress(xmlrpc.client.Fault):  # it is stopped already
                self._call("stopProcess", name, False)
        deadline = time.monotonic() + seconds
        while names & self.pids().keys() and time.monotonic() < deadline:
            time.sleep(0.05)

    def pids(self) -> dict[str, int]:
        """The pid of every program that runs now, by name."""
        return {info["name"]: info["pid"] for info in self._call("getAllProcessInfo") if info["pid"]}

    def stop(self) -> None:
        """Stop everything, the servers last, and return when it is gone."""
        if self.process is not None:
            # supervisord's own way out looks only once a second at each program, one after the other.
            with contextlib.suppress(NoAnswer):
                for servers in (False, True):
                    self.end(p.name for p in self.programs if (p.name in SERVERS) == servers)
            self.process.terminate()
            try:
                self.process.wait(timeout=60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        if self.folder != self.data:
            shutil.rmtree(self.folder, ignore_errors=True)

    def _answers(self) -> bool:
        with contextlib.suppress(NoAnswer, xmlrpc.client.Fault):
            return bool(self._call("getState"))
        return False

    def _call(self, method: str, *arguments: Any) -> Any:
        transport = SupervisorTransport(serverurl=f"unix://{self._socket}")
        try:
            with xmlrpc.client.ServerProxy("http://127.0.0.1", transport=transport) as proxy:
                return getattr(proxy.supervisor, method)(*arguments)
        except (OSError, http.client.HTTPException, xmlrpc.client.ProtocolError) as error:
            raise NoAnswer from error

    @property
    def _socket(self) -> Path:
        return self.folder / "supervisor"

    def _config(self) -> str:
        logs = self.data / "logs"
        sections: dict[str, dict[str, str]] = {
            "supervisord": {
                "nodaemon": "true",
                "silent": "true",
                "umask": "077",
                "logfile": f"{logs / 'supervisord.log'}",
                "pidfile": f"{self.data / 'supervisord.pid'}",
                "childlogdir": f"{logs}",
                **({"user": "root"} if os.geteuid() == 0 else {}),
            },
            "unix_http_server": {"file": str(self._socket), "chmod": "0700"},
            "rpcinterface:supervisor": {
                "supervisor.rpcinterface_factory": "supervisor.rpcinterface:make_main_rpcinterface"
            },
        }
        for program in self.programs:
            sections[f"program:{program.name}"] = {
                "command": shlex.join(program.argv),
                "directory": str(working_dir(self.data)),
                "autostart": "false",
                "autorestart": "true",
                # It waits a second longer after each failed start; a number of tries would end in giving up.
                "startsecs": "1",
                "startretries": "1000000",
                "killasgroup": "true",
                "redirect_stderr": "true",
                "stdout_logfile": f"{logs / program.name}.log",
                "stdout_logfile_maxbytes": "5MB",
                "stdout_logfile_backups": "1",
                **program.options,
            }
        return "".join(
            f"[{name}]\n" + "".join(f"{key} = {value.replace('%', '%%')}\n" for key, value in section.items())
            for name, section in sections.items()
        )
