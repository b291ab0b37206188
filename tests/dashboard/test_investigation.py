"""The founding investigation from the list to a file: by mouse, by thumb, by keyboard, without a script."""

import csv
from io import StringIO
from pathlib import Path

import pytest
from playwright.sync_api import expect

from callstore.people.models import SavedView
from callstore.projection import queries
from tests.dashboard.browser import violations
from tests.dashboard.call.opened import until
from tests.dashboard.calls.listed import CUT_OFF, put
from tests.dashboard.heard import heard_call
from tests.dashboard.investigated import Keyboard, Pointer

pytestmark = pytest.mark.browser
FOUNDING = "is:truncated status:completed sip:200"
ROWS = ".calls tbody tr"
HEADLINE = "The AI session fell silent while the caller was still speaking"
NOTE = "She asks for her money back here"
PLAYING = "document.querySelector('[data-play]').getAttribute('aria-pressed') === 'true'"
IN_THE_GAP = "Number(document.querySelector('[data-time]').textContent.split(':')[1]) > 48.9"


@pytest.fixture
def founding(page, monkeypatch):
    """The founding call on its whole way, a deaf one that its filter finds too, and one that ended well."""
    document = heard_call("founding_call", monkeypatch)
    put(**{**CUT_OFF, "verdict": "ai_deaf", "parent_call_sid": None, "child_call_sid": None, "legs": []})
    put(1, verdict="natural_end", child_status="completed")
    return document


@pytest.fixture
def window(browser, page, live_server):
    """Makes a page of the same login, so wide and in such colours; what its console complains of fails."""
    made, complaints = [], []

    def open_(width, scheme, *, touch=False, script=True):
        context = browser.new_context(
            base_url=live_server.url, storage_state=page.context.storage_state(), color_scheme=scheme,
            viewport={"width": width, "height": 450 if width == 720 else 844},
            has_touch=touch, java_script_enabled=script,
        )  # fmt: skip
        context.set_default_timeout(10_000)
        made.append(context)
        opened = context.new_page()
        opened.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        return opened

    yield open_
    for context in made:
        context.close()
    assert complaints == []


@pytest.mark.parametrize(
    ("width", "scheme", "touch"),
    [(1440, "light", False), (1024, "dark", False), (390, "dark", True), (320, "light", True)],
)
def test_by_mouse_or_thumb_from_the_list_to_the_file(window, founding, width, scheme, touch):
    page = window(width, scheme, touch=touch)
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
    narrow_by_facets(page, hand)
    if touch:
        hand.press("#facets .facets-all > summary")
        hand.press(f"{ROWS} .c-verdict .add[data-term='verdict:ai_deaf']")
        hand.press(".ways a:last-child")
    else:
        hand.press("[data-less='verdict:ai_deaf']")
    expect(page.locator(ROWS)).to_have_count(1)
    assert violations(page) == "" and fits(page)

    hand.press(f"{ROWS} .open")
    read_the_call(page)
    assert fits(page)
    hand.press(".facts [data-listen]")
    until(page, f"{PLAYING} && {IN_THE_GAP}", 15)
    hand.press("[data-play]")
    hand.press(".marks tr.kind-gap [data-event]")
    read_the_event(page)
    assert violations(page, "[data-inspector]") == ""
    hand.press("[data-close-inspector]")
    expect(page.locator("[data-inspector]")).to_be_hidden()

    hand.choose("#review [name=state]", "Confirmed")
    hand.press("#review [data-keep=stand] button")
    expect(page.locator("#review .said")).to_have_text("Saved.")
    hand.write("#review [name=at]", page.locator("[data-time]").inner_text())
    hand.write("#review [name=text]", NOTE)
    hand.press("#review [data-note] button")
    expect(page.locator("#review .said")).to_have_text("Note written.")
    hand.press("#review [value=agrees]")
    expect(page.locator("#review .said")).to_have_text("You agree.")

    hand.press(".way-back .to-list")
    came_back(page, founding)
    hand.press("#views-save > summary")
    hand.write("#view-name", "Cut off, not deaf")
    hand.press("#views-save button.primary")
    saved(page)
    hand.press(".tools .menu:has([download]) > summary")
    with page.expect_download() as file:
        hand.press(".tools [download]")
    assert_exported(file.value, founding)


@pytest.mark.parametrize(("width", "scheme"), [(1440, "dark"), (720, "light")])
def test_by_keyboard_alone_from_the_list_to_the_file(window, founding, width, scheme):
    page = window(width, scheme)
    hand = Keyboard(page)
    keys = page.keyboard
    page.goto("/calls")
    hand.write("#q", "is:tru")
    take_the_offer(page, "truncated")
    keys.type("status:compl")
    take_the_offer(page, "completed")
    keys.type("sip:200")
    keys.press("Enter")
    expect(page.locator(ROWS)).to_have_count(2)
    if width == 720:
        hand.press("#facets .facets-all > summary")
    narrow_by_facets(page, hand)
    hand.press("[data-less='verdict:ai_deaf']")
    expect(page.locator(ROWS)).to_have_count(1)

    keys.press("j")
    keys.press("Enter")
    read_the_call(page)
    hand.press(".facts [data-listen]")
    until(page, f"{PLAYING} && {IN_THE_GAP}", 15)
    keys.press("k")
    until(page, f"!({PLAYING})")
    hand.press(".marks tr.kind-gap [data-event]")
    read_the_event(page)
    keys.press("Escape")
    expect(page.locator("[data-inspector]")).to_be_hidden()
    expect(page.locator(".marks tr.kind-gap [data-event]").first).to_be_focused()

    keys.press("m")
    keys.type(NOTE)
    keys.press("Control+Enter")
    expect(page.locator("#review .said")).to_have_text("Note written.")
    hand.back_to("#review [name=state]")
    hand.choose("#review [name=state]", "Confirmed")
    hand.press("#review [data-keep=stand] button")
    expect(page.locator("#review .said")).to_have_text("Saved.")
    hand.press("#review [value=agrees]")
    expect(page.locator("#review .said")).to_have_text("You agree.")

    hand.back_to(".way-back .to-list")
    keys.press("Enter")
    came_back(page, founding)
    hand.back_to("#views-save > summary")
    keys.press("Enter")
    hand.write("#view-name", "Cut off, not deaf")
    keys.press("Enter")
    saved(page)
    hand.press(".tools .menu:has([download]) > summary")
    hand.reach(".tools [download]")
    with page.expect_download() as file:
        keys.press("Enter")
    assert_exported(file.value, founding)


def test_without_a_script_it_is_found_read_decided_and_taken_away(window, founding):
    page = window(1440, "light", script=False)
    page.goto("/calls")
    page.fill("#q", FOUNDING)
    page.press("#q", "Enter")
    page.locator(".add[data-term='verdict:ai_silent_first']").click()
    expect(page.locator(ROWS)).to_have_count(1)
    page.locator(f"{ROWS} .open").click()
    expect(page.locator("h1")).to_have_text(HEADLINE)
    expect(page.locator(".transcript li.gap")).to_be_visible()
    expect(page.locator(".evidence")).to_contain_text("AI heard that speech")
    page.get_by_text("What do these mean?").click()
    expect(page.locator(".means")).to_contain_text("The caller was speaking in the last 2 s")
    page.locator(".marks tr.kind-gap .positions a").first.click()
    expect(page.locator("#inspected-envelope")).to_contain_text("recording.analysed")
    page.get_by_role("link", name="Back to the call").click()
    page.locator("#review [name=state]").select_option("confirmed")
    page.locator("#review [data-keep=stand] button").click()
    page.locator("#review [name=text]").fill(NOTE)
    page.locator("#review [data-note] button").click()
    page.goto(f"/calls?q={FOUNDING} verdict:ai_silent_first".replace(" ", "+"))
    page.locator(".tools .menu:has([download]) > summary").click()
    with page.expect_download() as file:
        page.locator(".tools [download]").first.click()
    assert_exported(file.value, founding)


def test_forced_colours_less_motion_and_paper_break_no_rule_of_accessibility(page, founding):
    states = ({"forced_colors": "active"}, {"reduced_motion": "reduce"}, {"media": "print"})
    for url in ("/calls?q=is:truncated", f"/calls/{founding['call_id']}"):
        page.goto(url)
        for state in states:
            plain = {"forced_colors": "none", "reduced_motion": "no-preference", "media": "screen"}
            page.emulate_media(**(plain | state))
            assert violations(page) == "", (url, state)


def take_the_offer(page, word):
    expect(page.locator("#offers [role=option]").first).to_contain_text(word)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")


def narrow_by_facets(page, hand):
    """Only one verdict, and all again."""
    hand.press("[data-only='verdict:ai_silent_first']")
    expect(page.locator(ROWS)).to_have_count(1)
    hand.press("[data-clear='verdict']")
    expect(page.locator(ROWS)).to_have_count(2)


def read_the_call(page):
    expect(page.locator("h1")).to_have_text(HEADLINE)
    expect(page.locator("h1")).to_be_in_viewport()
    expect(page.locator("[data-time]")).not_to_be_empty()
    ready = "[data-drawn], [data-strip-playhead]:not([hidden])"
    until(page, f"document.querySelector('{ready}')?.getClientRects().length > 0", 15)


def read_the_event(page):
    expect(page.locator("[data-inspector] #inspected-envelope")).to_contain_text("recording.analysed")


def came_back(page, founding):
    """To the list as it was left, the call marked."""
    expect(page.locator("#q")).to_have_value(f"{FOUNDING} -verdict:ai_deaf")
    expect(page.locator(f"{ROWS}[aria-current]")).to_have_id(f"call-{founding['call_id']}")


def saved(page):
    expect(page.get_by_role("status").filter(has_text="Saved as “Cut off, not deaf”.")).to_be_visible()
    assert SavedView.objects.get(slug="cut-off-not-deaf").q == f"{FOUNDING} -verdict:ai_deaf"


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def assert_exported(file, founding):
    [row] = csv.DictReader(StringIO(Path(file.path()).read_text()))
    assert row["call_id"] == founding["call_id"] and row["verdict"] == "ai_silent_first"
    assert (row["review_state"], row["reviewer"]) == ("confirmed", "olga")
    assert float(row["untranscribed_caller_speech_s"]) == pytest.approx(11.1, abs=0.4)
    assert row["gap_kind"] == "not_heard"
    assert "exported" in queries.find(founding["call_id"])["flags"]
