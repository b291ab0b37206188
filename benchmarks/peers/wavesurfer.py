"""wavesurfer.js (BSD-3-Clause) drawing a recording on a page that holds nothing else.

It comes by npm as a development dependency, and is read from node_modules.
"""

from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from playwright.sync_api import Page

from benchmarks.traffic.recorded import Recorded

MODULE = Path(settings.BASE_DIR) / "node_modules/wavesurfer.js/dist/wavesurfer.esm.js"
COLUMNS = 2400  # as our page asks for them
PAGE = """<!doctype html><meta charset="utf-8"><title>wavesurfer</title><body style="margin: 0 60px">
<div id="wave"></div>
<script type="module">
import WaveSurfer from "/peer/wavesurfer.js";
const { audio, peaks, seconds } = Object.fromEntries(new URLSearchParams(location.search));
const read = async (channel) => {
  const { least, greatest } = await (await fetch(peaks + "&channel=" + channel)).json();
  return least.flatMap((value, i) => [value / 127, greatest[i] / 127]);
};
const given = peaks && { peaks: await Promise.all([read(1), read(2)]), duration: Number(seconds) };
const how = { container: "#wave", height: 38, splitChannels: [{}, {}], dragToSeek: true };
const surfer = WaveSurfer.create({ ...how, url: audio, ...given });
surfer.on("redrawcomplete", () => { performance.mark("drawn"); document.body.dataset.drawn = "wide"; });
</script>"""


def drawn(page: Page, call: Recorded, with_peaks: bool) -> float:
    """Opens such a page: the ms until the waveform is drawn."""
    base = f"/api/v1/calls/{call.call}"
    page.route("**/peer/page*", lambda route: route.fulfill(body=PAGE, content_type="text/html"))
    module = MODULE.read_text()
    page.route(
        "**/peer/wavesurfer.js", lambda route: route.fulfill(body=module, content_type="text/javascript")
    )
    peaks = f"{base}/peaks?recording={call.recording}&from=0&to={call.seconds}&px={COLUMNS}"
    query = {"audio": f"{base}/audio/{call.recording}", "seconds": str(call.seconds)}
    if with_peaks:
        query["peaks"] = peaks
    page.goto(f"/peer/page?{urlencode(query)}", wait_until="commit")
    page.wait_for_selector("[data-drawn=wide]", timeout=30_000, state="attached")
    ms: float = page.evaluate("performance.getEntriesByName('drawn')[0].startTime")
    return ms
