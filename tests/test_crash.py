"""A running instance whose processes are killed under load: whatever was acknowledged is there, once.

`make crash` has 20 rounds. Each kills one process with SIGKILL, while calls are delivered over signed HTTP,
and waits until the instance is ready again. A delivery that gets no 2xx is sent again, or given up.
"""

import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from callstore.local import orphans
from callstore.local.unprivileged import servers_folder
from callstore.rehearsal.scenarios.sending import SendingFailed, deliver
from callstore.rehearsal.simulation.load import calls
from callstore.settings import BASE_DIR, DEMO_SETTINGS
from ingest.providers.delivery import Delivery
from ingest.providers.provider import normalise
from tests.ledger import publish

ROUNDS = int(os.environ.get("CRASH_ROUNDS", "2"))
SEED = os.environ.get("CRASH_SEED", "1")
VICTIMS = ("postgres", "worker", "web", "valkey", "relay")
RATE = 60.0  # deliveries a second, of all senders together
SENDERS = 4
BROKEN_S = (0.5, 2.0)  # of load before each kill, and after the instance is ready again
GIVEN_UP = 0.2  # share of deliveries that are not sent again
SECRETS = {
    name: DEMO_SETTINGS[name] for name in ("TWILIO_ACCOUNTS", "OPENAI_WEBHOOK_SECRETS", "INGEST_TOKENS")
}
ROUND = ("round", "killed", "ready again after, s", "deliveries taken meanwhile")
Fact = tuple[str, str, str]  # subject, source, key


@dataclass
class Instance:
    """A running `up`."""

    url: str
    data: Path

    @property
    def connection(self) -> dict[str, Any]:
        return json.loads((self.data / "connection.json").read_text())

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
        command = [sys.executable, str(BASE_DIR / "manage.py"), *arguments]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=300)


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[Instance]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        running = Instance(f"http://127.0.0.1:{probe.getsockname()[1]}", tmp_path / "data")
    port = running.url.rpartition(":")[2]
    command = [
        sys.executable,
        str(BASE_DIR / "manage.py"),
        "up",
        "--port",
        port,
        "--data-dir",
        str(running.data),
    ]
    with (
        (tmp_path / "output").open("w+") as out,
        subprocess.Popen(command, env=running.environment, stdout=out, stderr=out) as up,
    ):
        try:
            until(lambda: running.is_ready or up.poll() is not None, 90)
            assert up.poll() is None, (tmp_path / "output").read_text()
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
    over: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)
    tried: list[Delivery] = field(default_factory=list)
    taken: list[Delivery] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    errors: list[BaseException] = field(default_factory=list)
    rounds: list[tuple[object, ...]] = field(default_factory=list)

    def send(self, number: int) -> None:
        chance = random.Random(f"{SEED}:{number}")
        told = calls(1_000, seed=f"{SEED}:{number}", hours=1.0)
        try:
            with httpx.Client(base_url=self.instance.url, timeout=15) as client:
                for delivery in (d for call in told for d in call.deliveries):
                    if self.over.is_set():
                        return
                    started = time.monotonic()
                    self._one(client, delivery, chance)
                    time.sleep(max(0.0, SENDERS / RATE - (time.monotonic() - started)))
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


def test_what_was_acknowledged_is_there_exactly_once(instance: Instance) -> None:
    chance = random.Random(SEED)
    load = Load(instance)
    senders = [threading.Thread(target=load.send, args=(number,), daemon=True) for number in range(SENDERS)]
    for sender in senders:
        sender.start()
    try:
        for number, victim in enumerate(victims(chance)):
            time.sleep(chance.uniform(*BROKEN_S))
            one_round(number, victim, load)
    finally:
        load.over.set()
        for sender in senders:
            sender.join()
    assert not load.errors, load.errors
    assert len(load.taken) > ROUNDS * RATE / 2, "there was hardly any load"
    until(lambda: instance.sql("SELECT count(*) FROM log.head WHERE since IS NOT NULL") == [(0,)], 120)
    account(load)


def victims(chance: random.Random) -> list[str]:
    """Each as often as the others, in an order that nobody can rely on."""
    return [one for _ in range(0, ROUNDS, len(VICTIMS)) for one in chance.sample(VICTIMS, len(VICTIMS))][
        :ROUNDS
    ]


def one_round(number: int, victim: str, load: Load) -> None:
    instance, before = load.instance, len(load.taken)
    pid = instance.connection["pids"][victim]
    killed = time.monotonic()
    os.kill(pid, signal.SIGKILL)
    until(lambda: instance.connection["pids"].get(victim, pid) != pid, 60)
    until(lambda: instance.is_ready, 60)
    took, came = time.monotonic() - killed, len(load.taken) - before
    load.rounds.append((number + 1, victim, round(took, 1), came))
    print(
        f"round {number + 1:>2}: {victim:<8} killed, ready again after {took:4.1f} s, {came} taken meanwhile"
    )


def account(load: Load, title: str = "Killed under load", head: tuple[str, ...] = ROUND) -> None:
    """Every acknowledged fact is in the log once, none that was never sent, and all in the read models."""
    taken, tried = facts(load.taken), facts(load.tried)
    kept: defaultdict[Fact, int] = defaultdict(int)
    for subject, source, key in load.instance.sql(
        "SELECT subject, source, dedup_key FROM log.event WHERE source NOT IN ('audio', 'operator')"  # those are our own
    ):
        kept[subject, source, key if (subject, source, key) in tried else key.rpartition(":")[0]] += 1
    missing = [fact for fact, prints in taken.items() if kept[fact] < len(prints)]
    doubled = [fact for fact, count in kept.items() if count > len(tried.get(fact, ()))]
    of_calls = load.instance.sql("SELECT count(*), sum(version)::bigint FROM log.head")[0]
    shown = load.instance.sql("SELECT count(*), sum(event_count) FROM call")[0]
    checked, proved = load.instance.manage("rebuild", "--check"), load.instance.manage("verify_log")
    rows = {
        "deliveries tried": len(load.tried),
        "deliveries acknowledged": len(load.taken),
        **dict(sorted(load.counts.items())),
        "facts acknowledged": sum(map(len, taken.values())),
        "facts in the log": sum(kept.values()),
        "acknowledged and not there": len(missing),
        "there more than once": len(doubled),
        "facts of calls": of_calls[1],
        "facts in the read models": shown[1],
        "calls": shown[0],
    }
    publish(title, load.instance.sql("SHOW server_version")[0][0], rows, table=[head, *load.rounds])
    assert not missing, missing[:5]
    assert not doubled, doubled[:5]
    assert shown[1] == of_calls[1]
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert proved.returncode == 0, proved.stdout + proved.stderr


def facts(deliveries: list[Delivery]) -> dict[Fact, set[bytes | None]]:
    """What the deliveries say, by key; facts without a number of their own are told apart by content."""
    found: defaultdict[Fact, set[bytes | None]] = defaultdict(set)
    for delivery in deliveries:
        for draft in normalise(delivery):
            found[draft.subject, draft.source, draft.key].add(draft.fingerprint)
    return found


def until(condition: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.1)
