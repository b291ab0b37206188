"""A call handed over in a real browser: archives, report and links, by keyboard and in any theme."""

import re

import pytest
from playwright.sync_api import expect

from callstore.people.models import Membership
from tests.dashboard.browser import violations
from tests.dashboard.hand_over.logged import founding_call

pytestmark = pytest.mark.browser


@pytest.fixture
def call(page, django_user_model):
    """The founding call, in the hands of somebody who may share it."""
    Membership.objects.update_or_create(user=django_user_model.objects.get(), defaults={"role": "analyst"})
    return founding_call()


def test_a_link_is_made_copied_read_by_a_stranger_and_revoked_by_keyboard_alone(
    page, browser, call, live_server
):
    page.goto(f"/calls/{call['call_id']}/shares")
    page.get_by_role("button", name="Make a link").press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("The link is made")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy").press("Enter")
    expect(page.locator("[data-copy-told]")).to_have_text("Copied.")
    copied = page.evaluate("navigator.clipboard.readText()")
    path = "/share/" + copied.rpartition("/share/")[2]
    strangers = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    read = strangers.new_page()
    assert read.goto(path).status == 200
    expect(read.get_by_role("heading", level=1)).to_contain_text("fell silent")
    page.get_by_role("button", name="Revoke").press("Enter")
    expect(page.get_by_text("Revoked", exact=True)).to_be_visible()
    assert read.goto(path).status == 410
    strangers.close()


def test_on_paper_the_report_is_dark_on_white_as_wide_as_the_sheet_and_leads_nowhere(page, call):
    page.emulate_media(color_scheme="dark", media="print")
    page.set_viewport_size({"width": 720, "height": 1000})  # a sheet of A4 between its margins
    page.goto(f"/calls/{call['call_id']}/report")
    assert page.locator(".way").is_hidden()
    seen = "e => { const s = getComputedStyle(e); return [s.color, s.breakInside] }"
    ink, inside = page.locator(".report tbody tr").first.evaluate(seen)
    assert (ink, inside) == ("rgb(23, 26, 33)", "avoid")
    assert page.locator("h2").first.evaluate("e => getComputedStyle(e).breakAfter") == "avoid"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    hides = "e => e.filter(each => each.scrollWidth > each.clientWidth).length"
    assert page.locator(".report .wide").evaluate_all(hides) == 0
    assert violations(page) == ""
    sheet = page.pdf(format="A4")
    assert sheet.startswith(b"%PDF") and 1 < len(re.findall(rb"/Type\s*/Page\b", sheet)) < 30


def test_no_rule_of_accessibility_is_broken_wide_or_narrow_light_or_dark(page, call):
    page.goto(f"/calls/{call['call_id']}/shares")
    page.get_by_role("button", name="Make a link").click()
    shared = "/share/" + page.locator("#link").input_value().rpartition("/share/")[2]
    own = f"/calls/{call['call_id']}"
    for scheme, width in (("light", 1440), ("dark", 320)):
        page.set_viewport_size({"width": width, "height": 844})
        page.emulate_media(color_scheme=scheme)
        for url in (f"{own}/report", f"{own}/shares", shared):
            page.goto(url)
            assert violations(page) == "", (scheme, width, url)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (width, url)
            hides = "e => e.filter(each => each.scrollWidth > each.clientWidth).length"
            assert page.locator(".report .wide:has(table), .sharing .scroll").evaluate_all(hides) == 0, (
                width,
                url,
            )
