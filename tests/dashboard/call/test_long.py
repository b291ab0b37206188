"""A long call in a browser: a map of the whole, fields for a part of it, labels that stay in place."""

import os
from itertools import pairwise

import pytest
from playwright.sync_api import expect

from tests.dashboard.browser import violations
from tests.dashboard.call.opened import until
from tests.dashboard.documents import put_call
from tests.dashboard.told import told

pytestmark = pytest.mark.browser

RANGE = "document.querySelector('[data-figure]').layout.xaxis.range.map(Number)"
LENGTH_S = 1800
EVERY_S = 12


def long_document(length=LENGTH_S, every=EVERY_S):
    """The founding call, its first words said again and again, its legs ended after `length` seconds."""
    document = told("no_recording")
    for leg in document["legs"]:
        leg["ended"]["at_s"] = float(length)
    turn, reply = document["turns"][0], document["replies"][0]
    for at in range(60, length - 60, every):
        said = {"state": "transcribed", "text": f"Turn {at}"}
        document["turns"].append({**turn, **said, "start_s": at + 5.0, "end_s": at + 8.0})
        answer = {"text": f"Reply at {at} of many words"}
        document["replies"].append({**reply, **answer, "start_s": float(at), "end_s": at + 4.0})
    return document


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


def test_a_short_call_has_neither(page):
    opened_long(page, length=300)
    expect(page.locator("[data-minimap]")).to_have_count(0)


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
