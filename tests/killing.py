"""A running instance under load, its processes killed: what was acknowledged has to be there, once."""

import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psycopg

from callstore.domain.facts import clear
from callstore.local import orphans
from callstore.local.unprivileged import servers_folder
from callstore.rehearsal.scenarios.sending import SendingFailed, deliver
from callstore.rehearsal.simulation.load import calls
from callstore.settings import DEMO_SETTINGS
from ingest.providers.delivery import Delivery
from ingest.providers.provider import normalise

SENDERS = 4
MANAGE = str(Path(__file__).parents[1] / "manage.py")
CALLS = 1_000_000  # of each sender; more than anybody waits for
BEHIND_S = 1.0  # what a sender makes up for after a standstill
GIVEN_UP = 0.2  # share of deliveries that are not sent again
SECRETS = {
    name: DEMO_SETTINGS[name] for name in ("TWILIO_ACCOUNTS", "OPENAI_WEBHOOK_SECRETS", "INGEST_TOKENS")
}
AGREEING = """
SELECT (SELECT sum(version)::bigint FROM log.head), sum(event_count)::bigint, count(*)::bigint FROM call
"""
SEALED = re.compile(rf"{clear.PREFIX}[0-9a-f]{{32}}")
Fact = tuple[str, str, str]  # subject, source, key


@dataclass
class Instance:
    """A running `up`."""

    url: str
    data: Path

    @property
    def connection(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads((self.data / "connection.json").read_text())
        return told

    @property
    def environment(self) -> dict[str, str]:
        own = {"PATH": os.environ["PATH"], "CALLSTORE_DATA_DIR": str(self.data), "PUBLIC_BASE_URL": self.url}
        return SECRETS | own

    @property
    def is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/readyz", timeout=5).status_code == 200
        except httpx.HTTPError:
            return False

    def sql(self, statement: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.connection["admin_database_url"], autocommit=True) as own:
            return own.execute(statement).fetchall()

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, MANAGE, *arguments]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=300)


@contextmanager
def started(folder: Path) -> Iterator[Instance]:
    """`up` with its data in the folder, from its first readiness until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        running = Instance(f"http://127.0.0.1:{probe.getsockname()[1]}", folder / "data")
    port = running.url.rpartition(":")[2]
    command = [
        sys.executable,
        MANAGE,
        "up",
        "--port",
        port,
        "--data-dir",
        str(running.data),
    ]
    with (
        (folder / "output").open("w+") as out,
        subprocess.Popen(command, env=running.environment, stdout=out, stderr=out) as up,
    ):
        try:
            until(lambda: running.is_ready or up.poll() is not None, 90)
            assert up.poll() is None, (folder / "output").read_text()
            yield running
        finally:
            up.terminate()
            up.wait(60)
            orphans.end(running.data, servers_folder(running.data))
            shutil.rmtree(servers_folder(running.data), ignore_errors=True)


@dataclass
class Load:
    """Calls that are delivered until it is over, and what became of each delivery."""

    instance: Instance
    seed: str
    rate: float  # deliveries a second, of all senders together
    over: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)
    tried: list[Delivery] = field(default_factory=list)
    taken: list[Delivery] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    errors: list[BaseException] = field(default_factory=list)

    @contextmanager
    def delivered(self) -> Iterator[None]:
        """Deliver while the block runs; whatever a sender failed of is raised."""
        senders = [
            threading.Thread(target=self._send, args=(number,), daemon=True) for number in range(SENDERS)
        ]
        for sender in senders:
            sender.start()
        try:
            yield
        finally:
            self.over.set()
            for sender in senders:
                sender.join()
        assert not self.errors, self.errors

    def _send(self, number: int) -> None:
        chance = random.Random(f"{self.seed}:{number}")
        told = calls(CALLS, seed=f"{self.seed}:{number}", hours=1.0)
        try:
            with httpx.Client(base_url=self.instance.url, timeout=15) as client:
                due = time.monotonic()
                for delivery in (d for call in told for d in call.deliveries):
                    if self.over.is_set():
                        return
                    self._one(client, delivery, chance)
                    due = max(due + SENDERS / self.rate, time.monotonic() - BEHIND_S)
                    time.sleep(max(0.0, due - time.monotonic()))
        except BaseException as error:
            self.errors.append(error)

    def _one(self, client: httpx.Client, delivery: Delivery, chance: random.Random) -> None:
        with self.lock:
            self.tried.append(delivery)
        gives_up = chance.random() < GIVEN_UP
        while not self.over.is_set():
            try:
                answer = deliver(client, delivery, self.instance.url)
            except SendingFailed:
                self.counts["no answer"] += 1
            else:
                assert answer.status < 300 or answer.status >= 500, answer
                if answer.status < 300:
                    with self.lock:
                        self.taken.append(delivery)
                    return
                self.counts[f"answered {answer.status}"] += 1
            if gives_up:
                self.counts["given up"] += 1
                return
            time.sleep(0.3)


@dataclass(frozen=True)
class Account:
    """What an instance holds of a load that is over: every figure that has to agree with another."""

    missing: list[Fact]  # acknowledged, and not in the log
    doubled: list[Fact]  # in the log more often than it was sent
    acknowledged: int
    kept: int
    of_calls: int  # facts, by the log
    shown: int  # facts, by the read models
    calls: int
    faults: list[str]  # of `rebuild --check` and `verify_log`

    @property
    def agrees(self) -> bool:
        return not (self.missing or self.doubled or self.faults) and self.shown == self.of_calls

    def beside(self, load: Load) -> dict[str, object]:
        """The rows of a ledger: what the load was told, then what is there."""
        return {
            "deliveries tried": len(load.tried),
            "deliveries acknowledged": len(load.taken),
            **dict(sorted(load.counts.items())),
            "facts acknowledged": self.acknowledged,
            "facts in the log": self.kept,
            "acknowledged and not there": len(self.missing),
            "there more than once": len(self.doubled),
            "facts of calls": self.of_calls,
            "facts in the read models": self.shown,
            "calls": self.calls,
        }


def account(*loads: Load) -> Account:
    """Once all is projected: what the loads were told beside the log, and the log beside the read models."""
    instance = loads[0].instance
    until(lambda: instance.sql("SELECT count(*) FROM log.head WHERE since IS NOT NULL") == [(0,)], 120)
    taken = facts([delivery for load in loads for delivery in load.taken])
    tried = facts([delivery for load in loads for delivery in load.tried])
    kept: defaultdict[Fact, int] = defaultdict(int)
    for subject, source, key in instance.sql(
        "SELECT subject, source, dedup_key FROM log.event"  # what nobody sent is our own, such as a hearing
    ):
        key = SEALED.sub(clear.PREFIX, key)
        kept[subject, source, key if (subject, source, key) in tried else key.rpartition(":")[0]] += 1
    proofs = [instance.manage("rebuild", "--check"), instance.manage("verify_log")]
    [(of_calls, shown, calls_)] = instance.sql(AGREEING)
    return Account(
        missing=[fact for fact, prints in taken.items() if kept[fact] < len(prints)],
        doubled=[fact for fact, prints in tried.items() if kept[fact] > len(prints)],
        acknowledged=sum(map(len, taken.values())),
        kept=sum(count for fact, count in kept.items() if fact in tried),
        of_calls=of_calls,
        shown=shown,
        calls=calls_,
        faults=[proof.stdout + proof.stderr for proof in proofs if proof.returncode],
    )


def kill(instance: Instance, victim: str) -> float:
    """End one of its processes by SIGKILL, and wait until all is ready again; the seconds that took."""
    pid, killed = instance.connection["pids"][victim], time.monotonic()
    os.kill(pid, signal.SIGKILL)
    until(lambda: instance.connection["pids"].get(victim, pid) != pid, 60)
    until(lambda: instance.is_ready, 60)
    return time.monotonic() - killed


def facts(deliveries: list[Delivery]) -> dict[Fact, set[tuple[str, bytes | None]]]:
    """What the deliveries say, by key as far as that is in the clear; each by what tells it from others."""
    found: defaultdict[Fact, set[tuple[str, bytes | None]]] = defaultdict(set)
    for delivery in deliveries:
        for draft in normalise(delivery):
            key = clear.key(draft.key, lambda _: clear.PREFIX)
            found[draft.subject, draft.source, key].add((draft.key, draft.fingerprint))
    return found


def until(condition: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.1)
