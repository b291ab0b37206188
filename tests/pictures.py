"""The pictures of the docs, taken from a demo in a real browser: `python -m tests.pictures`.

With a URL it takes them from the demo that runs there.
"""

import io
import json
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from urllib.error import URLError
from urllib.request import urlopen

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.dashboard.browser import chromium
from tests.places import ROOT

PICTURES = ROOT / "docs" / "pictures"
LARGEST = 150_000  # bytes
COLOURS = 256  # of a palette: the most frequent, as they are; others are edges of letters
READY_S = 300
FOUNDING = "CA329fe673c51597665e18e89870ebf709"
FILTER = "is:truncated+status:completed+sip:200"


def the_list(page: Page) -> bytes:
    """The founding filter with its facets."""
    page.goto(f"/calls?q={FILTER}")
    page.locator("#facets .facets-all").wait_for()
    return page.screenshot()


def founding_call(page: Page) -> bytes:
    """The top of the founding call's page, the playhead where the caller is no longer heard."""
    page.goto(f"/calls/{FOUNDING}?t=48.9")
    page.locator("[data-drawn=wide]").wait_for()
    page.wait_for_load_state("networkidle")
    return page.screenshot()


def event(page: Page) -> bytes:
    """The event behind the gap, in its drawer beside the page."""
    founding_call(page)
    page.locator(".marks tr.kind-gap [data-event]").first.click()
    page.locator("#inspected-envelope").wait_for()
    page.evaluate("scrollTo(0, 0)")
    return page.screenshot()


def review(page: Page) -> bytes:
    """The panel in which people decide."""
    founding_call(page)
    page.locator("#review [name=text]").fill("She repeats the order number; nobody hears it")
    page.locator("#review [name=at]").fill("48.9")
    page.locator("#review [data-note] button").click()
    page.locator("#review .said", has_text="Note written.").wait_for()
    page.locator("#review [name=state]").select_option("investigating")
    page.locator("#review [data-keep=stand] button").click()
    page.locator("#review header .chip", has_text="Investigating").wait_for()
    return page.locator("#review").screenshot()


def phone(page: Page) -> bytes:
    """The same call on a phone, in the dark."""
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(color_scheme="dark")
    page.goto(f"/calls/{FOUNDING}?t=48.9")
    page.locator("[data-strip-playhead]").wait_for()
    return page.screenshot()


TAKEN: dict[str, Callable[[Page], bytes]] = {
    "list": the_list,
    "founding_call": founding_call,
    "event": event,
    "review": review,
    "phone": phone,
}


@contextmanager
def demo() -> Iterator[str]:
    """A demo of its own in a folder of its own; yields where it is."""
    with socket.socket() as free, tempfile.TemporaryDirectory(prefix="callstore-pictures") as folder:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        up = [sys.executable, "manage.py", "up", "--demo", "--port", str(port), "--data-dir", folder]
        process = subprocess.Popen(up, cwd=ROOT, stdout=subprocess.DEVNULL)
        try:
            wait_until_ready(f"http://127.0.0.1:{port}", process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(60)


def wait_until_ready(url: str, process: subprocess.Popen[bytes]) -> None:
    """Until it answers. Raises SystemExit where it ends instead, or takes too long."""
    deadline = time.monotonic() + READY_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urlopen(f"{url}/readyz", timeout=5):
                return
        except URLError:
            time.sleep(1)
    raise SystemExit("The demo did not become ready.")


def login(page: Page) -> None:
    """As the demo's own reader, once the founding call was heard and its day is there."""
    page.goto("/login/")
    page.fill("[name=username]", "demo")
    page.fill("[name=password]", "demo")
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/calls*")
    deadline = time.monotonic() + READY_S
    while time.monotonic() < deadline:
        page.goto(f"/api/v1/calls?q=sid:{FOUNDING}+has:recording")
        page_of_calls = json.loads(page.locator("body").inner_text())["items"]
        page.goto("/api/v1/calls?limit=200&q=verdict:natural_end")
        others = json.loads(page.locator("body").inner_text())["items"]
        if page_of_calls and page_of_calls[0]["gap_kind"] == "not_heard" and len(others) > 100:
            return
        time.sleep(2)
    raise SystemExit("The demo's calls did not come.")


def small(taken: bytes) -> bytes:
    """A PNG of few colours. Raises SystemExit where it is too large all the same."""
    made = io.BytesIO()
    picture = Image.open(io.BytesIO(taken)).convert("RGB")
    counted = picture.getcolors(picture.width * picture.height) or []
    frequent = [colour for _, colour in sorted(counted, key=lambda each: -each[0])[:COLOURS]]
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for colour in frequent for part in colour])
    picture.quantize(palette=palette, dither=Image.Dither.NONE).save(made, "PNG", optimize=True)
    if made.tell() > LARGEST:
        raise SystemExit(f"The picture has {made.tell()} bytes; {LARGEST} are the most.")
    return made.getvalue()


def main() -> None:
    """Take every picture anew."""
    PICTURES.mkdir(exist_ok=True)
    given = nullcontext(sys.argv[1]) if len(sys.argv) > 1 else demo()
    with given as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        context = browser.new_context(base_url=url, viewport={"width": 1440, "height": 900})
        context.set_default_timeout(60_000)
        page = context.new_page()
        login(page)
        for name, take in TAKEN.items():
            (PICTURES / f"{name}.png").write_bytes(small(take(page)))
            print(PICTURES / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main()
