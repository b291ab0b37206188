"""Reviewing a call in a browser: with the mouse, by keyboard, and without a script."""

import pytest
from playwright.sync_api import expect

from callstore.people.review import Change
from callstore.projection import projector, queries
from callstore.projection.review import decisions
from tests.dashboard.browser import violations
from tests.projection.facts import keep, sid, status

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def leg():
    leg = sid()
    projector.project(keep(status(leg, "in-progress"), status(leg, "completed", at=60)))
    return leg


def test_a_call_is_reviewed_without_leaving_its_page(page, leg):
    page.goto(f"/calls/{leg}?t=12")
    panel = page.locator("#review")
    panel.get_by_label("State").select_option("confirmed")
    panel.get_by_label("Assigned to").select_option("olga")
    panel.get_by_label("Tags").fill("billing")
    panel.get_by_role("button", name="Save").click()
    expect(panel.get_by_role("status")).to_have_text("Saved.")
    expect(panel.locator("header .chip").first).to_have_text("Confirmed")
    assert page.evaluate("document.activeElement.textContent") == "Save"
    panel.get_by_role("button", name="Agree", exact=False).first.click()
    expect(panel.get_by_role("status")).to_have_text("You agree.")
    expect(panel.get_by_role("button", name="Agree").first).to_have_attribute("aria-pressed", "true")
    assert queries.find(leg)["agreed"] == 1 and queries.find(leg)["assignee"] == "olga"
    assert violations(page) == ""


def test_m_begins_a_note_at_the_playhead(page, leg):
    page.goto(f"/calls/{leg}?t=12.5")
    page.wait_for_selector("[data-drawn=wide]")
    page.keyboard.press("m")
    expect(page.get_by_label("Note")).to_be_focused()
    page.keyboard.type("She mentions m here")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#review").get_by_role("status")).to_have_text("Note written.")
    [note] = queries.notes(queries.find(leg))
    assert (note["at_s"], note["text"]) == (12.5, "She mentions m here")
    page.locator("#review .noted .seek").click()
    assert "12.5" in page.inner_text("[data-time]")


def test_what_somebody_else_did_meanwhile_is_told(page, leg):
    page.goto(f"/calls/{leg}")
    decisions.decide(leg, Change(state="investigating"), "ada")
    panel = page.locator("#review")
    panel.get_by_label("Note").fill("half a thought")
    panel.get_by_label("State").select_option("resolved")
    panel.get_by_role("button", name="Save").click()
    expect(panel.get_by_role("status")).to_contain_text("Changed by ada")
    expect(panel.get_by_label("State")).to_have_value("resolved")
    expect(panel.get_by_label("Note")).to_have_value("half a thought")
    assert violations(page) == ""
    panel.get_by_role("button", name="Save").click()
    expect(panel.get_by_role("status")).to_have_text("Saved.")
    assert queries.find(leg)["review_state"] == "resolved"


def test_calls_are_marked_by_key_and_changed_together(page):
    for _ in range(3):
        projector.project(keep(status(sid(), "completed")))
    page.goto("/calls")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    bar = page.locator("[data-marked]")
    expect(bar.locator("summary")).to_contain_text("2 selected · all 3 calls matching")
    assert violations(page) == ""
    bar.locator("summary").click()
    bar.get_by_label("State").select_option("resolved")
    bar.get_by_label("Add tags").fill("week 48")
    assert violations(page) == ""
    bar.get_by_role("button", name="Change them").click()
    expect(page.locator(".told")).to_contain_text("2 of 2 calls changed.")
    page.goto("/calls?q=tag:%22week%2048%22")
    expect(page.locator(".calls tbody tr")).to_have_count(2)
    page.locator("[data-marked] summary").click()
    page.get_by_role("button", name="Mark the page").click()
    expect(page.locator(".pick input:checked")).to_have_count(2)
