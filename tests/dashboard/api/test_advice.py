"""Advice by API: on the spot, in time, and never an error that a TwiML handler would choke on."""

import re
import time
from urllib.parse import parse_qsl
from xml.etree import ElementTree

import httpx
import pytest
from django.db import connection

from callstore.domain.facts.clock import unix
from callstore.eventlog.writing.append import append
from callstore.projection import projector, queries
from callstore.rehearsal.scenarios.rebase import rebased
from callstore.rehearsal.scenarios.scenario import drafts, load
from dashboard.api import advice
from dashboard.api.shapes.calls import AdviceGiven
from tests.places import ROOT
from tests.projection.facts import BEGAN, sid, status, traces_of

pytestmark = pytest.mark.django_db(transaction=True)

RECIPE = ROOT / "docs" / "advice.md"


def at_the_dial_action(name):
    """A fresh copy of a recorded call, known to the log as far as Twilio's question; that question's form."""
    scenario = rebased(load(name), 86_400)
    asked = next(d for d in scenario.deliveries if "dial-action" in d.path)
    append([draft for draft in drafts(scenario) if draft.received_at < asked.received_at])
    return dict(parse_qsl(asked.body.decode()))


def told(form):
    return {"call_status": form["CallStatus"], "dial_call_status": form["DialCallStatus"]}


def ask(api, id_, **params):
    response = api.get(f"/api/v1/calls/{id_}/advice", params)
    assert response.status_code == 200, response.content
    AdviceGiven.model_validate(response.json())
    return response.json()


def test_the_founding_caller_is_kept_on_the_line_before_anything_was_projected(api):
    form = at_the_dial_action("founding_call")
    before = time.time()
    given = ask(api, form["DialCallSid"], **told(form))
    assert (given["advice"], given["confidence"]) == ("reconnect", "medium")
    assert given["because"] and "turn was open" in given["reason"]
    assert before - 0.01 <= unix(given["as_of"]) <= time.time() + 0.01
    assert ask(api, form["CallSid"], **told(form))["advice"] == "reconnect"
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM call WHERE parent_call_sid = %s", [form["CallSid"]])
        assert cursor.fetchone() == (0,)


def test_once_projected_every_id_of_the_call_gives_the_same(api):
    form = at_the_dial_action("founding_call")
    projector.project(traces_of([f"twilio:{form['CallSid']}", f"twilio:{form['DialCallSid']}"]))
    call = api.get(f"/api/v1/calls/{form['CallSid']}").json()
    words = {
        ask(api, call[name], **told(form))["reason"]
        for name in ("call_id", "parent_call_sid", "child_call_sid", "ai_call_id")
    }
    assert len(words) == 1


@pytest.mark.parametrize(
    ("name", "params", "word"),
    [
        ("natural_end", {"finished": "true"}, "hang_up"),
        ("caller_hangup", {}, "hang_up"),
        ("sip_486", {}, "apologise_and_transfer"),
        ("drop_mid_speech", {}, "reconnect"),
    ],
)
def test_other_calls_get_the_advice_that_fits_them(api, name, params, word):
    form = at_the_dial_action(name)
    assert ask(api, form["DialCallSid"], **told(form), **params)["advice"] == word


def test_a_leg_that_the_log_has_not_met_is_no_error(api):
    given = ask(api, sid(), call_status="in-progress", dial_call_status="completed")
    assert (given["advice"], given["reason"]) == ("unknown", "Nothing is known of this call.")
    assert ask(api, sid(), call_status="completed")["advice"] == "hang_up"
    assert ask(api, sid(), call_status="in-progress", dial_call_status="busy")["advice"] == (
        "apologise_and_transfer"
    )


@pytest.mark.parametrize("id_", ["CA123", "rtc_nobody", "6f1d2c3b-0000-7000-8000-000000000000", "%00"])
def test_what_is_no_call_sid_and_no_call_is_not_found(api, id_):
    response = api.get(f"/api/v1/calls/{id_}/advice")
    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")


@pytest.mark.parametrize(
    "params", [{"call_status": "sleeping"}, {"dial_call_status": "\0"}, {"call_status": ""}]
)
def test_a_status_that_twilio_does_not_have_tells_nothing(api, params):
    form = at_the_dial_action("founding_call")
    assert ask(api, form["DialCallSid"], **params)["advice"] in ("unknown", "reconnect")


def test_a_finished_that_is_neither_true_nor_false_is_refused(api):
    assert api.get(f"/api/v1/calls/{sid()}/advice", {"finished": "perhaps"}).status_code == 422


def test_a_stranger_gets_no_advice(stranger):
    assert stranger.get(f"/api/v1/calls/{sid()}/advice").status_code == 401


def test_a_log_that_answers_too_late_is_not_waited_for(api):
    leg = sid()
    append([status(leg, "in-progress")])
    with connection.cursor() as cursor:
        cursor.execute("BEGIN; LOCK TABLE log.event IN ACCESS EXCLUSIVE MODE")
        try:
            began = time.monotonic()
            given = ask(api, leg, call_status="in-progress", dial_call_status="completed")
            took = time.monotonic() - began
        finally:
            cursor.execute("ROLLBACK")
    assert (given["advice"], given["reason"]) == ("unknown", "The log could not be read in time.")
    assert took < advice.DEADLINE_S + 0.5


def test_a_fault_of_ours_is_no_fault_of_the_callers(api, monkeypatch):
    def broken(*_):
        raise RuntimeError

    monkeypatch.setattr(queries, "gist", broken)
    assert ask(api, sid())["advice"] == "unknown"


@pytest.fixture
def recipe(live_server, settings):
    """The code of docs/advice.md, asking this instance."""
    settings.API_TOKENS = ["a-token"]
    (code,) = re.findall(r"^```python\n(.*?)^```", RECIPE.read_text(), re.M | re.S)
    names = {}
    exec(compile(code, str(RECIPE), "exec"), names)
    names |= {"CALLSTORE": live_server.url, "TOKEN": "a-token"}
    with httpx.Client(timeout=5.0) as client:
        names["callstore"].close()
        names["callstore"] = client
        yield names


def verbs(twiml):
    return [element.tag for element in ElementTree.fromstring(twiml)]


def test_the_recipe_keeps_the_founding_caller_on_the_line(recipe):
    form = at_the_dial_action("founding_call")
    twiml = recipe["after_dial"](form)
    assert verbs(twiml) == ["Say", "Dial"]
    assert f"X-Parent-CallSid={form['CallSid']}" in twiml and 'action="/after-dial"' in twiml


def test_the_recipe_finds_a_person_when_the_second_leg_is_lost_too(recipe):
    form = at_the_dial_action("founding_call")
    again, began = sid(), unix("2026-04-14T00:19:00Z") - BEGAN
    append([status(again, "in-progress", parent=form["CallSid"], at=began)])
    second = {**form, "DialCallSid": again}
    assert "putting you through" in recipe["after_dial"](second, finished=False)


def test_the_recipe_lets_a_finished_call_end(recipe):
    assert verbs(recipe["after_dial"](at_the_dial_action("natural_end"), finished=True)) == ["Hangup"]


def test_the_recipe_goes_on_without_callstore(recipe):
    recipe["CALLSTORE"] = "http://127.0.0.1:1"
    assert verbs(recipe["after_dial"](at_the_dial_action("founding_call"))) == ["Redirect"]
    recipe["TOKEN"] = "of nobody"
    assert verbs(recipe["after_dial"]({"CallSid": sid()})) == ["Redirect"]
