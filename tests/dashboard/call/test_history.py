"""What was known when: over the API, on its page, and opened in a call's page."""

import re
import time

import pytest
from django.test import Client
from playwright.sync_api import expect

from callstore.domain.facts import codec
from callstore.domain.facts.clock import Clock, Instant
from callstore.domain.facts.events import CallErased, Frame, LegSummarised
from callstore.domain.facts.record import Draft
from callstore.eventlog.writing.append import append
from callstore.projection import queries
from callstore.report import history as folded
from dashboard.api.shapes.calls import Past
from dashboard.call import history
from tests.dashboard.browser import violations
from tests.dashboard.heard import heard_call, projected
from tests.projection.facts import sid


@pytest.fixture
def call(db, settings, tmp_path, monkeypatch):
    """The founding call, heard, and a minute later summed up by Voice Insights; its document."""
    settings.RECORDING_STORAGE = str(tmp_path)
    leg = heard_call("founding_call", monkeypatch)["child_call_sid"]
    summed_up = LegSummarised(processing="complete", disconnected_by="callee")
    append([fact(leg, summed_up, time.time() + 60)])
    return projected([f"twilio:{leg}"])


def fact(leg, event, at):
    instant = Instant(at, Clock.PROVIDER, 1000)
    return Draft(source="twilio", subject=f"twilio:{leg}", key=sid(), event=event, occurred=instant,
                 received_at=at, raw=b"{}")  # fmt: skip


@pytest.mark.parametrize("field", ["call_id", "child_call_sid", "ai_call_id"])
def test_the_api_tells_each_change_and_what_brought_it(api, call, field):
    body = api.get(f"/api/v1/calls/{call[field]}/history").json()
    Past.model_validate(body)
    first, last = body["items"][0], body["items"][-1]
    assert (first["verdict"], body["pause_s"]) == ("live", 0)
    assert (last["verdict"], last["confidence"]) == (call["verdict"], call["verdict_confidence"])
    assert (last["cause"], last["truncation_basis"]) == (call["cause"], call["truncation_basis"])
    brought = {tuple(step["arrived"]) for step in body["items"]}
    assert {("recording.analysed",), ("leg.summarised",)} <= brought
    before, after = body["items"][-2:]
    assert (before["confidence"], after["confidence"]) == ("medium", "high")


def test_what_was_known_holds_no_words_of_an_erased_call(api, call):
    before = api.get(f"/api/v1/calls/{call['call_id']}/history").json()["items"]
    append([fact(call["child_call_sid"], CallErased(reason="letter"), 2e9)])
    after = api.get(f"/api/v1/calls/{call['call_id']}/history").json()["items"]
    assert [s["verdict"] for s in after[: len(before)]] == [s["verdict"] for s in before]
    assert not any(word in str(after) for word in ("Kishi", "+81"))


def test_unknown_calls_and_calls_beyond_the_bound_are_refused_in_words(api, call, monkeypatch):
    assert api.get(f"/api/v1/calls/CA{'9' * 32}/history").status_code == 404
    monkeypatch.setattr(folded, "LONGEST", 5)
    answer = api.get(f"/api/v1/calls/{call['call_id']}/history")
    assert answer.status_code == 422
    assert re.search(r"has \d+ facts; a history is told of 5 at most", answer.json()["detail"])


def test_who_is_not_logged_in_is_told_nothing(call, client):
    assert client.get(f"/calls/{call['call_id']}/history").status_code == 302
    assert Client().get(f"/api/v1/calls/{call['call_id']}/history").status_code == 401


def test_the_page_of_its_own_needs_no_script(call, admin_client):
    text = admin_client.get(f"/calls/{call['call_id']}/history").content.decode()
    said = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))
    assert (
        "what was heard in the recording" in said
        and "Voice Insights" in said
        and re.search(r"\d+ d after the AI leg", said)
    )
    assert f'href="/calls/{call["call_id"]}/events/' in text
    assert text.count('aria-current="true"') == 1


def test_a_call_that_is_too_long_says_so_on_its_page(call, admin_client, monkeypatch):
    monkeypatch.setattr(folded, "LONGEST", 5)
    answer = admin_client.get(f"/calls/{call['call_id']}/history?part=1")
    assert answer.status_code == 200 and b"at most" in answer.content


def test_a_history_that_was_cut_off_says_so_by_api_and_on_its_page(api, call, admin_client, monkeypatch):
    monkeypatch.setattr(folded, "TIME_S", 0.0)
    body = api.get(f"/api/v1/calls/{call['call_id']}/history").json()
    Past.model_validate(body)
    assert body["cut_off_at"] and body["items"][-1]["verdict"] == call["verdict"]
    text = admin_client.get(f"/calls/{call['call_id']}/history").content.decode()
    assert "not followed" in text and body["cut_off_at"][11:19] in text


def test_every_kind_of_event_has_its_words_or_is_of_the_session():
    kinds = {name for name, cls in codec.event_types().items() if not issubclass(cls, Frame)}
    of_no_call = {"incident.published", "month.retired", "smoke.tested"}
    assert set(history.ARRIVED) == kinds - of_no_call


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.0, "at the AI leg's end"),
        (0.4, "0.4 s after the AI leg's end"),
        (-29.1, "29.1 s before the AI leg's end"),
        (600, "10 min after the AI leg's end"),
        (200_000, "2 d after the AI leg's end"),
    ],
)
def test_moments_are_told_from_the_end(seconds, words):
    assert history._since(seconds) == words


@pytest.mark.browser
@pytest.mark.parametrize(
    ("width", "scheme"), [(1440, "light"), (1440, "dark"), (390, "light"), (390, "dark")]
)
def test_the_list_opens_in_the_verdict_panel_is_read_once_and_fits(page, call, width, scheme):
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(color_scheme=scheme)
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/history?" in request.url else None)
    page.goto(f"/calls/{call['call_id']}")
    if width > 900:
        page.wait_for_selector("[data-drawn=wide]")  # which moves what is below
    summary = page.locator("details.known > summary")
    expect(summary).to_be_visible()
    assert asked == []
    summary.focus()
    page.keyboard.press("Enter")
    steps = page.locator("details.known .steps li")
    expect(steps.last).to_contain_text("Until now")
    assert steps.count() >= 4
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(steps.first).to_be_visible()
    assert len(asked) == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    # All of it at once: what lies half beneath the page's head or the player is too small a target for axe.
    whole = page.evaluate("document.documentElement.scrollHeight") + 1_000  # more than lanes that come grow
    page.set_viewport_size({"width": width, "height": whole})
    page.evaluate("scrollTo({top: 0, behavior: 'instant'})")
    assert violations(page) == ""


@pytest.mark.browser
def test_a_history_that_cannot_be_read_says_so_and_is_asked_for_again(page, call):
    page.goto(f"/calls/{call['call_id']}")
    answers = iter([(422, ""), (200, "<p>never before</p>")])

    def answer(route):
        status, body = next(answers)
        route.fulfill(status=status, body=body, content_type="text/html")

    page.route("**/history?part=1", answer)
    summary = page.locator("details.known > summary")
    summary.click()
    expect(page.locator("[data-known-body]")).to_contain_text("could not be read")
    summary.click()
    summary.click()
    expect(page.locator("[data-known-body]")).to_contain_text("never before")


def test_the_history_ends_where_the_call_does(call):
    assert queries.history(call["call_id"]).steps[-1]["position"] == call["last_position"]
