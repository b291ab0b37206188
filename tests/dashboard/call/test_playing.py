"""The player of a call in a browser: it plays what it says, stops there, and shows when it cannot."""

import re
from itertools import accumulate

import pytest
from playwright.sync_api import expect

from dashboard.call.timeline import timeline
from tests.dashboard.browser import violations
from tests.dashboard.call.opened import opened, put, shown, until
from tests.dashboard.told import told

pytestmark = pytest.mark.browser

TIME = "Number(document.querySelector('[data-time]').textContent.split(':')[1])"
PLAYS = "document.querySelector('[data-play]').getAttribute('aria-pressed')"


def phone(page, width=390):
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(f"/calls/{put('founding_call')}?t=40")
    expect(page.locator("[data-strip-playhead]")).to_be_visible()


def test_the_play_button_of_a_gap_plays_the_gap_and_stops_at_its_end(page):
    opened(page, "founding_call")
    [gap] = told("founding_call")["gaps"]
    page.select_option(".player [data-speed]", "3")
    page.locator(".facts [data-listen]").first.click()
    until(page, f"{PLAYS} === 'true' && {TIME} > {gap['start_s']}")
    until(page, f"{PLAYS} === 'false'", 10)
    assert shown(page) == pytest.approx(gap["end_s"], abs=0.15)


def test_the_playhead_begins_at_the_first_suspicious_mark(page):
    opened(page, "founding_call")
    marks = timeline(told("founding_call"))["marks"]
    first = min(mark["start_s"] for mark in marks if mark["suspicious"])
    assert shown(page) == pytest.approx(first, abs=0.06)


def test_the_player_is_in_view_wherever_the_page_is_scrolled(page):
    page.set_viewport_size({"width": 1366, "height": 768})
    opened(page, "founding_call")
    for y in (0, 900, 99_999):
        page.evaluate(f"scrollTo(0, {y})")
        box = page.locator("[data-player]").bounding_box()
        assert box["y"] + box["height"] == pytest.approx(768, abs=1)


def test_headline_facts_and_all_filled_lanes_lie_in_view_above_the_player_on_a_laptop(page):
    page.set_viewport_size({"width": 1366, "height": 768})
    opened(page, "founding_call")
    lanes = page.locator("[data-wide] .gutter li:visible").all()
    assert len(lanes) >= 8
    head, player = (page.locator(part).bounding_box() for part in ("header.top", "[data-player]"))
    assert page.evaluate("scrollY") == 0 and player["y"] + player["height"] <= 769
    for part in (page.locator("h1"), page.locator(".facts"), *lanes):
        box = part.bounding_box()
        assert head["y"] + head["height"] <= box["y"], part.inner_text()
        assert box["y"] + box["height"] <= player["y"] + 1, part.inner_text()


def test_a_loop_of_the_gap_goes_round_until_it_is_let_go(page):
    opened(page, "founding_call", "?t=58&sel=57.5-58.5")
    expect(page.locator("[data-selected]")).to_be_visible()
    page.locator("body").press("l")
    page.locator("body").press("k")
    until(page, f"{TIME} < 57.9", 8)
    expect(page.locator(".player [data-loop]")).to_have_attribute("aria-pressed", "true")
    page.locator("body").press("l")
    until(page, f"{TIME} > 58.7", 8)


def test_a_loop_without_a_selection_takes_the_gap_at_the_playhead(page):
    opened(page, "founding_call", "?t=52")
    page.locator("body").press("l")
    assert "sel=caller_" in page.url
    expect(page.locator("[data-selected]")).to_be_visible()


def pauses(name):
    """The silences of a call between its speakers, the longest last, as (from, to)."""
    spans = sorted(
        (mark["start_s"], mark["end_s"])
        for mark in timeline(told(name))["marks"]
        if mark["kind"] == "speech" and mark["lane"].endswith("_audio")
    )
    ends = list(accumulate((end for _, end in spans), max))
    found = [(end, start) for end, (start, _) in zip(ends, spans[1:], strict=False) if start > end]
    return sorted(found, key=lambda pause: pause[1] - pause[0])


def test_silence_is_skipped_when_asked(page):
    quiet, again = pauses("drop_mid_speech")[-1]
    assert again - quiet > 1
    opened(page, "drop_mid_speech", f"?t={quiet - 0.3}")
    page.click("[data-more]")
    page.check("[data-skip-silence]")
    page.keyboard.press("Escape")
    page.evaluate(
        """() => {
          const time = document.querySelector("[data-time]");
          window.seen = [];
          new MutationObserver(() => window.seen.push(Number(time.textContent.split(":")[1])))
            .observe(time, { childList: true });
        }"""
    )
    page.click("[data-play]")
    until(page, f"{TIME} > {again + 0.1}", 8)
    assert [t for t in page.evaluate("window.seen") if quiet + 0.3 < t < again - 0.3] == []


# What reaches the ears is listened to behind whatever the player has put together: the loudest in each ear.
LISTENING = """
const connect = AudioNode.prototype.connect;
AudioNode.prototype.connect = function (to, ...more) {
  if (to instanceof AudioDestinationNode) {
    const split = this.context.createChannelSplitter(2);
    const ears = [0, 1].map((ear) => {
      const analyser = this.context.createAnalyser();
      connect.call(split, analyser, ear);
      return analyser;
    });
    connect.call(this, split);
    window.loudest = () => ears.map((analyser) => {
      const wave = new Float32Array(analyser.fftSize);
      analyser.getFloatTimeDomainData(wave);
      return wave.reduce((most, each) => Math.max(most, Math.abs(each)), 0);
    });
  }
  return connect.call(this, to, ...more);
};
"""
SPEAKS, SILENT = "each > 0.02", "each < 0.005"


@pytest.mark.parametrize(
    ("channel", "hears"),
    [("caller", [SPEAKS, SPEAKS]), ("agent", [SILENT, SILENT]), ("both", [SPEAKS, SILENT])],
)
def test_of_two_channels_the_one_that_is_chosen_is_heard_in_both_ears(page, channel, hears):
    page.add_init_script(LISTENING)
    opened(page, "founding_call", "?t=50")  # the caller speaks, and nobody else
    for each in ("agent", channel):  # another was chosen before
        page.select_option("[data-channel]", each)
    page.click("[data-play]")
    until(page, f"{TIME} > 51")
    conditions = [f"(each => {holds})(loudest()[{ear}])" for ear, holds in enumerate(hears)]
    until(page, " && ".join(conditions))


def test_the_selection_is_downloaded_as_a_wav_of_its_own(page):
    opened(page, "founding_call", "?t=50")
    page.click("[data-more]")
    page.click("[data-select-from]")
    expect(page.locator("[data-selection]")).to_contain_text("00:50.0–01:00")
    with page.expect_download() as download:
        page.click("[data-download]")
    assert re.search(r"-50-60\.\d+\.wav$", download.value.suggested_filename)


def test_a_recording_that_cannot_be_played_is_seen(page):
    page.route("**/audio/**", lambda route: route.fulfill(status=503, body=""))
    opened(page, "founding_call")
    expect(page.locator("[data-soundless]")).to_be_visible()
    expect(page.locator("[data-soundless]")).to_contain_text("cannot be played")


def test_copying_says_so_to_who_sees_and_the_word_goes(page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    opened(page, "founding_call", "?t=50")
    button = page.locator(".player [data-copy-link]")
    button.click()
    word = "getComputedStyle(document.querySelector('.player [data-copy-link]'), '::after').content"
    until(page, f"{word} === '\"Copied\"'", 4)
    expect(page.locator("[data-toast]")).to_contain_text("t=50.0")
    until(page, f"{word} !== '\"Copied\"'", 4)
    ids = page.locator("button[data-copy]").first
    ids.click()
    expect(ids).to_have_attribute("data-copied", "")


def test_on_a_phone_a_sheet_has_link_speed_zoom_keys_and_download(page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    phone(page)
    page.click("[data-more]")
    sheet = page.locator("[data-sheet]")
    for control in (
        "[data-copy-link]",
        "[data-speed]",
        "[data-zoom-by='0.5']",
        "[data-help]",
        "[data-download]",
    ):
        expect(sheet.locator(control)).to_be_visible()
        assert sheet.locator(control).bounding_box()["height"] >= 24
    sheet.locator("[data-speed]").select_option("2")
    assert page.evaluate("document.querySelector('.player [data-speed]').value") == "2"
    sheet.locator("[data-zoom-by='0.5']").click()
    assert page.evaluate("document.querySelector('[data-strip] svg').viewBox.baseVal.width") < 600
    sheet.locator("[data-copy-link]").click()
    assert "t=40.0" in page.evaluate("navigator.clipboard.readText()")
    assert violations(page) == ""


def test_a_phone_that_can_share_offers_it(page):
    page.add_init_script("navigator.share = given => (window.shared = given, Promise.resolve())")
    phone(page)
    page.click("[data-more]")
    page.click("[data-share]")
    assert "t=40.0" in page.evaluate("window.shared.url")


def test_at_320_pixels_nothing_of_the_player_covers_the_time(page):
    phone(page, 320)
    time = page.locator("[data-time]").bounding_box()
    for control in ("[data-play]", "[data-skip='5']", "[data-channel]", "[data-more]"):
        box = page.locator(f".player {control}").bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 320
        assert box["x"] + box["width"] <= time["x"] or box["x"] >= time["x"] + time["width"]
