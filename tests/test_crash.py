"""A running instance whose processes are killed under load: whatever was acknowledged is there, once.

`make crash` has 20 rounds. Each kills one process with SIGKILL, while calls are delivered over signed HTTP,
and waits until the instance is ready again. A delivery that gets no 2xx is sent again, or given up.
"""

import os
import random
import time
from pathlib import Path

from tests.killing import Load, account, kill, started
from tests.ledger import publish

ROUNDS = int(os.environ.get("CRASH_ROUNDS", "2"))
SEED = os.environ.get("CRASH_SEED", "1")
VICTIMS = ("postgres", "worker", "web", "valkey", "relay")
RATE = 60.0  # deliveries a second
BROKEN_S = (0.5, 2.0)  # of load before each kill, and after the instance is ready again
ROUND = ("round", "killed", "ready again after, s", "deliveries taken meanwhile")


def test_what_was_acknowledged_is_there_exactly_once(tmp_path: Path) -> None:
    chance, rounds = random.Random(SEED), []
    with started(tmp_path) as instance:
        load = Load(instance, SEED, RATE)
        with load.delivered():
            for number, victim in enumerate(victims(chance), 1):
                time.sleep(chance.uniform(*BROKEN_S))
                before = len(load.taken)
                took = kill(instance, victim)
                rounds.append((number, victim, round(took, 1), len(load.taken) - before))
                print(f"round {number:>2}: {victim:<8} killed, ready again after {took:4.1f} s")
        assert len(load.taken) > ROUNDS * RATE / 2, "there was hardly any load"
        found = account(load)
        server = instance.sql("SHOW server_version")[0][0]
    rows = {
        "deliveries tried": len(load.tried),
        "deliveries acknowledged": len(load.taken),
        **dict(sorted(load.counts.items())),
        "facts acknowledged": found.acknowledged,
        "facts in the log": found.kept,
        "acknowledged and not there": len(found.missing),
        "there more than once": len(found.doubled),
        "facts of calls": found.of_calls,
        "facts in the read models": found.shown,
        "calls": found.calls,
    }
    publish("Killed under load", server, rows, table=[ROUND, *rounds])
    assert found.agrees, found


def victims(chance: random.Random) -> list[str]:
    """Each as often as the others, in an order that nobody can rely on."""
    return [one for _ in range(0, ROUNDS, len(VICTIMS)) for one in chance.sample(VICTIMS, len(VICTIMS))][
        :ROUNDS
    ]
