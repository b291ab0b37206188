"""Two hosts, each with every process, on one Postgres and one Valkey: one is cut off in the middle of calls.

The hosts are network namespaces behind one bridge, so a pulled cable is one: nobody hears an end.
`make hosts` sends 2,000 calls. What was answered 2xx must be in the log once, whoever answered it.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from callstore.local import servers
from callstore.local.servers import Server
from callstore.rehearsal.scenarios.sending import SendingFailed, deliver
from callstore.rehearsal.simulation.load import calls
from callstore.rehearsal.simulation.story import BRIEF, SimulatedCall
from tests.killing import MANAGE, SECRETS, Load, account, until
from tests.ledger import publish

CALLS = int(os.environ.get("HOSTS_CALLS", "0"))
pytestmark = [
    pytest.mark.skipif(not CALLS, reason="it takes minutes: `make hosts`"),
    pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("ip"), reason="needs root and iproute2"),
]
BRIDGE, STORE, CLIENT = "cs-hosts", "10.94.0.1", "10.94.0.9"  # the client is no host of the store's
PORT, READY = 9450, "callstore is ready"
SENDERS = 8
OVER_WITHIN_S = 10.0
CUT_S, LOST_S = 30.0, 15.0
PUBLIC = "http://calls.example"
ROUND = ("at, s", "what", "seconds", "deliveries taken meanwhile")
LEADERS = "SELECT role, holder::text FROM log.leader WHERE until > now()"


def ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True)


@dataclass
class Host:
    """A network namespace with an address on the bridge, and `up` in it."""

    name: str
    address: str
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://{self.address}:{PORT}"

    @property
    def is_ready(self) -> bool:
        with httpx.Client(transport=httpx.HTTPTransport(local_address=CLIENT), timeout=3) as client:
            try:
                return client.get(f"{self.url}/readyz").status_code == 200
            except httpx.HTTPError:
                return False

    def make(self) -> None:
        ip("netns", "add", self.name)
        ip("link", "add", f"{self.name}-v", "type", "veth", "peer", "name", "eth0", "netns", self.name)
        ip("link", "set", f"{self.name}-v", "master", BRIDGE, "up")
        for command in (
            ("addr", "add", f"{self.address}/24", "dev", "eth0"),
            ("link", "set", "eth0", "up"),
            ("link", "set", "lo", "up"),
        ):
            ip("-n", self.name, *command)

    def start(self, folder: Path, environment: dict[str, str]) -> None:
        command = ["ip", "netns", "exec", self.name, sys.executable, MANAGE, "up"]
        command += ["--host", self.address, "--port", str(PORT), "--data-dir", str(folder / self.name)]
        with (folder / f"{self.name}.log").open("wb") as out:
            self.process = subprocess.Popen(command, env=environment, stdout=out, stderr=out)

    def pull_cable(self) -> None:
        ip("link", "set", f"{self.name}-v", "down")

    def plug_cable(self) -> None:
        ip("link", "set", f"{self.name}-v", "up")

    def lose_store(self) -> None:
        """What goes to Postgres and Valkey goes nowhere; clients still come."""
        ip("-n", self.name, "route", "add", "blackhole", STORE)

    def find_store(self) -> None:
        ip("-n", self.name, "route", "del", "blackhole", STORE)


@dataclass
class Site:
    """Both hosts and what they share; it is asked like one instance."""

    hosts: list[Host]
    admin_url: str
    environment: dict[str, str]

    def sql(self, statement: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.admin_url, autocommit=True) as own:
            return own.execute(statement).fetchall()

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, MANAGE, *arguments]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=600)


@pytest.fixture
def site() -> Iterator[Site]:
    folder = Path(tempfile.mkdtemp(prefix="callstore-hosts-"))
    folder.chmod(0o711)
    hosts = [Host("cs-a", "10.94.0.11"), Host("cs-b", "10.94.0.12")]
    running: list[subprocess.Popen[bytes]] = []
    try:
        ip("link", "add", BRIDGE, "type", "bridge", "forward_delay", "0")
        for address in (STORE, CLIENT):
            ip("addr", "add", f"{address}/24", "dev", BRIDGE)
        ip("link", "set", BRIDGE, "up")
        for host in hosts:
            host.make()
        pair = (servers.postgres(folder, durable=False), servers.valkey(folder))  # neither is killed here
        store = [on_the_bridge(server, folder) for server in pair]
        for server in store:
            running.append(server.start(folder / f"{server.name}.log"))
            server.wait()
        database, broker = (server.admin_url.replace("127.0.0.1", STORE) for server in store)
        environment = SECRETS | {
            "PATH": os.environ["PATH"],
            "DATABASE_URL": database,
            "REDIS_URL": broker,
            "PUBLIC_BASE_URL": PUBLIC,
            "ALLOWED_HOSTS": "*",
            "SECRET_KEY": "x" * 50,
            "LOG_KEY": "a2V5LW9mLXRoZS10ZXN0cy1rZXktb2YtdGhlLXRlc3Q=",
        }
        for host in hosts:  # the first leads
            host.start(folder, environment)
            said = folder / f"{host.name}.log"
            until(
                lambda host=host, said=said: READY in said.read_text() or host.process.poll() is not None, 300
            )
            assert host.process.poll() is None, said.read_text()
        yield Site(hosts, database, environment | {"CALLSTORE_DATA_DIR": str(folder / "here")})
    finally:
        for host in hosts:
            if host.process:
                host.process.terminate()
                host.process.wait(90)
        for process in reversed(running):
            process.send_signal(signal.SIGINT)
            process.wait(60)
        for host in hosts:
            subprocess.run(["ip", "netns", "del", host.name], capture_output=True)
        subprocess.run(["ip", "link", "del", BRIDGE], capture_output=True)
        shutil.rmtree(folder, ignore_errors=True)


def on_the_bridge(server: Server, folder: Path) -> Server:
    """The same server, which listens to the hosts, too."""
    if server.name == "valkey":
        return replace(server, argv=[*server.argv, "--bind", f"127.0.0.1 {STORE}"])
    access = folder / "postgres" / "pg_hba.conf"
    access.write_text(f"{access.read_text()}host all all {STORE}/24 scram-sha-256\n")
    return replace(server, argv=[*server.argv, "-c", f"listen_addresses=127.0.0.1,{STORE}"])


@dataclass
class TwoHostLoad(Load):
    """Calls that are delivered to either host, as by a balancer: to the other where one is silent."""

    rounds: list[tuple[object, ...]] = field(default_factory=list)
    waiting: list[SimulatedCall] = field(default_factory=list)
    dead_until: dict[str, float] = field(default_factory=dict)
    by_host: dict[str, int] = field(default_factory=dict)
    done: int = 0
    rounds: list[tuple[object, ...]] = field(default_factory=list)

    def send(self, number: int) -> None:
        chance = random.Random(number)
        try:
            with httpx.Client(transport=httpx.HTTPTransport(local_address=CLIENT), timeout=3) as client:
                while self.waiting and not self.over.is_set():
                    for delivery in self.waiting.pop().deliveries:
                        with self.lock:
                            self.tried.append(delivery)
                        self._until_taken(client, delivery, chance)
                    with self.lock:
                        self.done += 1
        except BaseException as error:
            self.errors.append(error)

    def _until_taken(self, client: httpx.Client, delivery: Any, chance: random.Random) -> None:
        while not self.over.is_set():
            alive = [h for h in self.instance.hosts if self.dead_until.get(h.name, 0.0) < time.monotonic()]
            if not alive:
                time.sleep(0.1)
                continue
            host = chance.choice(alive)
            client.base_url = host.url
            try:
                answer = deliver(client, delivery, PUBLIC)
            except SendingFailed:
                self.counts["no answer"] += 1
                self.dead_until[host.name] = time.monotonic() + 2
                continue
            assert answer.status < 300 or answer.status >= 500, answer
            if answer.status < 300:
                with self.lock:
                    self.taken.append(delivery)
                    self.by_host[host.name] = self.by_host.get(host.name, 0) + 1
                return
            self.counts[f"answered {answer.status}"] += 1
            time.sleep(0.1)


def test_a_host_is_cut_off_in_the_middle_of_many_calls_and_nothing_is_lost_or_doubled(site: Site) -> None:
    load = TwoHostLoad(site, "hosts", 0.0, waiting=list(calls(CALLS, seed="hosts", hours=1.0, manner=BRIEF)))
    senders = [threading.Thread(target=load.send, args=(number,), daemon=True) for number in range(SENDERS)]
    began = time.monotonic()
    first, _ = site.hosts
    for sender in senders:
        sender.start()

    def happened(what: str, seconds: float, before: int) -> None:
        load.rounds.append(
            (round(time.monotonic() - began, 1), what, round(seconds, 1), len(load.taken) - before)
        )
        print(*load.rounds[-1], flush=True)

    try:
        until(lambda: load.done > CALLS * 0.25 or bool(load.errors), 1800)
        before, leading = len(load.taken), dict(site.sql(LEADERS))
        pulled = time.monotonic()
        [(at,)] = site.sql("SELECT now()::text")
        first.pull_cable()
        for role in ("relay", "beat"):
            until(lambda role=role: dict(site.sql(LEADERS)).get(role) not in (None, leading[role]), 60)
            happened(f"the other host's {role} leads", time.monotonic() - pulled, before)
            assert time.monotonic() - pulled < OVER_WITHIN_S
        behind = f"SELECT count(*) FROM log.head WHERE since < '{at}'::timestamptz"
        until(lambda: site.sql(behind) == [(0,)], 60)
        moved = time.monotonic() - pulled
        happened("all is projected that the host had in hand", moved, before)
        time.sleep(max(0.0, pulled + CUT_S - time.monotonic()))
        first.plug_cable()
        until(lambda: first.is_ready, 60)
        happened("the host is back and ready", time.monotonic() - pulled - CUT_S, before)

        until(lambda: load.done > CALLS * 0.6 or bool(load.errors), 1800)
        before, by_it, lost = len(load.taken), load.by_host[first.name], time.monotonic()
        first.lose_store()
        time.sleep(LOST_S)
        first.find_store()
        load.counts["answered by the host that had lost the store"] = load.by_host[first.name] - by_it
        happened("the host had lost the store, and took calls", time.monotonic() - lost, before)
        for sender in senders:
            sender.join(1800)
    finally:
        load.over.set()
    assert not load.errors, load.errors
    assert load.done == CALLS
    assert load.counts["answered by the host that had lost the store"] > 0
    until(lambda: not list((site_folder(site) / first.name / "spool").glob("*.spool")), 60)
    until(lambda: site.sql("SELECT count(*) FROM log.head WHERE since IS NOT NULL") == [(0,)], 120)
    happened("all calls are sent and projected", time.monotonic() - began, 0)
    load.counts |= {f"answered by {name}": count for name, count in load.by_host.items()}
    found, server = account(load), site.sql("SHOW server_version")[0][0]
    publish("One of two hosts cut off", server, found.beside(load), table=[ROUND, *load.rounds])
    assert found.agrees, found
    assert moved < OVER_WITHIN_S


def site_folder(site: Site) -> Path:
    return Path(site.environment["CALLSTORE_DATA_DIR"]).parent
