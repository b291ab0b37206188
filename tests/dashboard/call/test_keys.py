"""The call's page by keys in a browser: the slider as ARIA has it, marks, zoom and lanes."""

import pytest
from playwright.sync_api import expect

from dashboard.call.timeline import timeline
from tests.dashboard.call.opened import opened, shown, until
from tests.dashboard.told import told

pytestmark = pytest.mark.browser

RANGE = "document.querySelector('[data-figure]').layout.xaxis.range.map(Number)"


def test_the_slider_answers_to_every_key_that_a_slider_has(page):
    opened(page, "founding_call", "?t=40")
    page.focus("[data-playhead]")
    for key, second in (("ArrowUp", 41), ("ArrowDown", 40), ("PageUp", 50), ("PageDown", 40), ("Home", 0)):
        page.keyboard.press(key)
        assert shown(page) == second, key
    page.keyboard.press("End")
    assert shown(page) == pytest.approx(timeline(told("founding_call"))["call_end_s"], abs=0.06)


def test_n_visits_every_suspicious_mark_and_says_which_was_the_last(page):
    opened(page, "founding_call", "?t=0")
    marks = timeline(told("founding_call"))["marks"]
    times = sorted({mark["start_s"] for mark in marks if mark["suspicious"]})
    for second in times:
        page.locator("body").press("n")
        assert shown(page) == pytest.approx(second, abs=0.06)
    page.locator("body").press("n")
    expect(page.locator("[data-live]")).to_contain_text("That was the last suspicious mark")
    expect(page.locator("[data-toast]")).to_be_visible()


def test_a_full_stop_and_a_comma_go_from_mark_to_mark(page):
    opened(page, "founding_call", "?t=40")
    times = sorted({mark["start_s"] for mark in timeline(told("founding_call"))["marks"]})
    page.locator("body").press(".")
    assert shown(page) == pytest.approx(next(t for t in times if t > 40), abs=0.06)
    page.locator("body").press(",")
    page.locator("body").press(",")
    assert shown(page) == pytest.approx(max(t for t in times if t < 40), abs=0.06)


def test_w_s_a_d_and_f_zoom_and_pan_and_the_address_keeps_the_view(page):
    opened(page, "founding_call", "?t=40")
    page.locator("body").press("w")
    until(page, f"{RANGE}[1] - {RANGE}[0] < 40")
    before = page.evaluate(RANGE)
    assert "z=" in page.url
    page.locator("body").press("d")
    until(page, f"{RANGE}[0] > {before[0]} + 1")
    page.locator("body").press("a")
    until(page, f"Math.abs({RANGE}[0] - {before[0]}) < 0.01")
    page.locator("body").press("f")
    until(page, f"{RANGE}[0] < 1")
    until(page, "!location.search.includes('z=')")


def test_a_link_opens_the_page_zoomed_selected_and_with_its_lanes(page):
    opened(page, "founding_call", "?t=50&z=40-61&sel=caller_text-3&lanes=ai,child,caller_text&list=q%3Dkishi")
    low, high = page.evaluate(RANGE)
    assert (low, high) == pytest.approx((40, 61), abs=0.01)
    names = page.locator("[data-wide] .gutter li:visible")
    assert names.all_inner_texts() == ["AI session", "Child leg", "Caller text"]
    expect(page.locator("[data-selected]")).to_be_visible()
    assert shown(page) == 50
    page.locator("body").press("w")
    until(page, "location.search.includes('z=4')")
    assert "lanes=ai,child,caller_text" in page.url
    assert "list=q%3Dkishi" in page.url


def test_lanes_are_hidden_and_moved_and_the_address_says_so(page):
    opened(page, "founding_call", "?t=50")
    gutter = page.locator("[data-wide] .gutter li:visible")
    lanes = gutter.all_inner_texts()
    page.locator("body").press("1")
    until(page, "location.search.includes('lanes=')")
    assert gutter.all_inner_texts() == lanes[1:]
    until(page, f"document.querySelector('[data-figure]').layout.yaxis.ticktext.length === {len(lanes) - 1}")
    page.click("[data-lanes-open]")
    page.get_by_role("button", name="Child leg up").click()
    until(page, "document.querySelector('[data-figure]').layout.yaxis.ticktext[1] === 'Child leg'")
    page.get_by_role("button", name="All, as they come").click()
    until(page, "!location.search.includes('lanes=')")
    assert gutter.all_inner_texts() == lanes
    until(page, f"document.querySelector('[data-figure]').layout.yaxis.ticktext.length === {len(lanes)}")


def test_e_and_t_go_to_the_evidence_and_the_transcript(page):
    opened(page, "founding_call")
    for key, title in (("e", "#evidence-title"), ("t", "#transcript-title")):
        page.keyboard.press(key)
        expect(page.locator(title)).to_be_focused()
        expect(page.locator(title)).to_be_in_viewport()


def test_g_and_a_letter_lead_to_a_page_from_every_page_and_nowhere_from_a_field(page):
    opened(page, "founding_call", "?t=40")
    for letter, path in (("c", "/calls"), ("o", "/"), ("i", "/ingest"), ("c", "/calls")):
        page.keyboard.press("g")
        page.keyboard.press(letter)
        page.wait_for_url(f"**{path}")
    page.locator("#q").focus()
    page.keyboard.type("gi")
    expect(page.locator("#q")).to_have_value("gi")
    opened(page, "founding_call", "?t=40")
    page.keyboard.press("g")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("o")
    assert shown(page) == 41 and "/calls/" in page.url, "what came between has ended it"


def test_a_browser_that_keeps_nothing_still_has_keys_and_their_switch(page):
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('refused'); } });"
    )
    opened(page, "founding_call", "?t=40")
    page.locator("body").press("ArrowRight")
    assert shown(page) == 41
    page.click(".player [data-help]")
    page.uncheck("[data-keys-on]")
    page.keyboard.press("Escape")
    for key in ("ArrowRight", "m"):
        page.locator("body").press(key)
    assert shown(page) == 41
    expect(page.locator("#review [name=text]")).not_to_be_focused()
