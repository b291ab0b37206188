"""`sel=` of a call's address: an event beside a stretch or a mark, which never take each other's place."""

import re

import pytest
from playwright.sync_api import expect

from dashboard.call.selected import selected
from tests.dashboard.call.test_browser import long_call as long_call

# What an address may say → the event, the stretch and the mark that it names.
SPELLINGS = {
    "": (None, None, None),
    "evt_812": (812, None, None),
    "40-61.5": (None, (40, 61.5), None),
    "-3.5--1": (None, (-3.5, -1), None),
    "caller_text-3": (None, None, "caller_text-3"),
    "40-61.5,evt_812": (812, (40, 61.5), None),
    "evt_812,child-3": (812, None, "child-3"),
    "evt_812,evt_9": (812, None, None),
    "40-61,child-3": (None, (40, 61), None),
    "child-3,40-61": (None, None, "child-3"),
    "61-40": (None, None, None),
    "evt_": (None, None, None),
    "evt-812": (None, None, "evt-812"),
    "evt_8_12,EVT_8,evt_٣,812,40-": (None, None, None),
}


@pytest.mark.parametrize("text", SPELLINGS)
def test_an_event_a_stretch_and_a_mark_are_never_taken_for_each_other(text):
    assert selected(text) == SPELLINGS[text]


@pytest.mark.browser
def test_event_and_stretch_stand_beside_each_other_and_the_moment_that_is_shown_stays(page, long_call):
    call, positions = long_call
    page.goto(f"/calls/{call}?asof={positions[-2]}&sel=40-50")
    page.wait_for_selector("[data-drawn=wide]")
    read = page.evaluate(
        """async texts => {
          const main = document.querySelector('script[src*="call/main"]').src;
          const { parse } = await import(new URL("sel.js", main));
          return texts.map(parse).map(({ event, stretch, mark }) => [event && Number(event), stretch, mark]);
        }""",
        list(SPELLINGS),
    )
    assert [tuple(each) for each in read] == [
        (event, list(stretch) if stretch else None, mark) for event, stretch, mark in SPELLINGS.values()
    ]
    link = page.locator(".marks .positions a").first
    link.click()
    expect(page.locator("[data-inspector] h2")).to_be_focused()
    position = link.get_attribute("data-event")
    assert f"sel=40-50,evt_{position}" in page.url
    page.reload()
    page.wait_for_selector("[data-drawn=wide]")
    expect(page.locator("[data-inspector]")).to_be_visible()
    expect(page.locator("[data-selection]")).to_have_text("00:40.0–00:50.0")
    page.evaluate("document.querySelector('[data-unselect]').click()")
    expect(page).to_have_url(re.compile(rf"sel=evt_{position}$|sel=evt_{position}&"))
    expect(page.locator("[data-selection]")).to_contain_text("Nothing is selected")
    page.keyboard.press("Escape")
    assert "sel=" not in page.url
    page.keyboard.press("w")
    expect(page).to_have_url(re.compile(r"[?&]z="))
    page.keyboard.press("d")
    assert f"asof={positions[-2]}" in page.url
    page.click(".tools [data-fit]")
    expect(page).not_to_have_url(re.compile(r"[?&]z="))
    assert f"asof={positions[-2]}" in page.url


@pytest.mark.browser
def test_an_event_that_comes_after_its_drawer_was_closed_opens_nothing(page, long_call):
    call, positions = long_call
    held, event = [], re.compile(rf"/events/{positions[0]}\b")
    page.route(event, lambda route: held.append(route))
    with page.expect_request(event):
        page.goto(f"/calls/{call}?sel=evt_{positions[0]}")
    page.wait_for_selector("[data-drawn=wide]")
    drawer = page.locator("[data-inspector]")
    expect(drawer).to_be_visible()
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    with page.expect_response(event):
        held[0].continue_()
    page.evaluate("new Promise(shown => setTimeout(shown))")
    assert "sel=" not in page.url and drawer.inner_text() == ""
