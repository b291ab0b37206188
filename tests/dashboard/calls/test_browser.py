"""The list in a real browser."""

import pytest
from playwright.sync_api import expect

from tests.dashboard.browser import violations
from tests.dashboard.call.opened import opened, shown
from tests.dashboard.calls.listed import CUT_OFF, put
from tests.dashboard.documents import put_call
from tests.dashboard.told import told

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


def shows(page, url, box, rows):
    page.wait_for_url(f"**/calls{url}")
    expect(page.locator("#q")).to_have_value(box)
    expect(page.locator(".calls tbody tr")).to_have_count(rows)


def test_back_and_forward_bring_list_and_box_again_and_no_copy_is_kept(page):
    put(**CUT_OFF)
    put(1, verdict="natural_end")
    page.goto("/calls")
    page.get_by_role("link", name="Clean but cut off").click()
    clean = "is:truncated status:completed sip:200"
    clean_url = "?q=is%3Atruncated+status%3Acompleted+sip%3A200"
    shows(page, clean_url, clean, 1)
    page.get_by_role("link", name="Live now").click()
    shows(page, "?q=is%3Alive", "is:live", 0)
    page.go_back()
    shows(page, clean_url, clean, 1)
    page.go_back()
    shows(page, "", "", 2)
    page.go_forward()
    shows(page, clean_url, clean, 1)
    page.go_forward()
    shows(page, "?q=is%3Alive", "is:live", 0)
    kept = page.evaluate("Object.values({...sessionStorage, ...localStorage}).join()")
    assert "<" not in kept


def test_who_goes_on_before_the_scripts_have_come_gets_the_list_of_the_address(page):
    put(**CUT_OFF)
    put(1, verdict="natural_end")
    page.goto("/calls")
    page.get_by_role("link", name="Clean but cut off").click()
    clean = ("?q=is%3Atruncated+status%3Acompleted+sip%3A200", "is:truncated status:completed sip:200", 1)
    shows(page, *clean)
    held = []
    page.route("**/htmx-2*", lambda script: held.append(script), times=1)
    page.go_back(wait_until="commit")
    shows(page, "", "", 2)
    page.go_forward(wait_until="commit")
    held[0].continue_()
    shows(page, *clean)


def test_the_box_writes_the_address_as_a_link_does(page):
    put(**CUT_OFF)
    page.goto("/calls?sort=verdict")
    page.fill("#q", " is:truncated  sip:200 ")
    page.press("#q", "Enter")
    page.wait_for_url("**/calls?q=is%3Atruncated++sip%3A200&sort=verdict")
    page.fill("#q", "")
    page.press("#q", "Enter")
    page.wait_for_url("**/calls?sort=verdict")


@pytest.mark.parametrize(
    "link", ["#quick a:nth-child(2)", "th.c-legs a", ".calls tbody tr:nth-child(2) .c-status a"]
)
def test_a_link_keeps_the_focus_when_the_list_is_swapped(page, link):
    put(**CUT_OFF)
    put(1, child_status="completed", sip_response_code=200, flags=["truncated"])
    page.goto("/calls")
    page.locator(link).first.focus()
    words = page.evaluate("document.activeElement.textContent")
    page.evaluate("document.activeElement.dataset.old = ''")
    page.keyboard.press("Enter")
    page.wait_for_url("**/calls?*")
    page.locator("[data-old]").wait_for(state="detached")
    assert page.evaluate("document.activeElement.textContent") == words


def test_filters_stay_where_a_thumb_has_scrolled_them(page):
    put(**CUT_OFF)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/calls")
    page.get_by_role("link", name="Live now").click()
    shows(page, "?q=is%3Alive", "is:live", 0)
    assert page.evaluate("document.querySelector('.quick').scrollLeft") > 100


def test_an_agent_of_a_long_name_makes_no_card_wider_than_a_phone(page):
    put(**CUT_OFF | {"agent_name": "appointments", "agent_version": "2026.11.4"})
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/calls")
    expect(page.locator("td.c-agent")).to_contain_text("2026.11.4")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_what_the_list_cannot_hold_is_left_to_the_browser(page):
    put(**CUT_OFF)
    page.goto("/calls")
    page.get_by_text("Export", exact=True).click()
    with page.expect_download() as export:
        page.get_by_role("link", name="CSV a row a call").click()
    assert export.value.suggested_filename.startswith("incidents-")
    with page.context.expect_page() as window:
        page.get_by_role("link", name="Live now").click(modifiers=["Shift"])
    window.value.wait_for_url("**/calls?q=is%3Alive")
    assert page.url.endswith("/calls")


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        (lambda route: route.fulfill(status=503, body="<h1>No</h1>", content_type="text/html"), "(503)"),
        (lambda route: route.fulfill(status=500, body="<h1>No</h1>", content_type="text/html"), "(500)"),
        (lambda route: route.abort(), "no connection"),
    ],
)
def test_a_list_that_is_not_answered_is_told_in_a_line_and_the_last_list_stays(page, failure, said):
    put(**CUT_OFF)
    put(1)
    page.goto("/calls")
    page.route("**/calls?q=*", failure)
    page.fill("#q", "is:truncated")
    page.press("#q", "Enter")
    line = page.get_by_role("status").get_by_text("Not answered")
    expect(line).to_contain_text(said)
    expect(line).to_contain_text("still that of ‹all calls›")
    shows(page, "", "is:truncated", 2)
    page.unroute("**/calls?q=*")
    page.get_by_role("link", name="Try again").click()
    shows(page, "?q=is%3Atruncated", "is:truncated", 1)


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


def test_enter_says_how_many_calls_were_found(page):
    put(**CUT_OFF)
    put(1, verdict="natural_end")
    page.goto("/calls")
    page.fill("#q", "is:truncated")
    page.press("#q", "Enter")
    expect(page.locator("#said")).to_have_text("1 call")
    expect(page).to_have_title("is:truncated · Calls · callstore")
    page.fill("#q", "is:late")
    page.press("#q", "Enter")
    expect(page.locator("#said")).to_have_text("0 calls")
    page.fill("#q", "stats:1")
    page.press("#q", "Enter")
    expect(page.locator("#q[aria-invalid]")).to_be_visible()


@pytest.mark.parametrize("how", ["mouse", "key", "arrow"])
def test_a_value_is_left_out_by_its_minus_by_a_key_or_by_its_menu(page, how):
    put(**CUT_OFF)
    kept = put(1, child_status="busy")
    page.goto("/calls")
    value = page.get_by_role("link", name="completed", exact=True)
    if how == "mouse":
        value.hover()
        page.get_by_role("link", name="Without status:completed").click()
    elif how == "key":
        value.focus()
        page.keyboard.press("-")
    else:
        value.focus()
        for key in ("ArrowDown", "Escape"):
            page.keyboard.press(key)
        expect(value).to_be_focused()
        page.keyboard.press("ArrowDown")
        expect(page.get_by_role("link", name="Only status:completed")).to_be_focused()
        assert violations(page) == ""
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
    page.wait_for_url("**/calls?q=-status*")
    assert page.locator(".calls tbody tr").get_attribute("id") == f"call-{kept}"


def test_free_space_and_the_strip_open_the_call(page):
    call_id = put(**CUT_OFF)
    page.route(f"**/calls/{call_id}?*", lambda route: route.fulfill(body="the page of this call"))
    for part in (".c-legs", ".c-strip svg"):
        page.goto("/calls")
        page.locator(f".calls tbody {part}").click(position={"x": 3, "y": 3})
        page.wait_for_url(f"**/calls/{call_id}?list=")


def test_times_are_shown_in_the_readers_zone_where_he_wants_it(browser, page, live_server):
    put(**CUT_OFF)
    context = browser.new_context(
        base_url=live_server.url, timezone_id="Asia/Tokyo", storage_state=page.context.storage_state()
    )
    there = context.new_page()
    there.goto("/calls")
    expect(there.locator(".c-started time")).to_have_text("2026-04-13 00:17:52")
    there.get_by_role("button", name="Times in UTC").click()
    expect(there.locator(".c-started time")).to_have_text("2026-04-13 09:17:52")
    expect(there.locator("th.c-started")).to_contain_text("UTC+09:00")
    there.reload()
    expect(there.locator(".c-started time")).to_have_text("2026-04-13 09:17:52")
    there.get_by_role("link", name="Clean but cut off").click()
    there.wait_for_url("**/calls?q=*")
    expect(there.locator(".c-started time")).to_have_text("2026-04-13 09:17:52")
    context.close()


def test_from_a_call_one_gets_back_to_the_list_and_on_to_its_neighbours(page):
    whole = told("founding_call") | dict.fromkeys(("parent_call_sid", "child_call_sid", "ai_call_id"))
    whole["recordings"] = []
    put(1)
    first, _, last = (put_call(**whole | {"started_at": f"2026-04-13T00:0{at}:00.000Z"}) for at in range(3))
    page.goto("/calls?q=is:truncated&sort=started_at")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/calls/{first}?list=*")
    back = page.get_by_role("link", name="3 calls: is:truncated")
    page.wait_for_selector("[data-drawn=wide]")
    expect(back).to_be_visible()
    expect(page.get_by_role("link", name="Previous")).to_have_count(0)
    page.keyboard.press("]")
    page.get_by_role("link", name="Previous").wait_for()
    page.wait_for_selector("[data-drawn=wide]")
    page.get_by_role("link", name="Next").click()
    page.wait_for_url(f"**/calls/{last}?list=*")
    page.wait_for_selector("[data-drawn=wide]")
    expect(page.get_by_role("link", name="Next")).to_have_count(0)
    page.keyboard.press("[")
    page.get_by_role("link", name="Next").wait_for()
    page.wait_for_selector("[data-drawn=wide]")
    back.click()
    page.wait_for_url("**/calls?q=is%3Atruncated&sort=started_at&sel=*")
    expect(page.locator("tr[aria-current]")).to_be_in_viewport()
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.closest('tr').id") == f"call-{first}"


def test_the_link_to_the_list_is_copied_and_the_button_says_so(page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    put(**CUT_OFF)
    page.goto("/calls?from=-7d&q=-is:live")
    page.get_by_role("link", name="Copy link").click()
    expect(page.get_by_role("link", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "/calls?q=-is%3Alive&from=20" in copied and "&to=20" in copied


def test_menus_break_no_rule_and_close_by_escape(page):
    put(**CUT_OFF)
    for width in (1440, 900, 800, 320):
        page.set_viewport_size({"width": width, "height": 844})
        page.goto("/calls")
        for menu in page.locator(".menu > summary").all():
            menu.click()
            assert violations(page) == ""
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            page.keyboard.press("Escape")
            expect(page.locator(".menu[open]")).to_have_count(0)


@pytest.mark.parametrize("width", [760, 990, 1024])
def test_a_laptop_has_a_table_of_low_rows(page, width):
    for minutes, verdict in enumerate(("ai_silent_first", "never_connected", "limit_reached")):
        none = dict.fromkeys(("parent_call_sid", "child_call_sid"))
        put(minutes, **CUT_OFF | none | {"verdict": verdict, "cause": None})
    wide = {"verdict": "never_connected", "child_status": "in-progress", "sip_response_code": 503}
    put(3, **wide, ended_first_by="unknown", parent_duration_s=3599, child_duration_s=3540, flags=["late"])
    page.set_viewport_size({"width": width, "height": 768})
    page.goto("/calls")
    assert page.locator(".calls tbody tr").nth(1).bounding_box()["height"] <= 38
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for column in ("gap", "legs", "status", "ended", "signals"):
        expect(page.locator(f"th.c-{column}")).to_be_visible()


def test_forced_colours_keep_the_strips_and_their_legend_apart(page):
    put(**CUT_OFF)
    page.emulate_media(forced_colors="active")
    page.goto("/calls")
    drawn = "all => Object.fromEntries(all.map(each => [each.classList[0], getComputedStyle(each).fill]))"
    bars = page.locator(".calls .strip rect").evaluate_all(drawn)
    ground = page.locator(".calls .strip").evaluate("each => getComputedStyle(each).backgroundColor")
    assert bars.keys() >= {"s-child", "s-gap"} and len({ground, *bars.values()}) == 1 + len(bars)
    swatch = "all => all.map(each => getComputedStyle(each, '::before').backgroundColor)"
    swatches = page.locator(".pager .legend span").evaluate_all(swatch)
    assert len(set(swatches)) == 4 and {bars["s-child"], bars["s-gap"]} <= set(swatches)


def test_forced_colours_show_which_page_view_and_time_are_chosen(page):
    put(**CUT_OFF)
    page.emulate_media(forced_colors="active")
    page.goto("/calls")
    for chosen, other in (
        (".top nav a[aria-current]", ".top nav a:not([aria-current])"),
        (".quick a[aria-current]", ".quick a:not([aria-current])"),
        (".windows > a[aria-current]", ".windows > a:not([aria-current])"),
    ):
        lines = [
            page.locator(which).first.evaluate("each => getComputedStyle(each).outlineStyle")
            for which in (chosen, other)
        ]
        assert lines == ["dashed", "none"], chosen


def test_on_paper_the_calls_are_as_wide_as_the_sheet_and_dark_on_white(page):
    page.emulate_media(color_scheme="dark", media="print")
    put(**CUT_OFF)
    page.goto("/calls")
    page.locator("aside.facets .facet").first.wait_for(state="attached")
    assert page.locator("table.calls").bounding_box()["width"] > 1400
    ground = "each => getComputedStyle(each).backgroundColor"
    assert page.locator("body").evaluate(ground) == "rgb(255, 255, 255)"


def test_on_a_phone_signs_begin_where_a_card_begins_and_the_facets_can_be_skipped(page):
    put(**CUT_OFF)
    page.goto("/calls")
    page.locator("aside.facets .facet").first.wait_for()
    page.get_by_role("link", name="Skip the facets").press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Any time")).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("v")
    expect(page.locator("[data-marked] select").first).to_be_focused()
    expect(page.get_by_text("1 selected")).to_be_visible()
    expect(page.locator("td.c-review")).to_have_text("New")  # at 1440, beside the facets
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.set_viewport_size({"width": 390, "height": 844})
    left = "each => each.getBoundingClientRect().left"
    chip, gap = (page.locator(part).first.evaluate(left) for part in (".c-signals .chip", "td.c-gap"))
    assert chip == gap


def test_a_window_is_chosen_in_two_fields(page):
    put(**CUT_OFF)
    page.goto("/calls?sort=verdict")
    page.get_by_text("Custom").click()
    page.get_by_role("textbox", name="From").fill("2026-04-13T00:00")
    page.get_by_role("button", name="Show").first.click()
    page.wait_for_url("**/calls?from=2026-04-13T00%3A00&sort=verdict")
    expect(page.locator(".calls tbody tr")).to_have_count(1)


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
    page.route(f"**/calls/{newest}?*", lambda route: route.fulfill(body="the page of this call"))
    page.goto("/calls")
    focused = "document.activeElement.closest('tr')?.rowIndex"
    for key, row in (("j", 1), ("j", 2), ("j", 2), ("k", 1)):
        page.keyboard.press(key)
        assert page.evaluate(focused) == row
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/calls/{newest}?list=")


def test_the_keys_can_be_switched_off_in_the_help(page):
    put(**CUT_OFF)
    page.goto("/calls")
    page.keyboard.press("?")
    assert violations(page) == ""
    page.get_by_label("Single-key shortcuts").uncheck()
    assert page.evaluate("localStorage.getItem('single-keys')") == "off", "as on every page"
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement === document.body || !document.activeElement.closest('tr')")
    opened(page, "founding_call", "?t=40")
    page.locator("body").press("n")
    page.locator("body").press("r")
    assert shown(page) == 40 and page.locator("[data-inspector]").is_hidden()


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
