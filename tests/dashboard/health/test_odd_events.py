"""A number of ingest health that says something is odd leads to the events that it counts."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import formatdate
from html import unescape
from time import time

import pytest
from django.db import OperationalError

from callstore.projection import projector
from dashboard.health import pages
from dashboard.health.how import Part
from ingest.doors.receive import receive
from ingest.models import Arrival
from tests.dashboard.browser import violations
from tests.dashboard.health.test_pages import text
from tests.dashboard.health.test_parts import source, told
from tests.ingest import deliveries as given
from tests.projection.facts import traces_of

pytestmark = pytest.mark.django_db
NUMBER = "+15550100001"


@pytest.fixture(autouse=True)
def doors(settings):
    given.configured(settings)
    settings.STATUS_FEEDS = []


def bring(delivery, came=None):
    assert receive(given.signed(replace(delivery, received_at=came or time()))).status < 300


def linked(reader, name, part):
    """The page to which a number of a source leads."""
    row = source(reader, name)
    [link] = re.findall(rf'<dt>{part}</dt><dd><a href="([^"]+)"', row)
    return reader.get(unescape(link))


def test_what_was_told_again_is_a_share_of_all_that_was_told_and_leads_nowhere(reader):
    call = given.progress(Timestamp=formatdate())
    bring(call)
    assert "Told again none 0 of 1 Out of order none 0 of 1" in told(source(reader, "twilio_callbacks"))
    bring(call)
    row = source(reader, "twilio_callbacks")
    assert "Told again 50.0 % 1 of 2 Out of order none 0 of 1" in told(row) and "ingest/events" not in row
    assert "Told again" not in source(reader, "openai_webhook")  # of nothing no share is said


def test_few_of_very_many_are_not_said_to_be_none():
    assert [Part("", part, 50_000).share for part in (0, 1, 50, 700)] == ["none", "< 0.1 %", "0.1 %", "1.4 %"]


def test_what_came_out_of_order_leads_to_its_place_in_the_call(reader):
    now, leg = time(), given.sid()
    for number, happened, came in ((2, now - 10, now - 9), (1, now - 20, now - 8)):
        bring(given.progress(CallSid=leg, SequenceNumber=str(number), Timestamp=formatdate(happened)), came)
    projector.project(traces_of([f"twilio:{leg}"]))
    page = linked(reader, "twilio_callbacks", "Out of order")
    assert page.status_code == 200 and NUMBER not in unescape(page.content.decode())
    assert "1 of 2 events of the last 24 hours." in text(page) and f"of twilio:{leg}" in text(page)
    [event] = re.findall(r'<a href="(/calls/[^"]+/events/\d+)">Event', page.content.decode())
    assert "its number 1" in text(reader.get(event))


def test_an_event_of_no_call_is_shown_there_with_its_delivery(reader):
    bring(given.webhook("dream.began", id="nothing", phone=NUMBER))
    page = linked(reader, "openai_webhook", "Unknown kinds")
    assert "1 of 1 event of the last 24 hours." in text(page) and "dream.began" in text(page)
    assert "/calls/" not in re.search(r'<ol class="odd">.*</ol>', page.content.decode(), re.DOTALL)[0]
    assert NUMBER not in unescape(page.content.decode())


def test_what_a_clock_ahead_stamped_says_by_how_much(reader):
    bring(given.progress(Timestamp=formatdate(time() + 100)))
    assert re.search(
        r"1 min \d\d s before it happened", text(linked(reader, "twilio_callbacks", "Clock ahead of ours"))
    )


def test_every_state_of_the_page_is_said(reader, monkeypatch):
    ask = "/ingest/events?source=twilio_callbacks&kind="
    assert "None came so." in text(reader.get(f"{ask}ahead"))
    for wrong in (f"{ask}told_again", "/ingest/events", "/ingest/events?source=nobody&kind=ahead"):
        assert reader.get(wrong).status_code == 404
    now = datetime.now(UTC)
    Arrival.objects.create(source="twilio_callbacks", slot=now, late=0, count=9, unknown=1, last_at=now)
    assert "Which ones was not kept" in text(reader.get(f"{ask}unknown"))

    def away():
        raise OperationalError("it does not answer")

    monkeypatch.setattr(pages, "sources", away)
    answer = reader.get(f"{ask}ahead")
    assert answer.status_code == 503 and "The database does not answer" in text(answer)


def test_a_stranger_is_sent_to_the_login(client):
    assert client.get("/ingest/events")["Location"].startswith("/login/")


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_in_a_browser_a_number_leads_there_and_back_by_keyboard_in_every_width(page):
    bring(given.webhook("dream.began", id="nothing", long="x" * 400))
    for scheme, width in (("light", 1440), ("dark", 390), ("light", 320)):
        page.set_viewport_size({"width": width, "height": 844})
        page.emulate_media(color_scheme=scheme)
        page.goto("/ingest")
        page.locator("#source-openai_webhook dd a", has_text="Unknown kinds").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/ingest/events?**")
        page.locator(".odd summary").last.focus()
        page.keyboard.press("Enter")
        assert page.locator(".odd pre").last.is_visible()
        assert violations(page) == "", (scheme, width)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
        page.get_by_role("link", name="Back to ingest health").click()
        page.wait_for_url("**/ingest#source-openai_webhook")
