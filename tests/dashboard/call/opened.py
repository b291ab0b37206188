"""A recorded call's page in a browser, and where things lie on it."""

import io
from functools import cache
from time import monotonic

from callstore.audio.analysis import analyse
from callstore.media.storage import storage
from callstore.rehearsal.scenarios.scenario import LIBRARY
from tests.dashboard.documents import put_call
from tests.dashboard.told import told


def put(name, **of_recording):
    """A recorded call as the projection leaves it, its recording kept, with this told of it; its call id."""
    document = told(name)
    for entry in document["recordings"]:
        sound = (LIBRARY / name / "recording.wav").read_bytes()
        storage().put(entry["media"], io.BytesIO(sound))
        storage().put(entry["peaks"], io.BytesIO(peaks(sound)))
        entry |= of_recording
    return put_call(**document)


@cache
def peaks(sound):
    return analyse(sound).peaks


def opened(page, name, query=""):
    """The call's page, its axis drawn."""
    page.goto(f"/calls/{put(name)}{query}")
    page.wait_for_selector("[data-drawn=wide]")
    return page


def shown(page):
    minutes, seconds = page.inner_text("[data-time]").split(":")
    return int(minutes) * 60 + float(seconds)


def x_of(page, seconds):
    """Where a second lies on the page, read from Plotly's own ticks and not from our adapter."""
    return page.evaluate(
        """seconds => {
          const shown = each => each.getClientRects().length;
          const ticks = [...document.querySelectorAll(".xtick text")].filter(shown).map(each => {
            const [minutes, rest] = each.textContent.split(":");
            const box = each.getBoundingClientRect();
            return [Number(minutes) * 60 + Number(rest), box.x + box.width / 2];
          });
          const [first, last] = [ticks[0], ticks.at(-1)];
          return first[1] + ((seconds - first[0]) / (last[0] - first[0])) * (last[1] - first[1]);
        }""",
        seconds,
    )


def until(page, holds, seconds=5):
    """Waits until a script's value holds; Playwright's own waiting needs eval, which the page forbids."""
    deadline = monotonic() + seconds
    while not page.evaluate(holds):
        assert monotonic() < deadline, f"never: {holds}"


def playhead(page):
    box = page.locator("[data-playhead] .line").bounding_box()
    return box["x"] + box["width"] / 2
