"""The list in a real browser."""

import pytest

from tests.dashboard.browser import violations
from tests.dashboard.calls.listed import CUT_OFF, put

pytestmark = pytest.mark.browser


def test_no_rule_of_accessibility_is_broken_wide_or_narrow_light_or_dark(page):
    put(**CUT_OFF)
    put(1, verdict="natural_end", verdict_confidence="high", untranscribed_caller_speech_s=0.0)
    for scheme in ("light", "dark"):
        for width in (1440, 390):
            page.set_viewport_size({"width": width, "height": 844})
            page.emulate_media(color_scheme=scheme)
            for query in ("", "?q=is:live", "?q=stats:1"):
                page.goto(f"/calls{query}")
                assert violations(page) == ""
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_enter_swaps_the_list_and_moves_the_address(page):
    put(**CUT_OFF)
    put(1, verdict="natural_end")
    page.goto("/calls")
    page.evaluate("window.same = true")
    page.keyboard.press("/")
    page.keyboard.type("is:truncated")
    page.keyboard.press("Enter")
    page.wait_for_url("**/calls?q=is%3Atruncated")
    page.locator(".calls tbody tr").nth(1).wait_for(state="detached")
    assert page.evaluate("window.same") is True
    page.get_by_role("link", name="All", exact=True).click()
    page.locator(".calls tbody tr").nth(1).wait_for()
    assert page.locator("#q").input_value() == ""
    page.go_back()
    page.wait_for_url("**/calls?q=is%3Atruncated")
    page.locator(".calls tbody tr").nth(1).wait_for(state="detached")
    assert page.locator("#q").input_value() == "is:truncated"


def test_a_wrong_query_leaves_the_last_list_and_is_put_right_by_a_click(page):
    put(**CUT_OFF)
    page.goto("/calls")
    page.fill("#q", "stats:completed")
    page.press("#q", "Enter")
    page.get_by_role("status").get_by_text("There is no key stats:").wait_for()
    assert page.locator(".calls tbody tr").count() == 1
    assert page.url.endswith("/calls")
    page.get_by_role("link", name="Use status:completed").click()
    page.wait_for_url("**/calls?q=status%3Acompleted")
    page.locator(".wrong").wait_for(state="detached")
    assert page.locator("#q").input_value() == "status:completed"


def test_alt_click_leaves_a_value_out(page):
    put(**CUT_OFF)
    kept = put(1, verdict="natural_end")
    page.goto("/calls")
    page.get_by_role("link", name="AI silent first medium confidence").click(modifiers=["Alt"])
    page.wait_for_url("**/calls?q=-verdict*")
    assert page.locator(".calls tbody tr").get_attribute("id") == f"call-{kept}"


def test_j_and_k_walk_the_calls_and_enter_opens_one(page):
    put(**CUT_OFF)
    newest = put(1)
    page.route(f"**/calls/{newest}", lambda route: route.fulfill(body="the page of this call"))
    page.goto("/calls")
    focused = "document.activeElement.closest('tr')?.rowIndex"
    for key, row in (("j", 1), ("j", 2), ("j", 2), ("k", 1)):
        page.keyboard.press(key)
        assert page.evaluate(focused) == row
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/calls/{newest}")


def test_the_keys_can_be_switched_off_in_the_help(page):
    put(**CUT_OFF)
    page.goto("/calls")
    page.keyboard.press("?")
    assert violations(page) == ""
    page.get_by_label("Single-key shortcuts").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement === document.body || !document.activeElement.closest('tr')")


def test_the_steps_of_an_empty_store_can_be_copied(page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/calls")
    assert violations(page) == ""
    page.get_by_role("button", name="Copy").first.click()
    page.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()").endswith("/hooks/twilio/status")


def test_without_scripts_the_list_is_filtered_all_the_same(page, browser, live_server):
    put(**CUT_OFF)
    put(1, verdict="natural_end")
    context = browser.new_context(
        base_url=live_server.url, java_script_enabled=False, storage_state=page.context.storage_state()
    )
    plain = context.new_page()
    plain.goto("/calls")
    plain.fill("#q", "is:truncated")
    plain.press("#q", "Enter")
    plain.wait_for_url("**/calls?q=is%3Atruncated")
    assert plain.locator(".calls tbody tr").count() == 1
    plain.get_by_role("link", name="completed", exact=True).click()
    plain.wait_for_url("**status%3Acompleted")
    context.close()
