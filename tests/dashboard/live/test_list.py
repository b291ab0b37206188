"""The list in a real browser on the real web process, while calls change."""

import re

import pytest
from playwright.sync_api import expect

from callstore.projection import projector
from tests.dashboard.browser import violations
from tests.projection.facts import keep, sid, status

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def told(*facts):
    """Facts kept and projected, as the workers do."""
    projector.project(keep(*facts))


def running(parent=None):
    """A call that runs; its parent leg."""
    parent = parent or sid()
    told(status(parent, "in-progress", caller="+4930123456"))
    return parent


def ended(parent):
    told(status(parent, "completed", at=30))


def state(page):
    return page.locator("[data-fresh]")


def opened(page, path="/calls"):
    page.goto(path)
    expect(state(page)).to_have_attribute("data-state", "live")
    return page


def test_new_calls_are_counted_and_not_put_in_until_they_are_asked_for(live_page):
    running()
    page = opened(live_page)
    rows = page.locator(".calls tbody tr")
    expect(rows).to_have_count(1)
    running()
    expect(page.locator(".new")).to_contain_text("1 new call")
    running()
    expect(page.locator(".new")).to_contain_text("2 new calls")
    expect(rows).to_have_count(1)
    expect(page.locator("[data-live-said]")).to_contain_text("2 new calls")
    page.keyboard.press("r")
    expect(rows).to_have_count(3)
    expect(page.locator(".new")).to_have_count(0)


def test_only_calls_that_the_query_finds_are_new(live_page):
    page = opened(live_page, "/calls?q=verdict:live")
    told(status(sid(), "completed"))
    running()
    expect(page.locator(".new")).to_contain_text("1 new call")


def test_a_running_call_changes_in_its_cells_and_keeps_the_focus(live_page):
    parent = running()
    page = opened(live_page)
    row = page.locator(".calls tbody tr")
    expect(row.locator(".c-verdict")).to_contain_text("Live")
    row.locator(".open").focus()
    page.evaluate("window.row = document.querySelector('.calls tbody tr')")
    ended(parent)
    expect(row.locator(".c-verdict")).not_to_contain_text("Live")
    assert page.evaluate("window.row.isConnected && document.activeElement.matches('.calls .open')")
    expect(row.locator(".changed").first).to_be_attached()


def test_a_call_whose_beginning_changes_stays_marked(live_page):
    parent = running()
    page = opened(live_page)
    page.get_by_label("Mark this call").check()
    page.locator("#q").focus()  # what has the focus would stay as it is
    before = page.locator(".open time").get_attribute("datetime")
    told(status(parent, "ringing", at=-60))
    expect(page.locator(".open time")).not_to_have_attribute("datetime", before)
    expect(page.get_by_label("Mark this call")).to_be_checked()


def test_while_it_is_paused_nothing_changes_and_afterwards_all_that_was_missed_does(live_page):
    parent = running()
    page = opened(live_page)
    page.get_by_role("button", name="Pause").click()
    expect(state(page)).to_have_attribute("data-state", "paused")
    expect(state(page)).to_contain_text("Paused, as of")
    ended(parent)
    page.wait_for_timeout(1500)  # as long as a change takes otherwise, and more
    expect(page.locator("td.c-verdict")).to_contain_text("Live")
    page.get_by_role("button", name="Resume").click()
    expect(page.locator("td.c-verdict")).not_to_contain_text("Live")


def test_it_says_since_when_it_is_stale_and_comes_back(live_page):
    parent, page = running(), live_page
    parts = re.compile(r"/(live|calls/since|calls/rows)\?")
    page.route(parts, lambda route: route.abort())
    page.goto("/calls")
    expect(state(page)).to_contain_text(re.compile(r"Live updates stopped 00:\d\d ago"))
    expect(page.locator("[data-live-said]")).to_have_text("Live updates stopped.")
    expect(page.get_by_role("link", name="Refresh")).to_be_visible()
    assert violations(page) == ""
    ended(parent)
    page.unroute(parts)
    # It may have come back by itself meanwhile, and have no such button any more.
    page.locator("[data-live-again]").dispatch_event("click")
    expect(state(page)).to_have_attribute("data-state", "live")
    expect(page.locator("td.c-verdict")).not_to_contain_text("Live")


def test_a_login_that_ended_is_said(live_page):
    running()
    page = live_page
    page.add_init_script("delete window.EventSource")
    page.goto("/calls")
    expect(page.locator("#facets .facets-all")).to_be_attached()  # to ask for them then leads to the login
    page.client.logout()
    expect(state(page)).to_contain_text("Your login has ended", timeout=15_000)


def test_without_a_stream_it_asks_every_five_seconds(live_page):
    parent = running()
    live_page.add_init_script("delete window.EventSource")
    page = live_page
    page.goto("/calls")
    expect(state(page)).to_have_attribute("data-state", "asking", timeout=10_000)
    ended(parent)
    running()
    expect(page.locator("td.c-verdict")).not_to_contain_text("Live", timeout=10_000)
    expect(page.locator(".new")).to_contain_text("1 new call")


def test_a_tab_in_the_background_rests_and_catches_up(live_page):
    parent = running()
    page = opened(live_page)
    hide = "Object.defineProperty(document, 'hidden', {value: %s, configurable: true});"
    hide += "document.dispatchEvent(new Event('visibilitychange'))"
    page.evaluate(hide % "true")
    ended(parent)
    page.wait_for_timeout(1500)
    expect(page.locator("td.c-verdict")).to_contain_text("Live")
    page.evaluate(hide % "false")
    expect(page.locator("td.c-verdict")).not_to_contain_text("Live")


def test_two_rows_that_turn_out_to_be_one_call_become_one(live_page):
    parent, child = sid(), sid()
    told(status(parent, "in-progress"))
    told(status(child, "in-progress"))
    page = opened(live_page)
    expect(page.locator(".calls tbody tr")).to_have_count(2)
    told(status(child, "in-progress", parent=parent, at=3))
    expect(page.locator(".calls tbody tr")).to_have_count(1)


def test_without_a_script_it_says_as_of_when_with_a_link_to_refresh(reader):
    running()
    text = reader.get("/calls", {"q": "is:live"}).content.decode()
    assert re.search(r"As of \d\d:\d\d:\d\d UTC", text)
    assert re.search(r'<a href="/calls\?q=is%3Alive" data-live-refresh>Refresh</a>', text)


@pytest.mark.parametrize("path", ["/calls/since", "/calls/rows?ids=x"])
def test_parts_of_the_list_are_for_nobody_who_is_not_logged_in(stranger, path):
    assert stranger.get(path).status_code == 401


def test_what_a_browser_would_never_ask_is_answered_without_an_error(reader):
    nonsense = {"position": "x", "oldest": "yesterday", "shown": "1,2", "ids": "'; --,"}
    assert reader.get("/calls/since", nonsense).status_code == 200
    assert reader.get("/calls/rows", nonsense).status_code == 200
    for path in ("/calls/since", "/calls/rows"):
        assert reader.get(path, {"q": "verdict:(", "position": "x"}).status_code in (200, 422)
