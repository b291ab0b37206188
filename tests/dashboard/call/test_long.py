"""A long call in a browser: a map of the whole, fields for a part of it, labels that stay in place."""

import os
from itertools import pairwise

import pytest
from playwright.sync_api import expect

from tests.dashboard.browser import violations
from tests.dashboard.call.long_call import LENGTH_S, long_document
from tests.dashboard.call.opened import until
from tests.dashboard.documents import put_call
from tests.dashboard.told import told

pytestmark = pytest.mark.browser

RANGE = "document.querySelector('[data-figure]').layout.xaxis.range.map(Number)"


def opened_long(page, query="", **how):
    page.goto(f"/calls/{put_call(**long_document(**how))}{query}", wait_until="commit", timeout=60_000)
    page.wait_for_selector("[data-drawn=wide]", timeout=30_000)


def labels(page):
    """The labels that are shown: their words and their boxes, lane by lane."""
    return page.evaluate(
        """() => [...document.querySelectorAll("[data-labels] .label:not([hidden])")].map(each => {
          const box = each.getBoundingClientRect();
          return [each.textContent, box.left, box.right, Math.round(box.top / 8)];
        })"""
    )


def test_a_long_call_has_a_map_and_two_fields_that_show_a_part_of_it(page):
    opened_long(page)
    expect(page.locator("[data-minimap]")).to_be_visible()
    expect(page.locator("[data-range] [name=from]")).to_have_value("00:00.0")
    whole = page.locator(".player .total").inner_text().removeprefix("/ ")
    expect(page.locator("[data-range] [name=to]")).to_have_value(whole)
    page.fill("[data-range] [name=from]", "10:00")
    page.fill("[data-range] [name=to]", "12:30")
    page.click("[data-range] button")
    until(page, f"Math.abs({RANGE}[0] - 600) < 0.1 && Math.abs({RANGE}[1] - 750) < 0.1")
    window = page.locator("[data-window]").bounding_box()
    whole = page.locator("[data-map]").bounding_box()
    assert window["width"] == pytest.approx(whole["width"] * 150 / (LENGTH_S * 1.09), rel=0.1)
    page.mouse.move(window["x"] + window["width"] / 2, window["y"] + 10)
    page.mouse.down()
    page.mouse.move(window["x"] + window["width"] / 2 + 200, window["y"] + 10, steps=5)
    page.mouse.up()
    until(page, f"{RANGE}[0] > 700")
    page.fill("[data-range] [name=from]", "soon")
    page.click("[data-range] button")
    expect(page.locator("[data-range] [name=from]")).to_have_attribute("aria-invalid", "true")
    assert violations(page) == ""


@pytest.mark.parametrize(("length", "maps"), [(890, 0), (910, 1)])
def test_a_call_has_both_from_fifteen_minutes_on(page, length, maps):
    opened_long(page, length=length)
    expect(page.locator("[data-minimap]")).to_have_count(maps)
    expect(page.locator("[data-range] input")).to_have_count(2 * maps)


@pytest.mark.parametrize("width", [390, 320])
def test_on_a_phone_a_time_of_hours_leaves_room_for_every_control(page, width):
    page.set_viewport_size({"width": width, "height": 844})
    page.route("**/audio/**", lambda route: route.fulfill(status=503, body=""))
    recorded = {"recordings": told("founding_call")["recordings"]}  # one channel of it can be heard alone
    page.goto(f"/calls/{put_call(**long_document(length=14_400, every=36) | recorded)}?t=14000")
    expect(page.locator("[data-strip-playhead]")).to_be_visible()
    expect(page.locator(".player .total")).to_contain_text("4:00:00")
    places = [
        each.bounding_box() for each in page.locator(".player > *:visible, .player button:visible").all()
    ]
    assert len(places) >= 6 and page.locator(".player [data-channel]").is_visible()
    assert all(place["x"] >= 0 and place["x"] + place["width"] <= width for place in places)


@pytest.mark.parametrize("query", ["", "?z=600-780"])
def test_labels_do_not_run_into_each_other(page, query):
    opened_long(page, query)
    shown = sorted(labels(page), key=lambda each: (each[3], each[1]))
    assert shown
    if shots := os.environ.get("SHOTS"):
        page.screenshot(path=f"{shots}/long{query.replace('?', '-')}.png")
    for (_, _, right, row), (words, left, _, next_row) in pairwise(shown):
        assert row != next_row or left >= right, words


def test_words_without_a_stretch_to_stand_on_are_left_out_and_come_when_zoomed(page):
    opened_long(page)
    assert not [words for words, *_ in labels(page) if words.startswith(("Reply", "Turn"))]
    page.fill("[data-range] [name=from]", "10:00")
    page.fill("[data-range] [name=to]", "11:00")
    page.click("[data-range] button")
    until(page, "document.querySelector('[data-labels]').textContent.includes('Reply at 612')")
    assert [words for words, *_ in labels(page) if words.startswith("Reply")]


def test_four_hours_of_many_marks_are_thinned_and_come_whole_when_zoomed(page):
    opened_long(page, length=14_400, every=36)
    bars = page.locator("[data-figure] .bars .point")
    assert 600 < bars.count() <= 1000
    page.fill("[data-range] [name=from]", "10:00")
    page.fill("[data-range] [name=to]", "11:00")
    page.click("[data-range] button")
    until(page, "document.querySelectorAll('[data-figure] .bars .point').length < 100")
    drawn = page.evaluate(
        "document.querySelector('[data-figure]').data.find(each => each.name === 'agent_text').base"
    )
    assert drawn == [600.0, 636.0]


def test_tables_of_many_windows_follow_the_playhead_the_links_and_what_is_looked_for(page):
    opened_long(page, "?t=100", length=14_400, every=12)
    transcript, marks = page.locator("[data-transcript]"), page.locator("[data-marks]")
    page.keyboard.press("End")
    page.locator("[data-playhead]").focus()
    page.keyboard.press("End")
    expect(transcript.locator(".current")).to_contain_text("Turn 143")
    page.keyboard.press("Home")
    expect(transcript.locator(".current")).to_have_count(0)
    expect(transcript).to_contain_text("Turn 60")
    page.evaluate("history.replaceState(null, '', '?t=100')")
    page.click(".marks a[data-turn='2']:has-text('Later')")
    expect(page.locator(".marks .windows")).to_contain_text("101 to 200")
    expect(page.locator("[data-live]")).to_contain_text("101 to 200")
    assert page.evaluate("document.activeElement.textContent.trim()") == "Later"
    assert "marks=2" in page.url
    page.click(".marks a.sort:has-text('Lasts')")
    expect(page.locator(".marks [aria-sort=ascending]")).to_have_text("Lasts")
    page.fill("[data-find] [name=find]", "reply at 1320")
    page.keyboard.press("Enter")
    expect(transcript.locator("li")).to_have_count(2)
    expect(page.locator("[data-live]")).to_contain_text("2 lines")
    transcript.get_by_role("button").last.click()
    expect(page.locator("[data-time]")).to_have_text("3:40:00.0")
    expect(transcript.locator("li")).to_have_count(2)
    page.keyboard.press(".")
    expect(page.locator("[data-time]")).not_to_have_text("3:40:00.0")
    assert violations(page) == ""
    page.click("[data-unfind]")
    expect(transcript.locator(".current")).to_have_count(1)
    page.reload()
    expect(marks.locator("tr")).to_have_count(100)
