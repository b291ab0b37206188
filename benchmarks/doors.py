"""From HTTP to commit: our door as `up` serves it, beside a minimal endpoint that does one bare insert.

Ours checks Twilio's signature, reads the form, encrypts, digests, and appends what is new. The peer
(benchmarks/peers/bare.py) is Starlette with psycopg's pool on uvicorn with two workers, which keep the body.
Both get the same signed callbacks over sixteen connections, in turns, and answer after the commit. Then, over
32, the four callbacks of one child leg after another's, each with its parent: calls that nobody has met.
"""

# ruff: noqa: E402 -- Django is set up before anything that needs it is imported

import gc
import statistics
import sys
from collections.abc import Callable
from functools import partial

import django

django.setup()

import psutil
from django.conf import settings

from benchmarks.harness.cluster import as_owner
from benchmarks.harness.compare import demanded, interleaved, ratio, table
from benchmarks.harness.load import Outcome, drive, post
from benchmarks.harness.running import free_port, serving
from benchmarks.peers import bare
from benchmarks.traffic.callbacks import TOKEN, callbacks, of_children
from callstore.eventlog.db.statement import run
from callstore.local.processes import by_this_python, web
from ingest.providers.delivery import Delivery
from ingest.providers.provider import discovered

ROUNDS = 5
SHARE = 5_000  # requests of each in a round
PEER, OURS = "bare insert, Starlette", "our door"
BURST, AT_ONCE = 5_000, 200  # deliveries, and connections that bring them
STEADY_S, STEADY_ROUNDS = 5.0, 3
FRESH_ROUNDS, FRESH_SHARE, FRESH_CONNECTIONS = 3, 3_000, 32
UVICORN = [sys.executable, "-m", "uvicorn", f"--workers={bare.WORKERS}", "--no-access-log"]
UVICORN += ["--log-level=warning", "benchmarks.peers.bare:app"]


def main() -> None:
    as_owner(bare.TABLE)
    as_owner("GRANT INSERT ON bare TO PUBLIC")
    at = {PEER: free_port(), OURS: free_port()}
    commands = {PEER: [*UVICORN, f"--port={at[PEER]}"], OURS: by_this_python(web("127.0.0.1", at[OURS]))}
    with serving(commands[PEER], at[PEER]) as peer, serving(commands[OURS], at[OURS]) as door:
        turns = {name: partial(peak, port) for name, port in at.items()}
        interleaved(turns, 1)  # until plans, pools and caches are warm
        rates = interleaved(turns, ROUNDS)
        half = statistics.median(rates[OURS]) / 2
        steady = [{name: loaded(port, half) for name, port in at.items()} for _ in range(STEADY_ROUNDS)]
        fresh = [{name: begun(port) for name, port in at.items()} for _ in range(FRESH_ROUNDS)]
        memory = {PEER: _memory_mb(peer), OURS: _memory_mb(door)}
        burst, again = absorbed(at[OURS])
    ratios = {name: ratio(rates[name], rates[PEER]) for name in at}
    p50, p99 = (
        {name: statistics.median(each[name].percentile(share) for each in steady) for name in at}
        for share in (0.5, 0.99)
    )
    table(
        ["", "requests/s", "ratio", f"p50 ms at {half:,.0f}/s", "p99 ms", "MB, all processes"],
        [
            [name, statistics.median(rates[name]), ratios[name], p50[name], p99[name], memory[name]]
            for name in at
        ],
    )
    beginning = {name: [each[name] for each in fresh] for name in at}
    fresh_rates = {name: [outcome.rate for outcome in of] for name, of in beginning.items()}
    fresh_p99 = {name: [outcome.percentile(0.99) for outcome in of] for name, of in beginning.items()}
    fresh_ratios, later = (
        {name: ratio(of[name], of[PEER]) for name in at} for of in (fresh_rates, fresh_p99)
    )
    table(
        [f"fresh calls, {FRESH_CONNECTIONS} connections", "requests/s", "ratio", "p99 ms", "ratio"],
        [
            [
                name,
                statistics.median(fresh_rates[name]),
                fresh_ratios[name],
                statistics.median(fresh_p99[name]),
                later[name],
            ]
            for name in at
        ],
    )
    for what, outcome in (("A burst", burst), ("The same again", again)):
        answers = ", ".join(f"{count:,} × {status}" for status, count in outcome.statuses.items())
        slowest = outcome.latencies[-1] * 1000
        print(
            f"{what} on {AT_ONCE} connections: {answers}, {outcome.rate:,.0f}/s, slowest {slowest:,.0f} ms.\n"
        )
    demanded("door to bare endpoint, requests/s", ratios[OURS], least=0.6)
    demanded("door at half of its peak, p99 ms", p99[OURS], most=15)
    demanded("door to bare endpoint, fresh calls, requests/s", fresh_ratios[OURS], least=0.5)
    demanded("door to bare endpoint, fresh calls, p99", later[OURS], most=4)
    demanded(f"refused of a burst of {BURST:,}", float(_refused(burst)), most=0)


def peak(port: int) -> float:
    """Requests a second."""
    outcome = drive(("127.0.0.1", port), signed(SHARE))
    assert not _refused(outcome), outcome.statuses
    return outcome.rate


def begun(port: int) -> Outcome:
    """As fast as it goes, with calls that begin."""
    outcome = drive(("127.0.0.1", port), signed(FRESH_SHARE, of_children), FRESH_CONNECTIONS)
    assert not _refused(outcome), outcome.statuses
    return outcome


def loaded(port: int, rate: float) -> Outcome:
    return drive(("127.0.0.1", port), signed(int(rate * STEADY_S)), rate=rate)


def absorbed(port: int) -> tuple[Outcome, Outcome]:
    """A burst, and the same once more, as a provider repeats; each fact of it is then in the log once."""
    before, requests = _kept(), signed(BURST)
    burst = drive(("127.0.0.1", port), requests, AT_ONCE)
    twice = drive(("127.0.0.1", port), requests, AT_ONCE)
    assert _kept() - before == BURST, f"{_kept() - before:,} of {BURST:,} are in the log"
    return burst, twice


def signed(count: int, made: Callable[[int], list[Delivery]] = callbacks) -> list[bytes]:
    """So many new callbacks as they go over the wire; the collector rests from here on."""
    provider = discovered()["twilio"]
    base = settings.PUBLIC_BASE_URL
    deliveries = (provider.sign(d, secret=TOKEN, base_url=base) for d in made(count))
    requests = [post(d.path, dict(d.headers), d.body) for d in deliveries]
    gc.collect()
    gc.freeze()
    return requests


def _memory_mb(server: psutil.Process) -> float:
    return sum(p.memory_info().rss for p in (server, *server.children(recursive=True))) / 2**20


def _refused(outcome: Outcome) -> int:
    return sum(count for status, count in outcome.statuses.items() if status != 204)


def _kept() -> int:
    return int(run("SELECT count(*) FROM log.event", [])[0][0])
