"""The founding investigation from the list to a file, by a pointer or by keys alone, whatever serves it."""

import csv
from io import StringIO
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Download, Page, expect

from tests.dashboard.browser import violations
from tests.dashboard.call.opened import until
from tests.dashboard.investigated import Keyboard, Pointer

FOUNDING = "is:truncated status:completed sip:200"
ROWS = ".calls tbody tr"
HEADLINE = "The AI session fell silent while the caller was still speaking"
NOTE = "She asks for her money back here"
PLAYING = "document.querySelector('[data-play]').getAttribute('aria-pressed') === 'true'"
IN_THE_GAP = "Number(document.querySelector('[data-time]').textContent.split(':')[1]) > 48.9"


class Case(NamedTuple):
    """The founding call among others, of which one more is cut off, by another verdict; what is decided."""

    call_id: str
    other: str
    by: str = "olga"
    state: str = "Confirmed"
    view: str = "Cut off, and no other"

    @property
    def query(self) -> str:
        return f"{FOUNDING} -verdict:{self.other}"


def by_pointer(page: Page, case: Case, *, touch: bool) -> None:
    """By mouse, or by thumb."""
    hand = Pointer(page, touch=touch)
    page.goto("/calls")
    hand.write("#q", "is:tru")
    hand.press("#offers [role=option]:has-text('truncated')")
    page.keyboard.type("status:compl")
    hand.press("#offers [role=option]:has-text('completed')")
    page.keyboard.type("sip:200")
    page.keyboard.press("Enter")
    expect(page.locator(ROWS)).to_have_count(2)
    if touch:
        hand.press("#facets .facets-all > summary")
    _narrow_by_facets(page, hand)
    if touch:
        hand.press("#facets .facets-all > summary")
        hand.press(f"{ROWS} .c-verdict .add[data-term='verdict:{case.other}']")
        hand.press(".ways a:last-child")
    else:
        hand.press(f"[data-less='verdict:{case.other}']")
    expect(page.locator(ROWS)).to_have_count(1)
    assert violations(page) == "" and _fits(page)

    hand.press(f"{ROWS} .open")
    _read_the_call(page)
    assert _fits(page)
    hand.press(".facts [data-listen]")
    until(page, f"{PLAYING} && {IN_THE_GAP}", 15)
    hand.press("[data-play]")
    hand.press(".marks tr.kind-gap [data-event]")
    _read_the_event(page)
    assert violations(page, "[data-inspector]") == ""
    hand.press("[data-close-inspector]")
    expect(page.locator("[data-inspector]")).to_be_hidden()

    hand.choose("#review [name=state]", case.state)
    hand.press("#review [data-keep=stand] button")
    expect(page.locator("#review .said")).to_have_text("Saved.")
    hand.write("#review [name=at]", page.locator("[data-time]").inner_text())
    hand.write("#review [name=text]", NOTE)
    hand.press("#review [data-note] button")
    expect(page.locator("#review .said")).to_have_text("Note written.")
    hand.press("#review [value=agrees]")
    expect(page.locator("#review .said")).to_have_text("You agree.")

    hand.press(".way-back .to-list")
    _came_back(page, case)
    hand.press("#views-save > summary")
    hand.write("#view-name", case.view)
    hand.press("#views-save button.primary")
    _saved(page, case)
    hand.press(".tools .menu:has([download]) > summary")
    with page.expect_download() as file:
        hand.press(".tools [download]")
    exported(page, file.value, case)


def by_keyboard(page: Page, case: Case, *, narrow: bool) -> None:
    """By keys alone; `narrow` where the facets are folded."""
    hand, keys = Keyboard(page), page.keyboard
    page.goto("/calls")
    hand.write("#q", "is:tru")
    _take_the_offer(page, "truncated")
    keys.type("status:compl")
    _take_the_offer(page, "completed")
    keys.type("sip:200")
    keys.press("Enter")
    expect(page.locator(ROWS)).to_have_count(2)
    if narrow:
        hand.press("#facets .facets-all > summary")
    _narrow_by_facets(page, hand)
    hand.press(f"[data-less='verdict:{case.other}']")
    expect(page.locator(ROWS)).to_have_count(1)

    keys.press("j")
    keys.press("Enter")
    _read_the_call(page)
    hand.press(".facts [data-listen]")
    until(page, f"{PLAYING} && {IN_THE_GAP}", 15)
    keys.press("k")
    until(page, f"!({PLAYING})")
    hand.press(".marks tr.kind-gap [data-event]")
    _read_the_event(page)
    keys.press("Escape")
    expect(page.locator("[data-inspector]")).to_be_hidden()
    expect(page.locator(".marks tr.kind-gap [data-event]").first).to_be_focused()

    keys.press("m")
    keys.type(NOTE)
    keys.press("Control+Enter")
    expect(page.locator("#review .said")).to_have_text("Note written.")
    hand.back_to("#review [name=state]")
    hand.choose("#review [name=state]", case.state)
    hand.press("#review [data-keep=stand] button")
    expect(page.locator("#review .said")).to_have_text("Saved.")
    hand.press("#review [value=agrees]")
    expect(page.locator("#review .said")).to_have_text("You agree.")

    hand.back_to(".way-back .to-list")
    keys.press("Enter")
    _came_back(page, case)
    hand.back_to("#views-save > summary")
    keys.press("Enter")
    hand.write("#view-name", case.view)
    keys.press("Enter")
    _saved(page, case)
    hand.press(".tools .menu:has([download]) > summary")
    hand.reach(".tools [download]")
    with page.expect_download() as file:
        keys.press("Enter")
    exported(page, file.value, case)


def exported(page: Page, file: Download, case: Case) -> None:
    """The file has the founding call alone, with what was decided, and the call says that it was taken."""
    [row] = csv.DictReader(StringIO(Path(file.path()).read_text()))
    assert row["call_id"] == case.call_id and row["verdict"] == "ai_silent_first"
    assert (row["review_state"], row["reviewer"]) == (case.state.lower(), case.by)
    assert float(row["untranscribed_caller_speech_s"]) == pytest.approx(11.1, abs=0.4)
    assert row["gap_kind"] == "not_heard"
    assert "exported" in page.request.get(f"/api/v1/calls/{case.call_id}").json()["flags"]


def _take_the_offer(page: Page, word: str) -> None:
    expect(page.locator("#offers [role=option]").first).to_contain_text(word)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")


def _narrow_by_facets(page: Page, hand: Pointer | Keyboard) -> None:
    """Only one verdict, and all again."""
    hand.press("[data-only='verdict:ai_silent_first']")
    expect(page.locator(ROWS)).to_have_count(1)
    hand.press("[data-clear='verdict']")
    expect(page.locator(ROWS)).to_have_count(2)


def _read_the_call(page: Page) -> None:
    expect(page.locator("h1")).to_have_text(HEADLINE)
    expect(page.locator("h1")).to_be_in_viewport()
    expect(page.locator("[data-time]")).not_to_be_empty()
    ready = "[data-drawn], [data-strip-playhead]:not([hidden])"
    until(page, f"document.querySelector('{ready}')?.getClientRects().length > 0", 15)


def _read_the_event(page: Page) -> None:
    expect(page.locator("[data-inspector] #inspected-envelope")).to_contain_text("recording.analysed")


def _came_back(page: Page, case: Case) -> None:
    """To the list as it was left, the call marked."""
    expect(page.locator("#q")).to_have_value(case.query)
    expect(page.locator(f"{ROWS}[aria-current]")).to_have_id(f"call-{case.call_id}")


def _saved(page: Page, case: Case) -> None:
    said = page.get_by_role("status").filter(has_text=f"Saved as “{case.view}”.")
    expect(said).to_be_visible()
    views = page.request.get("/api/v1/views").json()["items"]
    assert [view["q"] for view in views if view["name"] == case.view] == [case.query]


def _fits(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")
