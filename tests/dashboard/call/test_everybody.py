"""The page of a call for everybody: phone, 320 px, paper, forced colours, no script."""

from itertools import pairwise

import pytest
from playwright.sync_api import expect

from tests.dashboard.browser import violations
from tests.dashboard.call.opened import opened, put

pytestmark = pytest.mark.browser


def test_the_verdict_its_numbers_and_its_ids_take_230_pixels_on_a_laptop(page):
    page.set_viewport_size({"width": 1366, "height": 768})
    opened(page, "founding_call")
    assert page.locator(".verdict").bounding_box()["height"] <= 230
    expect(page.locator(".verdict .facts > div")).to_have_count(4)
    tops = {round(fact.bounding_box()["y"]) for fact in page.locator(".verdict .facts > div").all()}
    assert len(tops) == 1
    expect(page.locator(".player")).to_be_in_viewport()


@pytest.mark.parametrize("width", [390, 320])
@pytest.mark.parametrize("name", ["founding_call", "no_recording", "sip_486"])
def test_a_phone_says_who_speaks_and_scrolls_one_way_alone(page, name, width):
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(f"/calls/{put(name)}")
    speakers = page.locator(".transcript .who").all()
    assert speakers or name == "sip_486"
    for who in speakers:
        expect(who).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page) == ""


def test_on_a_phone_the_proof_stands_before_the_forms_and_how_sure_a_time_is_under_it(page):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"/calls/{put('founding_call')}")
    parts = (".axis", ".transcript", ".evidence", ".beside", ".review", ".hand-over", ".marks", ".events")
    tops = [page.locator(part).evaluate("each => each.offsetTop") for part in parts]
    assert tops == sorted(tops)
    unsure = page.locator(".marks td:first-child:has(.muted)").first
    time, width = unsure.locator("button").bounding_box(), unsure.locator(".muted").bounding_box()
    assert width["y"] >= time["y"] + time["height"] - 4


def test_on_paper_no_panel_lies_over_another_and_the_ink_is_dark(page):
    page.emulate_media(color_scheme="dark")
    opened(page, "founding_call")
    page.emulate_media(color_scheme="dark", media="print")
    boxes = [each.bounding_box() for each in page.locator(".call section.panel:visible").all()]
    for above, below in pairwise(boxes):
        assert below["y"] >= above["y"] + above["height"] - 1
    ink = page.locator("h1").evaluate("each => getComputedStyle(each).color")
    assert max(int(part) for part in ink[4:-1].split(",")) < 80
    expect(page.locator(".printed")).to_contain_text("UTC")
    expect(page.locator(".marks")).to_be_hidden()
    for form in page.locator(".review form").all():
        expect(form).to_be_hidden()


def test_forced_colours_keep_the_ground_and_the_ink_of_the_plot(page):
    page.emulate_media(forced_colors="active")
    opened(page, "founding_call")
    adjust = "each => getComputedStyle(each).forcedColorAdjust"
    assert page.locator(".wide").evaluate(adjust) == "none"
    inks = page.locator(".bars .point path").evaluate_all("all => all.map(each => each.style.fill)")
    assert len(set(inks)) > 3
    assert violations(page) == ""


def test_without_a_script_one_sees_the_strip_and_hears_the_recording(browser, page, live_server):
    call, known = put("founding_call"), page.context.storage_state()
    context = browser.new_context(
        java_script_enabled=False,
        base_url=live_server.url,
        storage_state=known,
        viewport={"width": 1280, "height": 800},
    )
    plain = context.new_page()
    plain.goto(f"/calls/{call}?t=50")
    expect(plain.locator("[data-strip] svg")).to_be_visible()
    expect(plain.locator(".noscript audio")).to_be_visible()
    expect(plain.locator(".player")).to_be_hidden()
    expect(plain.locator(".wide")).to_be_hidden()
    link = plain.locator(".evidence .positions a").first
    assert link.get_attribute("href").startswith(f"/calls/{call}/events/")
    context.close()


def test_a_reader_in_tokyo_sees_the_day_and_the_hour_there_beside_utc(browser, page, live_server):
    call, known = put("founding_call"), page.context.storage_state()
    context = browser.new_context(
        base_url=live_server.url,
        storage_state=known,
        timezone_id="Asia/Tokyo",
        viewport={"width": 1440, "height": 900},
    )
    tokyo = context.new_page()
    tokyo.goto(f"/calls/{call}")
    started = tokyo.locator(".about")
    expect(started).to_contain_text("2026-04-13 00:17:52 UTC")
    started.locator("[data-clock-switch]").click()
    expect(started).to_contain_text("2026-04-13 09:17:52 UTC+09:00")
    tokyo.wait_for_selector("[data-drawn=wide]")
    tokyo.locator("[data-plot]").hover(position={"x": 600, "y": 60})
    expect(tokyo.locator("[data-card]")).to_contain_text("UTC · 2026-04-13 09:18:")
    context.close()
