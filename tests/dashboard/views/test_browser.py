"""Saved views in a real browser: by mouse, by keyboard, without a script, in every width and theme."""

import pytest
from playwright.sync_api import expect

from callstore.people import seeds
from callstore.people.models import SavedView, Star
from tests.dashboard.browser import violations
from tests.dashboard.calls.listed import CUT_OFF, put

pytestmark = pytest.mark.browser


@pytest.fixture
def planted(page, django_user_model):
    """The views to begin with, one of somebody's own and one that he pinned; a call that they find."""
    SavedView.objects.all().delete()
    seeds.plant(SavedView)
    olga = django_user_model.objects.get()
    mine = SavedView.objects.create(slug="mine", name="Cut off at night", q="is:truncated", owner=olga)
    Star.objects.create(view=mine, person=olga)
    put(**CUT_OFF)
    put(1, verdict="natural_end")
    return page


def test_no_rule_of_accessibility_is_broken_wide_or_narrow_light_or_dark(planted):
    page = planted
    # access/test_walk.py opens it as it is first seen; here are its states.
    for scheme, width in (("light", 1440), ("dark", 390), ("light", 320)):
        page.set_viewport_size({"width": width, "height": 844})
        page.emulate_media(color_scheme=scheme)
        for url in ("/views", "/calls?q=is:live&view=mine", "/calls?q=sip:200&view=live-now"):
            page.goto(url)
            for opener in page.locator(".drop > summary").all()[:3]:
                opener.click()
                assert violations(page) == "", (scheme, width, url)
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (width, url)
                opener.click()


def test_a_view_is_made_changed_reset_and_saved_on_the_list(planted):
    page = planted
    page.goto("/calls?q=is:truncated&sort=-ended_at")
    page.get_by_text("Save as…").click()
    page.get_by_label("Name of the view").fill("Late ends")
    page.keyboard.press("Enter")
    page.wait_for_url("**/calls?q=is%3Atruncated&sort=-ended_at&view=late-ends")
    expect(page.get_by_role("status").filter(has_text="Saved as “Late ends”.")).to_be_visible()
    page.goto("/calls?q=is%3Alive&sort=-ended_at&view=late-ends")
    expect(page.get_by_text("Differs from the saved view: query")).to_be_visible()
    page.get_by_role("link", name="Reset").click()
    page.wait_for_url("**/calls?q=is%3Atruncated&sort=-ended_at&view=late-ends")
    page.goto("/calls?q=is%3Alive&sort=-ended_at&view=late-ends")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="Saved “Late ends”.")).to_be_visible()
    assert SavedView.objects.get(slug="late-ends").q == "is:live"


def test_a_view_is_chosen_by_keyboard_alone(planted):
    page = planted
    page.goto("/calls")
    page.locator("#views-all > summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("#views-all a").first).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/calls?q=is%3Atruncated&view=mine")
    expect(page.locator(".calls tbody tr")).to_have_count(1)


def test_every_target_is_large_enough_for_a_thumb(planted):
    page = planted
    page.set_viewport_size({"width": 390, "height": 844})
    for url in ("/views", "/calls?q=is:live&view=mine"):
        page.goto(url)
        sizes = page.evaluate(
            "[...document.querySelectorAll(':is(.views, .kept-list) :is(a, button, summary)')]"
            ".map((each) => each.getBoundingClientRect()).filter((box) => box.width)"
            ".map((box) => Math.min(box.width, box.height))"
        )
        assert sizes and min(sizes) >= 24


def test_without_a_script_views_are_kept_renamed_and_deleted(planted, browser, live_server):
    context = browser.new_context(
        base_url=live_server.url, java_script_enabled=False, storage_state=planted.context.storage_state()
    )
    page = context.new_page()
    page.goto("/calls?q=sip:200")
    page.get_by_text("Save as…").click()
    page.get_by_label("Name of the view").fill("Clean")
    page.get_by_role("button", name="Save view").click()
    page.wait_for_url("**view=clean")
    page.goto("/views")
    page.locator("#view-clean summary", has_text="Rename").click()
    page.get_by_label("New name").and_(page.locator(":visible")).fill("Clean ends")
    page.locator("#view-clean").get_by_role("button", name="Rename").click()
    expect(page.get_by_role("link", name="Clean ends")).to_be_visible()
    page.locator("#view-clean summary", has_text="Delete").click()
    page.get_by_role("button", name="Delete the view").and_(page.locator(":visible")).click()
    expect(page.get_by_role("status").filter(has_text="Deleted “Clean ends”.")).to_be_visible()
    context.close()
