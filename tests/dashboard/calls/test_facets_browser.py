"""Facets and offers for a query in a real browser, by mouse, by key and by touch."""

import pytest
from playwright.sync_api import expect

from callstore.people.models import SavedView
from tests.dashboard.browser import violations
from tests.dashboard.calls.listed import CUT_OFF, put

pytestmark = pytest.mark.browser
ROWS = ".calls tbody tr"


@pytest.fixture
def listed(page):
    put(**{**CUT_OFF, "agent_name": "Booking Desk"})
    put(1, verdict="natural_end", flags=["late"])
    put(2, verdict="ai_deaf", flags=["truncated"])
    page.goto("/calls")
    counted(page)
    return page


def counted(page):
    expect(page.locator("#facets:not([aria-busy]) .facets-all")).to_be_attached()


def box(page):
    return page.get_by_role("combobox", name="Search calls")


def offered(page):
    return page.get_by_role("listbox", name="Suggestions").get_by_role("option")


def test_a_click_on_a_value_shows_only_it_its_minus_leaves_it_out_and_clear_brings_all_back(listed):
    page = listed
    page.locator('[data-only="is:truncated"]').click()
    page.wait_for_url("**/calls?q=is%3Atruncated")
    expect(page.locator(ROWS)).to_have_count(2)
    page.locator('[data-less="verdict:ai_deaf"]').click()
    page.wait_for_url("**/calls?q=is%3Atruncated+-verdict%3Aai_deaf")
    expect(page.locator(ROWS)).to_have_count(1)
    counted(page)
    page.locator('[data-clear="is"]').click()
    page.wait_for_url("**/calls?q=-verdict%3Aai_deaf")
    page.locator('[data-less="verdict:ai_deaf"]').click()
    page.wait_for_url("**/calls")
    expect(page.locator(ROWS)).to_have_count(3)


def test_facets_are_walked_by_key_and_keep_the_focus_where_the_list_changes(listed):
    page = listed
    page.locator('[data-less="verdict:natural_end"]').focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/calls?q=-verdict%3Anatural_end")
    expect(page.locator(ROWS)).to_have_count(2)
    counted(page)
    expect(page.locator('[data-less="verdict:natural_end"]')).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/calls")
    expect(page.locator(ROWS)).to_have_count(3)


def test_what_is_counted_is_announced(listed):
    expect(listed.locator("#facets-said")).to_have_text("10 facets are counted")
    assert listed.locator("#facets-said").get_attribute("role") == "status"


def test_a_facet_that_was_closed_stays_closed(listed):
    page = listed
    page.locator('[data-facet="verdict"] > summary').click()
    page.locator('[data-only="is:late"]').click()
    page.wait_for_url("**/calls?q=is%3Alate")
    expect(page.locator('[data-facet="is"] .chosen')).to_be_visible()
    expect(page.locator('[data-only="verdict:natural_end"]')).to_be_hidden()
    page.goto("/calls")
    counted(page)
    expect(page.locator('[data-only="verdict:natural_end"]')).to_be_hidden()


def test_facets_are_folded_on_a_phone_and_open_by_a_tap(page):
    put(**CUT_OFF)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/calls")
    counted(page)
    expect(page.locator('[data-only="sip:200"]')).to_be_hidden()
    page.locator(".facets-all > summary").click()
    value = page.locator('[data-less="verdict:ai_silent_first"]')
    expect(value).to_be_visible()
    size = value.bounding_box()
    assert min(size["width"], size["height"]) >= 24
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_no_rule_of_accessibility_is_broken_by_facets_and_offers(page):
    put(**{**CUT_OFF, "agent_name": "Booking Desk"})
    put(1, verdict="natural_end")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width in (1440, 1024, 390):
            page.set_viewport_size({"width": width, "height": 844})
            page.goto("/calls?q=is:truncated -verdict:ai_deaf")
            counted(page)
            if width == 390 and not page.locator('[data-only="is:truncated"]').is_visible():
                page.locator(".facets-all > summary").click()
            assert violations(page) == ""
            box(page).fill("verdict:")
            expect(offered(page).first).to_be_visible()
            page.keyboard.press("ArrowDown")
            assert violations(page) == ""
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        for path in ("/calls/facets?q=is:truncated", "/calls/help"):
            page.goto(path)
            assert violations(page) == ""


def test_a_query_is_written_by_arrows_and_enter_and_searched_by_the_last_enter(listed):
    page = listed
    box(page).press_sequentially("verd")
    expect(offered(page)).to_have_count(1)
    expect(box(page)).to_have_attribute("aria-expanded", "true")
    assert "How the call ended" in offered(page).first.inner_text()
    page.keyboard.press("ArrowDown")
    expect(offered(page).first).to_have_attribute("aria-selected", "true")
    assert box(page).get_attribute("aria-activedescendant") == offered(page).first.get_attribute("id")
    page.keyboard.press("Enter")
    expect(box(page)).to_have_value("verdict:")
    expect(offered(page)).to_have_count(13)
    assert "1 call" in offered(page).first.inner_text()
    box(page).press_sequentially("dea")
    expect(offered(page)).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    expect(box(page)).to_have_value("verdict:ai_deaf ")
    expect(box(page)).to_be_focused()
    expect(box(page)).to_have_attribute("aria-expanded", "false")
    assert page.url.endswith("/calls")
    page.keyboard.press("Enter")
    page.wait_for_url("**/calls?q=verdict%3Aai_deaf")
    expect(page.locator(ROWS)).to_have_count(1)


def test_without_a_chosen_option_enter_searches_and_tab_leaves(listed):
    page = listed
    box(page).press_sequentially("is:tru")
    expect(offered(page).first).to_be_visible()
    page.keyboard.press("Tab")
    expect(box(page)).not_to_be_focused()
    expect(page.locator("#offers")).to_be_hidden()
    box(page).fill("is:late")
    expect(offered(page).first).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url("**/calls?q=is%3Alate")
    expect(page.locator(ROWS)).to_have_count(1)
    expect(page.locator("#offers")).to_be_hidden()


def test_escape_closes_the_offers_first_and_leaves_the_box_the_second_time(listed):
    page = listed
    box(page).press_sequentially("is:")
    expect(offered(page).first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#offers")).to_be_hidden()
    expect(box(page)).to_be_focused()
    expect(box(page)).to_have_value("is:")
    page.keyboard.press("Escape")
    expect(box(page)).not_to_be_focused()


def test_an_option_is_taken_by_a_tap_and_the_box_keeps_the_focus(listed):
    page = listed
    box(page).fill("agent:")
    offered(page).filter(has_text="Booking Desk").click()
    expect(box(page)).to_have_value('agent:"Booking Desk" ')
    expect(box(page)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(ROWS)).to_have_count(1)


def test_what_was_asked_before_is_offered_and_forgotten_at_logout(listed):
    page = listed
    box(page).fill("is:late")
    page.keyboard.press("Enter")
    page.wait_for_url("**/calls?q=is%3Alate")
    expect(page.locator(ROWS)).to_have_count(1)
    box(page).fill("")
    first = offered(page).first
    expect(first).to_contain_text("Recent")
    page.keyboard.press("ArrowDown")
    expect(first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(box(page)).to_have_value("is:late")
    expect(page.locator(ROWS)).to_have_count(1)
    page.get_by_role("button", name="Log out").click()
    page.wait_for_url("**/login/**")
    assert page.evaluate("localStorage.getItem('recent-queries')") is None


def test_a_saved_view_is_offered_by_its_name_or_its_query_and_opens_whole(listed):
    page = listed
    SavedView.objects.create(slug="lost", name="Lost words", q="is:truncated", sort="verdict", team=True)
    page.reload()
    counted(page)
    for written in ("lost", "is:trunc"):
        box(page).fill(written)
        view = offered(page).filter(has_text="Saved view").filter(has_text="Lost words")
        expect(view).to_have_count(1)
    view.click()
    page.wait_for_url("**/calls?q=is%3Atruncated&sort=verdict&view=lost")
    expect(page.locator(ROWS)).to_have_count(2)


def test_without_storage_the_box_works_all_the_same(page):
    put(**CUT_OFF)
    forbidden = "() => { throw new DOMException('no', 'SecurityError') }"
    page.add_init_script(
        f"for (const name of ['localStorage', 'sessionStorage'])"
        f" Object.defineProperty(window, name, {{get: {forbidden}}})"
    )
    page.goto("/calls")
    counted(page)
    box(page).fill("is:truncated")
    expect(offered(page)).to_have_count(1)
    page.keyboard.press("Enter")
    page.wait_for_url("**/calls?q=is%3Atruncated")


def test_help_with_a_query_is_a_click_from_the_box(listed):
    listed.get_by_role("link", name="Query help").click()
    listed.get_by_role("heading", name="What a query can ask").wait_for()


def test_without_scripts_facets_are_a_link_away(page, browser, live_server):
    put(**CUT_OFF)
    put(1, verdict="natural_end")
    context = browser.new_context(
        base_url=live_server.url, java_script_enabled=False, storage_state=page.context.storage_state()
    )
    plain = context.new_page()
    plain.goto("/calls?q=is:truncated")
    assert plain.locator("#results").bounding_box()["x"] == 0  # no column is left for a link
    plain.get_by_role("link", name="Facets of these calls").click()
    plain.locator('[data-less="verdict:ai_silent_first"]').click()
    plain.wait_for_url("**/calls?q=is%3Atruncated+-verdict%3Aai_silent_first")
    context.close()


def test_a_click_on_an_old_count_waits_for_the_new_ones_and_leaves_from_the_query_that_is_shown(listed):
    page = listed
    held = []
    page.route("**/calls/facets?*", lambda route: held.append(route))
    page.locator('[data-only="is:truncated"]').click()
    page.wait_for_url("**/calls?q=is%3Atruncated")
    expect(page.locator("#facets[aria-busy]")).to_be_visible()
    page.locator('[data-less="verdict:ai_deaf"]').click()
    assert page.url.endswith("?q=is%3Atruncated")
    held[0].continue_()
    page.wait_for_url("**/calls?q=is%3Atruncated+-verdict%3Aai_deaf")


def held_list(page, query):
    """The request for the list of a query, which waits."""
    held = []
    page.route("**/calls?q=is*", lambda route: held.append(route), times=1)
    box(page).fill(query)
    with page.expect_request("**/calls?q=is*"):
        page.keyboard.press("Enter")
    expect(page.locator("#facets[aria-busy]")).to_be_visible()
    return held


def test_a_click_between_enter_and_the_list_waits_for_it_and_leaves_from_its_query(listed):
    page = listed
    held = held_list(page, "is:truncated")
    page.locator('[data-less="verdict:ai_deaf"]').click()
    assert page.url.endswith("/calls")
    held[0].continue_()
    page.wait_for_url("**/calls?q=is%3Atruncated+-verdict%3Aai_deaf")
    expect(page.locator(ROWS)).to_have_count(1)


@pytest.mark.parametrize("failure", ["wrong", "away"])
def test_a_click_while_a_query_fails_leaves_from_the_list_that_stays(listed, failure):
    page = listed
    held = held_list(page, "is:nothing")
    page.locator('[data-less="verdict:ai_deaf"]').click()
    if failure == "away":
        held[0].abort()
    else:
        held[0].continue_()
    page.wait_for_url("**/calls?q=-verdict%3Aai_deaf")
    expect(page.locator(ROWS)).to_have_count(2)


def test_what_was_asked_last_is_shown_however_late_the_answer_before_it_comes(listed):
    page = listed
    held = held_list(page, "is:truncated")
    page.get_by_role("link", name="Live now").click()
    page.wait_for_url("**/calls?q=is%3Alive")
    expect(page.locator(ROWS)).to_have_count(0)
    assert held[0].request.failure == "net::ERR_ABORTED"
    expect(box(page)).to_have_value("is:live")


def test_counts_that_are_not_answered_leave_the_list_and_a_link_to_them(listed):
    page = listed
    page.route("**/calls/facets?*", lambda route: route.fulfill(status=503))
    page.locator('[data-only="is:truncated"]').click()
    page.wait_for_url("**/calls?q=is%3Atruncated")
    expect(page.get_by_role("link", name="Facets of these calls")).to_be_visible()
    expect(page.locator(ROWS)).to_have_count(2)
