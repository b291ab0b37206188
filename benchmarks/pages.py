"""The page of a call in Chromium, served as by `up`: opened cold, zoomed and panned, played, and its weight.

A call of five minutes and one of four hours, both recorded. Each opening is a browser context with nothing
cached. Beside it wavesurfer.js draws and scrubs the recording of five minutes on a page that has nothing
else: from the sound alone, as it does by itself, and from our peaks.
"""

# ruff: noqa: E402 -- Django is set up before anything that needs it is imported

import os
import statistics
from collections.abc import Sequence
from functools import partial

import django

django.setup()

import psutil
from django.core.management import call_command
from playwright.sync_api import Page

from benchmarks.harness.browser import logged_in
from benchmarks.harness.compare import demanded, table
from benchmarks.harness.frames import FRAMES, Frames, frames_of, pan_and_zoom, played, scrubbed
from benchmarks.harness.running import free_port, serving
from benchmarks.harness.weight import packed_kb
from benchmarks.peers import wavesurfer
from benchmarks.traffic.recorded import Recorded, recorded_call
from callstore.local.processes import by_this_python, web

ROUNDS = int(os.environ.get("PAGES_ROUNDS", "15"))
CALLS = {"5 minutes": (1_000, 300.0), "4 hours": (50_000, 14_400.0)}
OPENS_MS = {"5 minutes": 800, "4 hours": 1_200}
DRAWN = """() => {
  const [page] = performance.getEntriesByType("navigation");
  const [drawn] = performance.getEntriesByName("drawn");
  return [page.responseStart, page.domContentLoadedEventEnd, drawn.startTime];
}"""


def p95(found: Sequence[float]) -> float:
    return statistics.quantiles(found, n=100, method="inclusive")[94]


def drawn(page: Page, call: Recorded) -> list[float]:
    """Opens the call: the ms until its first byte, until its page is read, until all is drawn."""
    page.goto(f"/calls/{call.call}", wait_until="commit")
    page.wait_for_selector("[data-drawn=wide]", timeout=60_000, state="attached")
    found: list[float] = page.evaluate(DRAWN)
    return found


def opened(page: Page, call: Recorded, server: psutil.Process) -> list[float]:
    """The same, and the ms of processor that server and page took of it, whatever else runs beside."""
    before = cpu_ms(server)
    thread = page.context.new_cdp_session(page)
    thread.send("Performance.enable", {"timeDomain": "threadTicks"})
    times = drawn(page, call)
    metrics = {each["name"]: each["value"] for each in thread.send("Performance.getMetrics")["metrics"]}
    return [cpu_ms(server) - before, metrics["TaskDuration"] * 1000, *times]


def cpu_ms(process: psutil.Process) -> float:
    """What a process and its children have taken of a processor so far."""
    times = [each.cpu_times() for each in (process, *process.children(recursive=True))]
    return sum(each.user + each.system for each in times) * 1000


def main() -> None:
    calls = {name: recorded_call(*how) for name, how in CALLS.items()}
    call_command("collectstatic", verbosity=0, interactive=False)
    port = free_port()
    ours = serving(
        by_this_python(web("127.0.0.1", port)), port, {"PUBLIC_BASE_URL": f"http://127.0.0.1:{port}"}
    )
    times: dict[str, list[list[float]]] = {name: [] for name in calls}
    peers: dict[str, list[float]] = {"alone": [], "from our peaks": []}
    moving: dict[str, Frames] = {}
    playhead: dict[str, list[float]] = {}
    with ours as server, logged_in(port) as fresh:
        for _ in range(ROUNDS + 1):
            for name, call in calls.items():
                with fresh() as context:
                    times[name].append(opened(context.new_page(), call, server))
            for name, found in peers.items() if wavesurfer.MODULE.exists() else ():
                with fresh() as context:
                    found.append(wavesurfer.drawn(context.new_page(), calls["5 minutes"], name != "alone"))
        kb = {}
        for name, call in calls.items():
            with fresh() as context:
                context.add_init_script(FRAMES)
                page = context.new_page()
                kb[name] = packed_kb(page, partial(drawn, page, call))
                moving[f"{name}: zoom and pan"] = frames_of(page, partial(pan_and_zoom, page))
                moving[f"{name}: scrubbed"] = frames_of(page, partial(scrubbed, page, "[data-playhead]"))
                playhead[name] = played(page)
        if wavesurfer.MODULE.exists():
            with fresh() as context:
                context.add_init_script(FRAMES)
                page = context.new_page()
                wavesurfer.drawn(page, calls["5 minutes"], True)
                moving["wavesurfer, 5 minutes: scrubbed"] = frames_of(page, partial(scrubbed, page, "#wave"))
        else:
            print("Without wavesurfer, which `npm ci` installs.")
    told(calls, times, peers, moving, playhead, kb)


def told(
    calls: dict[str, Recorded],
    times: dict[str, list[list[float]]],
    peers: dict[str, list[float]],
    moving: dict[str, Frames],
    playhead: dict[str, list[float]],
    kb: dict[str, dict[str, float]],
) -> None:
    """Prints it all; the first round of each has warmed the server up, and is not counted."""
    print(f"{ROUNDS} openings each; load {os.getloadavg()[0]:.1f}\n")
    ours = {f"{name}, {calls[name].events:,} events": found[1:] for name, found in times.items()}
    rows: list[Sequence[object]] = []
    for name, openings in ours.items():
        of_each = list(zip(*openings, strict=True))
        rows.append((name, *map(statistics.median, of_each), p95(of_each[-1])))
    bare = {f"wavesurfer, 5 minutes, {name}": found[1:] for name, found in peers.items() if found}
    rows += [(name, "", "", "", "", statistics.median(found), p95(found)) for name, found in bare.items()]
    table(
        [
            "a call opened cold, ms",
            "CPU of the server",
            "of the page",
            "first byte",
            "page read",
            "drawn, p50",
            "drawn, p95",
        ],
        rows,
    )
    table(
        ["frames, ms", "p50", "p95", "most", "long tasks", "the longest"],
        [(name, *found.cells()) for name, found in moving.items()],
    )
    table(
        ["script of a frame while it plays, ms", "p50", "p95"],
        [(name, statistics.median(found), p95(found)) for name, found in playhead.items()],
    )
    table(
        ["packed, KB", *next(iter(kb.values()))],
        [(name, *found.values()) for name, found in kb.items()],
    )
    for name, openings in times.items():
        opens = p95([each[-1] for each in openings[1:]])
        demanded(f"a call of {name} opens cold, p95 ms", opens, most=OPENS_MS[name])
    for name, frames in moving.items():
        if name.endswith("zoom and pan"):
            demanded(f"frames of a call of {name}, p95 ms", frames.p95, most=17)
    for name, script in playhead.items():
        demanded(f"script of a frame while {name} play, p95 ms", p95(script), most=1)
    demanded(
        "JavaScript of a call's page, packed, KB", max(found["script"] for found in kb.values()), most=450
    )


if __name__ == "__main__":
    main()
