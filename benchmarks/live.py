"""From an event's commit to the changed row of an open list in Chromium, served and projected as by `up`.

Alone, and while fifty other calls get fifty events a second. Then what it takes of the projection of a live
call to note that it was saved.
"""

# ruff: noqa: E402 -- Django is set up before anything that needs it is imported

import os
import re
import statistics
import threading
import time
from collections.abc import Callable
from functools import partial
from multiprocessing import get_context
from uuid import uuid4

import django

django.setup()

from playwright.sync_api import Page

from benchmarks.harness.browser import logged_in
from benchmarks.harness.compare import demanded, interleaved, table
from benchmarks.harness.running import caught_up, free_port, projection, serving, until
from benchmarks.traffic.calls import copies, stories
from benchmarks.traffic.live import write
from callstore.domain.facts.clock import Clock, Instant
from callstore.domain.facts.events import LegStatus
from callstore.domain.facts.record import Draft
from callstore.eventlog.db.statement import run, run_each
from callstore.eventlog.reading import read
from callstore.eventlog.writing.append import append
from callstore.local.processes import by_this_python, web
from callstore.projection import projector, saving
from callstore.projection.changes import journal
from callstore.projection.review.decisions import with_decisions

CALLS = int(os.environ.get("LIVE_CALLS", "20"))  # changed rows a load
APART_S = 0.25
BESIDE = (50, 50.0)  # other live calls, and their events a second
ROUNDS = 300
PLAIN = re.sub(r"^WITH written AS \((.*) RETURNING call_id\).*$", r"\1", saving.UPSERT)
WATCH = """() => {
  window.changed = {};
  const see = (records) => records.forEach(({ target }) => {
    if (!target.matches(".c-verdict")) return;
    window.changed[target.closest("tr").id.slice("call-".length)] ??= Date.now();
  });
  const rows = document.querySelector(".calls tbody");
  new MutationObserver(see).observe(rows, { childList: true, subtree: true });
}"""


def told(leg: str, status: str, at: float) -> Draft:
    """What Twilio says of a leg."""
    return Draft(
        source="twilio", subject=f"twilio:{leg}", key=uuid4().hex, event=LegStatus(status=status),
        occurred=Instant(at, Clock.PROVIDER, 1000), received_at=at, raw=b"{}",
    )  # fmt: skip


def running(number: int) -> dict[str, str]:
    """So many calls that run, projected; the leg of each by its call id."""
    legs = [f"CA{uuid4().hex}" for _ in range(number)]
    append([told(leg, "in-progress", time.time()) for leg in legs])
    caught_up()
    return {str(read.trace_of(f"twilio:{leg}")): leg for leg in legs}


def lags(page: Page) -> list[float]:
    """The ms from each commit to its changed row, one call after the other."""
    legs = running(CALLS)
    page.goto("/calls")
    until(lambda: page.evaluate("document.querySelector('[data-fresh]').dataset.state") == "live", 30)
    page.wait_for_timeout(2_000)  # the stream is open, and what came before it was told
    page.evaluate(WATCH)
    found = []
    for call, leg in legs.items():
        append([told(leg, "completed", time.time())])
        committed = time.time() * 1000
        until(partial(page.evaluate, "call => window.changed[call]", call), 30, pause=0.02)
        found.append(page.evaluate("call => window.changed[call]", call) - committed)
        time.sleep(APART_S)
    return sorted(found)


def beside(page: Page) -> list[float]:
    """The same, while other calls get their events."""
    processes = get_context("spawn")
    kept = processes.SimpleQueue()
    calls, rate = BESIDE
    writer = processes.Process(target=write, args=(kept, calls, CALLS * (APART_S + 1.0), rate))
    writer.start()
    drained = threading.Thread(target=lambda: [kept.get() for _ in iter(writer.is_alive, False)], daemon=True)
    drained.start()
    try:
        return lags(page)
    finally:
        writer.terminate()
        writer.join()


def took(act: Callable[[], object]) -> float:
    """Its ms."""
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def cost() -> float:
    """What noting takes of the projection of one live call, as a share; prints the medians in ms.

    Measured in the statement, which is all that it adds to: a whole projection varies more than that.
    """
    append(next(copies(stories())))
    traces = {
        trace for (trace,) in run("SELECT trace_id FROM log.head ORDER BY since DESC NULLS LAST LIMIT 1", [])
    }
    projector.project(traces, replay=True)
    [(call, records), *_] = projector.gather(traces, replay=True)
    [row] = with_decisions([(call.versions, projector.fold(call, records))])
    parameters = [saving._parameters(row)]

    def announced() -> None:
        journal._announced = float("-inf")
        journal.announce()

    ways: dict[str, Callable[[], object]] = {
        "the row, saved": partial(run_each, PLAIN, parameters),
        "the row, saved and noted": partial(run_each, saving.UPSERT, parameters),
        "an announcement, at most 10 a second": announced,
        "the whole projection": partial(projector.project, traces, replay=True),
    }
    found = interleaved({name: partial(took, act) for name, act in ways.items()}, ROUNDS)
    plain, noted, announcing, whole = medians = [statistics.median(times) for times in found.values()]
    table(["of one live call", "ms"], zip(ways, medians, strict=True))
    return (noted - plain + announcing) / whole


def main() -> None:
    port, rows = free_port(), []
    environment = {"CALLSTORE_DEBUG": "1", "PUBLIC_BASE_URL": "http://localhost"}
    server = serving(by_this_python(web("127.0.0.1", port)), port, environment)
    with projection(), server, logged_in(port) as fresh, fresh() as context:
        page = context.new_page()
        calls, rate = BESIDE
        for name, measure in (("alone", lags), (f"beside {rate:.0f} events/s of {calls} calls", beside)):
            found = measure(page)
            cuts = statistics.quantiles(found, n=100, method="inclusive")
            rows.append((name, cuts[49], cuts[94], found[-1]))
    table(["event to changed row", "p50 ms", "p95 ms", "max ms"], rows)
    share = cost()
    for name, _, p95, _ in rows:
        demanded(f"event to changed row, {name}, p95 ms", p95, most=1000)
    demanded("noting what was saved, as a share of a live call's projection", share, most=0.03)
