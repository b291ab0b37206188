"""The page of a call in a browser: how fast it opens, whom it serves, where its links lead."""

import pytest
from playwright.sync_api import expect

from callstore.eventlog.reading import read
from callstore.eventlog.writing.append import append
from callstore.projection import queries
from callstore.projection.projector import project
from callstore.rehearsal.scenarios.scenario import drafts, load
from tests.dashboard.browser import violations
from tests.dashboard.call.opened import opened, put, shown
from tests.dashboard.told import told

OPENS_S = 1.0  # from the request to the drawn figure of the founding call, in Chromium

pytestmark = pytest.mark.browser


def test_the_founding_call_opens_in_a_second(page):
    call = put("founding_call")
    taken = []
    for _ in range(3):  # the best of three: what the page needs, not what the machine was busy with
        page.goto(f"/calls/{call}")
        page.wait_for_selector("[data-drawn=wide]")
        taken.append(page.evaluate("performance.getEntriesByName('drawn')[0].startTime / 1000"))
    assert min(taken) <= OPENS_S, taken


def test_a_link_to_an_event_reads_the_log_and_shows_it(page):
    facts = drafts(load("founding_call"))
    append(facts)
    trace = read.trace_of(facts[0].subject)
    project([trace], replay=True)
    page.goto(f"/calls/{told('founding_call')['child_call_sid']}")
    link = page.locator(".evidence .positions a").first
    position = link.inner_text()
    link.click()
    row = page.locator(f"#event-{position}.current")
    expect(row).to_be_in_viewport()
    assert page.locator("[data-events-body] tbody tr").count() > 90


@pytest.fixture
def long_call(monkeypatch):
    """The founding call in the log, whose events are shown a few at a time; its events by time."""
    monkeypatch.setattr("dashboard.api.routes.calls.EVENTS_A_PAGE", 10)
    facts = drafts(load("founding_call"))
    append(facts)
    project([read.trace_of(facts[0].subject)], replay=True)
    call = queries.find(told("founding_call")["child_call_sid"])
    return call["call_id"], [row["position"] for row in queries.events(call["call_id"], bodies=False).items]


def test_later_events_are_shown_when_asked_for(page, long_call):
    call, positions = long_call
    page.goto(f"/calls/{call}")
    page.locator("#events > summary").click()
    rows = page.locator("[data-events-body] tbody tr")
    expect(rows).to_have_count(10)
    while page.get_by_role("button", name="Show later events").count():
        before = rows.count()
        page.get_by_role("button", name="Show later events").click()
        expect(rows).not_to_have_count(before)
    assert [int(row.get_attribute("id")[6:]) for row in rows.all()] == positions
    assert violations(page) == ""


def test_a_link_to_an_event_far_down_shows_the_page_it_is_on(page, long_call):
    call, positions = long_call
    page.goto(f"/calls/{call}#event-{positions[57]}")
    expect(page.locator(f"#event-{positions[57]}.current")).to_be_in_viewport()
    rows = page.locator("[data-events-body] tbody tr")
    assert [int(row.get_attribute("id")[6:]) for row in rows.all()] == positions[50:60]
    page.evaluate(f"location.hash = 'event-{positions[81]}'")
    expect(page.locator(f"#event-{positions[81]}.current")).to_be_in_viewport()
    page.get_by_role("button", name="Show from the first event").click()
    expect(page.locator(f"#event-{positions[0]}")).to_be_visible()
    expect(rows).to_have_count(10)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["founding_call", "no_recording", "sip_486"])
def test_axe_finds_nothing(page, name, scheme):
    page.emulate_media(color_scheme=scheme)
    opened(page, name, "?t=20")
    assert violations(page) == ""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_gets_a_strip_and_no_plotly(page, scheme):
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(color_scheme=scheme)
    page.goto(f"/calls/{put('founding_call')}")
    strip = page.locator("[data-strip] svg")
    expect(strip).to_be_visible()
    strip.click(position={"x": strip.bounding_box()["width"] * 0.75, "y": 10})
    assert 45 < shown(page) < 52
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    for control in ("[data-play]", "[data-channel]", "[data-more]", "[data-skip='5']"):
        place = page.locator(control).bounding_box()
        assert place["x"] >= 0
        assert place["x"] + place["width"] <= 390
    assert (
        page.evaluate("performance.getEntriesByType('resource').some(each => each.name.includes('plotly'))")
        is False
    )
    assert violations(page) == ""
