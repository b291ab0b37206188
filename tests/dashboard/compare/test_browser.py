"""Two calls side by side in a real browser, and the way there from a call's page."""

import pytest
from playwright.sync_api import expect

from tests.dashboard.browser import violations
from tests.dashboard.call.opened import put
from tests.dashboard.documents import put_call
from tests.dashboard.investigated import Keyboard
from tests.dashboard.told import NAMES, told

pytestmark = pytest.mark.browser


@pytest.fixture
def calls(page):
    """The founding call and one that ended naturally a day before, of the same agent's version."""
    name = next(name for name in NAMES if told(name).get("verdict") == "natural_end")
    before = {"started_at": "2026-04-12T10:00:00Z", "agent_name": None, "agent_version": None}
    put_call(**{"from": told("founding_call")["from"], "started_at": "2026-04-13T00:22:00Z"})
    return put("founding_call"), put_call(**{**told(name), **before})


def test_no_rule_of_accessibility_is_broken_wide_or_narrow_light_or_dark(page, calls):
    a, b = calls
    for scheme, width in (("light", 1440), ("dark", 1024), ("dark", 390), ("light", 320)):
        page.set_viewport_size({"width": width, "height": 844})
        page.emulate_media(color_scheme=scheme)
        for url in ("/compare", f"/compare?a={a}&b={b}", f"/compare?a={b}"):
            page.goto(url)
            if page.locator(".marks summary").count():
                page.locator(".marks summary").click()
            assert violations(page) == "", (scheme, width, url)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (width, url)


def test_from_a_call_one_click_compares_it_with_the_last_good_one(page, calls):
    a, b = calls
    page.goto(f"/calls/{a}")
    related = page.get_by_role("region", name="Related calls")
    expect(related.get_by_text("called back after")).to_be_visible()
    related.get_by_role("link", name="Compare").last.click()
    page.wait_for_url(f"**/compare?a={a}&b={b}")
    expect(page.get_by_role("heading", name="Numbers")).to_be_visible()
    page.get_by_role("link", name="Swap A and B").click()
    page.wait_for_url(f"**/compare?a={b}&b={a}")


def test_without_a_good_call_before_one_is_chosen_by_keyboard_from_those_near(page, calls):
    a, b = calls
    page.goto(f"/compare?a={b}")
    expect(page.get_by_role("region", name="Choose the other call")).to_be_in_viewport()
    Keyboard(page).press("[aria-labelledby=offered-title] a[href*='&b=']")
    page.wait_for_url(f"**/compare?a={b}&b={a}")
    expect(page.get_by_role("heading", name="Numbers")).to_be_visible()


def test_on_a_phone_no_figure_is_broken_in_two(page, calls):
    a, b = calls
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"/compare?a={a}&b={b}")
    lines = """all => all.filter(each => each.firstElementChild?.matches("b") ?? true).map(each => {
      const text = document.createRange(), node = document.createTreeWalker(each, 4).nextNode();
      text.setStart(node, 0);
      text.setEnd(node, node.textContent.search(/\\s|$/));
      return [node.textContent, text.getClientRects().length];
    })"""
    figures = page.locator("[aria-labelledby=numbers-title] td.num:not(:empty)").evaluate_all(lines)
    assert len(figures) > 20 and [text for text, rows in figures if rows != 1] == []


def test_the_answers_of_both_lie_on_one_line(page, calls):
    a, b = calls
    page.goto(f"/compare?a={a}&b={b}")
    places = page.evaluate(
        "[...document.querySelectorAll('.lane')].find(each => each.innerText.includes('Child leg'))"
        ".querySelectorAll('rect.r-child[height=\"14\"]').length"
    )
    lefts = page.evaluate(
        "[...[...document.querySelectorAll('.lane')].find(each => each.innerText.includes('Child leg'))"
        ".querySelectorAll('rect.r-child[height=\"14\"]')].map(each => each.getBoundingClientRect().left)"
    )
    assert places == 2 and abs(lefts[0] - lefts[1]) < 8
