"""The axis of a call in a browser: what it shows, and that a click, a drag and a pointer are understood."""

import re

import pytest
from playwright.sync_api import expect

from tests.dashboard.call.opened import opened, playhead, shown, until, x_of

pytestmark = pytest.mark.browser


def test_the_axis_shows_the_gap_and_the_silence_in_words(page):
    opened(page, "founding_call")
    expect(page.locator("[data-labels]")).to_contain_text("11.1 s of caller speech, no transcript")
    expect(page.locator("[data-labels]")).to_contain_text("no events, no close observed")
    assert page.locator("[data-figure] .barlayer .point").count() > 20
    assert page.locator("[data-arrows] .hop").count() == 2


def test_plotlys_axis_is_still_as_the_adapter_reads_it(page):
    opened(page, "founding_call", "?t=40")
    assert playhead(page) == pytest.approx(x_of(page, 40), abs=1.5)
    understood = page.evaluate(
        """async () => {
          const main = document.querySelector('script[src*="call/main"]').src;
          const { PlotAxis } = await import(new URL("axis.js", main));
          const div = document.querySelector("[data-figure]");
          const axis = new PlotAxis(div);
          return [PlotAxis.understands(div), axis.seconds(axis.x(12.5)), axis.width];
        }"""
    )
    assert understood[0] is True
    assert understood[1] == pytest.approx(12.5, abs=0.01)
    assert understood[2] > 1000


@pytest.mark.parametrize("lane", [20, 150, 250])
def test_a_click_anywhere_on_the_plot_seeks(page, lane):
    opened(page, "founding_call")
    page.locator("[data-playhead]").scroll_into_view_if_needed()
    box = page.locator("[data-figure]").bounding_box()
    page.mouse.click(x_of(page, 50), box["y"] + lane)
    expect(page.locator("[data-time]")).to_have_text(re.compile("00:(49.9|50.0|50.1)"))
    assert playhead(page) == pytest.approx(x_of(page, 50), abs=3)
    expect(page.locator("[data-transcript] .current")).to_contain_text("no transcript")


def test_the_card_tells_what_every_lane_says_under_the_pointer(page):
    opened(page, "founding_call")
    box = page.locator("[data-figure]").bounding_box()
    page.mouse.move(x_of(page, 52), box["y"] + 150)
    card = page.locator("[data-card]")
    for words in (
        "00:5",
        "parent in progress",
        "child in progress",
        "AI silent 4.",
        "caller speaking",
        "no transcript",
    ):
        expect(card).to_contain_text(words)


def test_dragging_zooms_and_the_labels_go_with_it(page):
    opened(page, "founding_call", "?t=50")
    box = page.locator("[data-figure]").bounding_box()
    left, right = x_of(page, 40), x_of(page, 60)
    page.mouse.move(left, box["y"] + 120)
    page.mouse.down()
    page.mouse.move(right, box["y"] + 130, steps=6)
    page.mouse.up()
    until(page, "document.querySelector('[data-figure]').layout.xaxis.range[0] > 30")
    expect(page.locator(".xtick text").first).to_have_text(re.compile("00:4"))
    assert shown(page) == 50.0
    assert playhead(page) == pytest.approx(x_of(page, 50), abs=3)
    page.click(".tools [data-fit]")
    until(page, "document.querySelector('[data-figure]').layout.xaxis.range[0] < 1")


def test_another_theme_recolours_the_figure(page):
    opened(page, "founding_call")
    colour = "getComputedStyle(document.querySelector('[data-figure] .barlayer .point path')).fill"
    before = page.evaluate(colour)
    page.click("[data-theme-toggle]")
    until(page, f"{colour} !== {before!r}")
