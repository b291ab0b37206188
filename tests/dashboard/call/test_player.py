"""The playhead of a call in a browser: by link, by sound, by keys."""

import re

import pytest
from playwright.sync_api import expect

from tests.dashboard.call.opened import opened, playhead, put, shown, until, x_of
from tests.dashboard.told import told

GAP_S = 48.8
FRAME_MS = 1.0

pytestmark = pytest.mark.browser


def test_a_link_to_a_second_puts_the_playhead_there(page):
    opened(page, "founding_call", "?t=48.2")
    assert shown(page) == 48.2
    assert "AI silent" in page.get_attribute("[data-playhead]", "aria-valuetext")


def test_the_playhead_follows_the_audio(page):
    opened(page, "founding_call", "?t=45")
    page.click("[data-play]")
    until(page, "document.querySelector('[data-audio]').currentTime > 14.6")
    assert shown(page) > 45.3
    page.click("[data-play]")
    heard = page.evaluate("document.querySelector('[data-audio]').currentTime")
    assert shown(page) == pytest.approx(heard + told("founding_call")["recordings"][0]["start_s"], abs=0.2)
    assert playhead(page) == pytest.approx(x_of(page, shown(page)), abs=4)


def test_without_a_recording_the_replay_is_silent(page):
    opened(page, "no_recording", "?t=10")
    assert page.locator("[data-audio]").count() == 0
    expect(page.locator("[data-absent] summary")).to_contain_text("Recording (off)")
    expect(page.locator("[data-absent]")).to_contain_text("Recording is off")
    page.keyboard.press("k")
    expect(page.locator("[data-time]")).to_have_text(re.compile(r"00:1[1-9]\.\d"))


def test_a_recording_whose_sound_was_removed_is_drawn_and_replayed_in_silence(page):
    call = put("founding_call", media=None, removed_at="2026-11-20T04:35:00.000Z")
    page.goto(f"/calls/{call}?t=10")
    page.wait_for_selector("[data-drawn=wide]")
    assert page.locator("[data-audio], [data-download], [data-channel]").count() == 0
    expect(page.locator("[data-removed]")).to_have_text(re.compile("not kept any more"))
    expect(page.locator("main")).to_contain_text("its sound was removed on 2026-11-20")
    page.keyboard.press("k")
    expect(page.locator("[data-time]")).to_have_text(re.compile(r"00:1[1-9]\.\d"))


def test_a_frame_of_the_playhead_is_cheap(page):
    opened(page, "founding_call")
    taken = page.evaluate(
        """async () => {
          const main = document.querySelector('script[src*="call/main"]').src;
          const { PlotAxis } = await import(new URL("axis.js", main));
          const { Playhead } = await import(new URL("playhead.js", main));
          const player = Object.assign(new EventTarget(), { t: 0, playing: true });
          const axis = new PlotAxis(document.querySelector("[data-figure]"));
          new Playhead(document.querySelector("[data-playhead]"), axis, player, { marks: [] });
          const began = performance.now();
          for (let i = 0; i < 500; i++) {
            player.t = i / 10;
            player.dispatchEvent(new Event("time"));
          }
          return (performance.now() - began) / 500;
        }"""
    )
    assert taken <= FRAME_MS


def test_keys_seek_and_find_what_is_suspicious(page):
    opened(page, "founding_call", "?t=40")
    page.keyboard.press("ArrowLeft")
    assert shown(page) == 39.0
    page.keyboard.press("Shift+ArrowRight")
    assert shown(page) == 44.0
    page.keyboard.press("n")
    page.keyboard.press("n")
    assert shown(page) == pytest.approx(GAP_S, abs=0.4)
    page.keyboard.press("p")
    assert shown(page) < 48
    page.keyboard.press("?")
    expect(page.locator("[data-keys]")).to_be_visible()


def test_single_keys_can_be_switched_off_and_are_silent_in_fields(page):
    opened(page, "founding_call", "?t=40")
    page.focus(".player [data-speed]")
    page.keyboard.press("n")
    assert shown(page) == 40.0
    page.click(".player [data-help]")
    page.uncheck("[data-keys-on]")
    page.keyboard.press("Escape")
    page.locator("body").press("n")
    assert shown(page) == 40.0
    page.focus("[data-playhead]")
    page.keyboard.press("ArrowRight")
    assert shown(page) == 41.0


def test_after_the_end_the_slider_says_that_the_call_has_ended_and_counts_no_silence_on(page):
    opened(page, "founding_call")
    page.focus("[data-playhead]")
    page.keyboard.press("End")
    assert shown(page) == pytest.approx(60.3, abs=0.11)
    said = page.get_attribute("[data-playhead]", "aria-valuetext")
    assert "ended" in said
    assert "AI silent for the last 12." in said
