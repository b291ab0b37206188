"""Overview and ingest health in a real browser: drawn, read without a script, by keyboard, in every width."""

import pytest
from playwright.sync_api import expect

from tests.dashboard.browser import violations
from tests.dashboard.calls.listed import CUT_OFF, put

pytestmark = pytest.mark.browser
URL = "/?from=2026-04-13&to=2026-04-13"


@pytest.fixture
def filled(page):
    """Calls of two versions of an agent, one of which warns."""
    told = {"agent_name": "booking", "detection_lag_s": 4, "response_time_p50_s": 1, "region": "ie1"}
    put(**CUT_OFF, **told, agent_version="1", caller_speech_end_to_child_end_s=0.2)
    put(400, verdict="natural_end", **told, agent_version="2", untranscribed_caller_speech_s=0)
    return page


def test_no_rule_of_accessibility_is_broken_and_nothing_is_wider_than_the_page(filled):
    page = filled
    for scheme, width in (("light", 1440), ("dark", 390), ("light", 320)):
        page.set_viewport_size({"width": width, "height": 844})
        page.emulate_media(color_scheme=scheme)
        for url in (URL, "/ingest", "/?q=nothing:1"):
            page.goto(url)
            if url == URL:
                expect(page.locator("[data-chart] svg.main-svg").first).to_be_visible()
            assert violations(page) == "", (scheme, width, url)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (width, url)


def test_charts_are_drawn_again_in_another_theme_and_a_bar_leads_to_its_calls(filled):
    page = filled
    page.goto(URL)
    expect(page.locator("[data-chart=gaps] svg.main-svg").first).to_be_visible()
    bar = page.locator("[data-chart=gaps] .point path").first
    light = bar.evaluate("bar => getComputedStyle(bar).fill")
    page.get_by_role("button", name="Switch between light and dark").click()
    expect(bar).not_to_have_css("fill", light)
    bars = page.locator("[data-chart=gaps] .nsewdrag")
    bars.scroll_into_view_if_needed()
    box = bars.bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.1, box["y"] + box["height"] * 0.5)
    page.wait_for_url("**/calls?q=gap%3A0ms**")
    expect(page.locator(".calls tbody tr")).to_have_count(1)


def test_every_number_is_reached_by_keyboard_and_stands_in_a_table_without_a_script(
    filled, browser, live_server
):
    page = filled
    page.goto(URL)
    page.locator(".legend a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/calls?q=verdict%3A**")
    context = browser.new_context(
        base_url=live_server.url, java_script_enabled=False, storage_state=page.context.storage_state()
    )
    bare = context.new_page()
    bare.goto(URL)
    for name in ("15 s and more", "under 0.5 s", "booking 1", "32113"):
        expect(bare.get_by_role("link", name=name, exact=True).first).to_be_visible()
    assert bare.locator("details.as-table:not([open])").count() == 0
    bare.goto("/ingest")
    expect(bare.get_by_role("link", name="Look now")).to_be_visible()
    context.close()


def test_ingest_health_refreshes_itself_and_says_since_when_it_stands_still(page):
    page.clock.install()
    page.goto("/ingest")
    expect(page.locator("#doctor")).to_contain_text("examinations")
    put()
    with page.expect_response("**/ingest"):
        page.clock.run_for(11_000)
    expect(page.locator("[data-stale]")).to_be_hidden()
    page.route("**/ingest", lambda route: route.abort())
    page.clock.run_for(11_000)
    expect(page.locator("[data-stale]")).to_contain_text("the server does not answer")


@pytest.mark.parametrize(("url", "opened"), [("/calls", ".calls tbody tr"), ("/?from=2026-04-13", ".tiles")])
def test_the_first_run_page_ticks_itself_and_says_why_a_delivery_was_refused(page, settings, url, opened):
    from dataclasses import replace
    from time import time

    from ingest.doors.receive import receive
    from tests.ingest import deliveries as given

    given.configured(settings)
    page.goto(url)
    expect(page.locator("#step-1")).to_contain_text("Waiting")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy").last.click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()").startswith("make demo")
    forged = given.signed(given.progress(), secret="another")
    assert receive(replace(forged, received_at=time())).status == 403
    expect(page.locator("#step-1")).to_contain_text("1 × wrong signature", timeout=20_000)
    assert violations(page) == ""
    told = given.signed(given.cloud(given.event()))
    assert receive(replace(told, received_at=time())).status == 202
    expect(page.locator("#step-3")).to_contain_text("Arrived Your application", timeout=20_000)
    put()
    page.wait_for_selector(opened, timeout=20_000)
