"""How evenly a page moves: the time between its frames while a reader acts, long tasks, its own script."""

import statistics
from collections.abc import Callable
from typing import NamedTuple

from playwright.sync_api import Page

# Before the page's own scripts: each frame's time, and how long what the page does in one takes.
FRAMES = """(() => {
  const ask = window.requestAnimationFrame.bind(window);
  const told = { frames: [], tasks: [], scripts: [] };
  let last = null;
  const beat = (now) => {
    if (last !== null) told.frames.push(now - last);
    last = now;
    ask(beat);
  };
  ask(beat);
  window.requestAnimationFrame = (act) => ask((now) => {
    const began = performance.now();
    act(now);
    told.scripts.push(performance.now() - began);
  });
  const seen = (list) => told.tasks.push(...list.getEntries().map((task) => task.duration));
  new PerformanceObserver(seen).observe({ type: "longtask" });
  window.begin = () => { for (const each of Object.values(told)) each.length = 0; };
  window.told = () => told;
})()"""
STEPS = 60
STEP_MS = 16


class Frames(NamedTuple):
    """The ms between frames, and of each long task (50 ms and more)."""

    ms: list[float]
    tasks: list[float]

    @property
    def p95(self) -> float:
        """What 95 of 100 frames take at most."""
        return statistics.quantiles(self.ms, n=100, method="inclusive")[94]

    def cells(self) -> list[object]:
        """Median, 95th percentile and most of the frames; how many long tasks, and the longest."""
        return [
            statistics.median(self.ms),
            self.p95,
            max(self.ms),
            len(self.tasks),
            max(self.tasks, default=0),
        ]


def frames_of(page: Page, act: Callable[[], object]) -> Frames:
    """The frames of a page while somebody acts."""
    page.wait_for_timeout(500)  # what opening it began is over
    page.evaluate("begin()")
    act()
    told = page.evaluate("told()")
    return Frames(told["frames"], told["tasks"])


def pan_and_zoom(page: Page) -> None:
    """A reader zooms in by a box and by keys, pans by dragging and by keys, and goes back."""
    box = page.locator("[data-plot]").bounding_box()
    assert box
    x, y, width = box["x"], box["y"] + box["height"] / 2, box["width"]
    _dragged(page, (x + width * 0.3, y), (x + width * 0.6, y))
    for key in "wdawd":
        page.keyboard.press(key)
        page.wait_for_timeout(400)
    page.keyboard.down("Shift")
    for by in (-0.4, 0.3):
        _dragged(page, (x + width * 0.5, y), (x + width * (0.5 + by), y))
    page.keyboard.up("Shift")
    for key in "ss":
        page.keyboard.press(key)
        page.wait_for_timeout(400)


def scrubbed(page: Page, selector: str) -> None:
    """Drags from what is there over the whole width and back."""
    box = page.locator(selector).bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    _dragged(page, (x, y), (1_300, y))
    _dragged(page, (1_300, y), (300, y))


def played(page: Page, ms: int = 3_000) -> list[float]:
    """What the page's own script takes of each frame while it plays."""
    page.keyboard.press("Home")
    page.keyboard.press("k")
    page.wait_for_timeout(500)
    page.evaluate("begin()")
    page.wait_for_timeout(ms)
    scripts: list[float] = page.evaluate("told()")["scripts"]
    page.keyboard.press("k")
    return scripts


def _dragged(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    for step in range(1, STEPS + 1):
        page.mouse.move(*(a + (b - a) * step / STEPS for a, b in zip(start, end, strict=True)))
        page.wait_for_timeout(STEP_MS)
    page.mouse.up()
    page.wait_for_timeout(400)
