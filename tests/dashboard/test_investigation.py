"""The founding investigation from the list to a file: by mouse, by thumb, by keyboard, without a script."""

import pytest
from playwright.sync_api import expect

from tests.dashboard.browser import violations
from tests.dashboard.calls.listed import CUT_OFF, put
from tests.dashboard.heard import heard_call
from tests.dashboard.investigation import (
    FOUNDING,
    HEADLINE,
    NOTE,
    ROWS,
    Case,
    by_keyboard,
    by_pointer,
    exported,
)

pytestmark = pytest.mark.browser


@pytest.fixture
def founding(page, monkeypatch):
    """The founding call on its whole way, a deaf one that its filter finds too, and one that ended well."""
    document = heard_call("founding_call", monkeypatch)
    put(**{**CUT_OFF, "verdict": "ai_deaf", "parent_call_sid": None, "child_call_sid": None, "legs": []})
    put(1, verdict="natural_end", child_status="completed")
    return Case(document["call_id"], "ai_deaf")


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
    by_pointer(window(width, scheme, touch=touch), founding, touch=touch)


@pytest.mark.parametrize(("width", "scheme"), [(1440, "dark"), (720, "light")])
def test_by_keyboard_alone_from_the_list_to_the_file(window, founding, width, scheme):
    by_keyboard(window(width, scheme), founding, narrow=width == 720)


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
    exported(page, file.value, founding)


def test_forced_colours_less_motion_and_paper_break_no_rule_of_accessibility(page, founding):
    states = ({"forced_colors": "active"}, {"reduced_motion": "reduce"}, {"media": "print"})
    for url in ("/calls?q=is:truncated", f"/calls/{founding.call_id}"):
        page.goto(url)
        for state in states:
            plain = {"forced_colors": "none", "reduced_motion": "no-preference", "media": "screen"}
            page.emulate_media(**(plain | state))
            assert violations(page) == "", (url, state)
