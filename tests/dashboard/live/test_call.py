"""The page of a call that runs, in a real browser on the real web process."""

import re

import pytest
from playwright.sync_api import expect

from callstore.projection import projector, queries
from tests.dashboard.browser import violations
from tests.projection.facts import call_ids, keep, offered, rtc, said, sid, status

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class Call:
    """A call that is told bit by bit, each projected as the workers do."""

    def __init__(self):
        self.parent, self.child, self.session = sid(), sid(), rtc()
        self.told(
            status(self.parent, "in-progress", caller="+4930123456"),
            status(self.child, "in-progress", parent=self.parent, at=1),
            offered(self.session, self.child, at=2),
            said(self.session, "Hello there", at=3),
        )

    def told(self, *facts):
        self.traces = keep(*facts)
        projector.project(self.traces)

    def speaks(self, words, at):
        self.told(said(self.session, words, at=at))

    def ends(self, at=30):
        self.told(
            status(self.child, "completed", parent=self.parent, at=at),
            status(self.parent, "completed", at=at + 1),
        )


@pytest.fixture
def call():
    return Call()


def opened(page, call, query=""):
    page.goto(f"/calls/{call.parent}{query}")
    page.wait_for_selector("[data-drawn=wide]")
    expect(page.locator("[data-fresh]")).to_have_attribute("data-state", "live")
    return page


def test_while_it_runs_nothing_is_said_of_an_end(reader, call):
    text = reader.get(f"/calls/{call.parent}").content.decode()
    for words in (
        "Ended first by",
        "confidence",
        "What each witness says",
        'class="evidence',
        "What is missing",
    ):
        assert words not in text, words
    assert re.search(r"As of \d\d:\d\d:\d\d UTC", text)
    call.ends()
    text = reader.get(f"/calls/{call.parent}").content.decode()
    assert 'class="evidence' in text and "As of" not in text and "Ended first by" in text


def test_what_is_said_appears_and_neither_playhead_nor_focus_moves(live_page, call):
    page = opened(live_page, call, "?t=2.5")
    page.locator("[data-play]").focus()
    before = page.inner_text("[data-time]")
    call.speaks("I would like to book a table", at=9)
    row = page.locator("[data-transcript] li", has_text="book a table")
    expect(row).to_be_visible()
    expect(page.locator("[data-marks] tr", has_text="book a table").first).to_be_attached()
    expect(page.locator("[data-labels]")).to_contain_text("book a table")
    assert page.inner_text("[data-time]") == before
    assert page.evaluate("document.activeElement.matches('[data-play]')")
    expect(page.locator("[data-fresh]")).to_contain_text(re.compile(r"Live, as of \d\d:\d\d:\d\d UTC"))
    assert violations(page) == ""


def test_the_axis_grows_with_the_call_and_the_player_reaches_its_end(live_page, call):
    page = opened(live_page, call)
    before = page.inner_text(".player .total")
    call.speaks("Still here", at=40)
    expect(page.locator(".player .total")).not_to_have_text(before)
    page.locator("[data-transcript] li", has_text="Still here").get_by_role("button").click()
    expect(page.locator("[data-time]")).to_have_text(re.compile("00:(38|39|40)"))


def test_a_row_that_has_the_focus_keeps_it(live_page, call):
    page = opened(live_page, call)
    button = page.locator("[data-transcript] li", has_text="Hello there").get_by_role("button")
    button.focus()
    call.speaks("And more", at=8)
    expect(page.locator("[data-transcript] li", has_text="And more")).to_be_visible()
    assert page.evaluate("document.activeElement.closest('li')?.textContent.includes('Hello there')")


def test_when_it_ends_the_page_says_so_and_shows_the_evidence(live_page, call):
    page = opened(live_page, call)
    expect(page.locator(".evidence")).to_have_count(0)
    call.ends()
    expect(page.locator("[data-live-said]")).to_contain_text("The call has ended")
    expect(page.locator("#headline")).not_to_have_text("The call is still running")
    expect(page.locator(".evidence")).to_be_visible()
    expect(page.locator("[data-live-over]")).to_contain_text("The call has ended")
    assert violations(page) == ""


def test_a_part_that_joins_the_call_is_followed(live_page):
    parent, child = sid(), sid()
    traces = keep(status(child, "in-progress"))
    projector.project(traces)
    page = live_page
    page.goto(f"/calls/{call_ids(traces)[0]}")
    page.wait_for_selector("[data-drawn=wide]")
    expect(page.locator("[data-fresh]")).to_have_attribute("data-state", "live")
    joined = keep(status(parent, "in-progress"), status(child, "in-progress", parent=parent, at=3))
    projector.project(joined)
    expect(page.locator(".verdict")).to_contain_text(parent)
    projector.project(
        keep(status(parent, "completed", at=30), status(child, "completed", parent=parent, at=30))
    )
    expect(page.locator("[data-live-over]")).to_contain_text("The call has ended")


def test_an_opened_log_takes_on_the_events_that_come(live_page, call):
    page = opened(live_page, call)
    page.click(".events > summary")
    rows = page.locator("[data-events-body] tbody tr")
    expect(rows).to_have_count(4)
    first = rows.first.get_by_role("link")
    first.focus()
    call.speaks("One more thing", at=12)
    expect(page.locator("[data-events-body]")).to_contain_text("One more thing")
    expect(rows).to_have_count(5)
    assert page.evaluate("document.activeElement.closest('tr').rowIndex") == 1
    by_time = queries.events(call_ids(call.traces)[0], bodies=False).items
    shown = [int(row.get_attribute("id").removeprefix("event-")) for row in rows.all()]
    assert shown == [event["position"] for event in by_time]
