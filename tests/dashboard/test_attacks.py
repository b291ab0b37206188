"""What an attacker tried at pages and API, and what must stay true of them."""

import time
from dataclasses import fields, replace

import pytest
from django.contrib.auth.models import User
from django.test import Client

from callstore.domain.facts.events import DialFinished, DigitsPressed, LegStatus, RecordingStatus, WordsHeard
from callstore.eventlog.heads import versions
from callstore.eventlog.reading import read
from callstore.eventlog.writing.append import append
from callstore.projection import projector
from callstore.rehearsal.scenarios.scenario import drafts, load
from tests.projection.facts import fact, keep

pytestmark = pytest.mark.django_db

PAYLOAD = (
    "\"'><img src=x onerror=window.__x=1><svg onload=window.__x=1><script>window.__x=1</script>"
    "{{7*7}}{% x %}\u202e"
)
MARKUP = ("<img src=x", "<svg onload", "<script>window")
# What else a sender chooses, besides what is personal.
CHOSEN = {"reason", "message", "name", "error_type", "error_code", "code", "level", "version"}


def poisoned():
    """The founding call with the payload in every text that a sender chooses, projected. A leg of it."""
    told = [replace(draft, event=_poisoned(draft.event)) for draft in drafts(load("founding_call"))]
    append(told)
    subjects = {draft.subject for draft in told}
    projector.project({trace for subject in subjects if (trace := read.trace_of(subject))})
    return next(subject.removeprefix("twilio:") for subject in subjects if subject.startswith("twilio:CA"))


def _poisoned(event):
    chosen = (CHOSEN | event.PERSONAL) & {field.name for field in fields(event)}
    return replace(event, **{name: PAYLOAD for name in chosen if isinstance(getattr(event, name), str)})


PAGES = ("/calls", "/calls/{leg}", "/calls/{leg}/history", "/calls?q={payload}", "/calls?sort={payload}")


def test_what_a_sender_wrote_is_text_on_every_page(reader):
    leg = poisoned()
    shown = 0
    for path in PAGES:
        answer = reader.get(path.format(leg=leg, payload="%22%3E%3Cimg%20src=x%20onerror=1%3E"))
        text = answer.content.decode()
        assert answer.status_code in (200, 422)
        assert not [word for word in MARKUP if word in text]
        shown += "&lt;img src=x" in text
    assert shown >= 2, "nothing would be proved"


A, B = "CA" + "a" * 32, "CA" + "b" * 32
EXTREME = {
    "a number of 20 kB": LegStatus(status="completed", caller="+1" * 10_000, called="+" * 20_000),
    "a length beyond any clock": LegStatus(status="completed", duration_s=2**31 - 1, sip_code=699),
    "its own parent": LegStatus(status="in-progress", parent=A),
    "a parent whose parent it is": LegStatus(status="in-progress", parent=B),
    "a dial of an unknown word": DialFinished(path="x" * 9000, child=B, dial_status="hologram"),
    "a recording of an unknown word": RecordingStatus(recording="RE1", status="hologram", duration_s=-1),
    "words of 1.8 MB": WordsHeard(transcription="GT1", track="sideways", final=True, text="word " * 360_000),
    "digits that are none": DigitsPressed(path="/", digits="\0" * 5000),
}


@pytest.mark.parametrize("name", EXTREME)
def test_extreme_values_are_projected_and_shown(reader, api, name):
    other = LegStatus(status="in-progress", parent=A)
    told = [(A, EXTREME[name]), (B, other), (A, LegStatus(status="ringing"))]
    traces = keep(*(fact(f"twilio:{leg}", event, at=at) for at, (leg, event) in enumerate(told)))
    projector.project(traces)
    assert all(head.version == head.done for head in versions.read(traces).values())
    for path in ("/calls", f"/calls/{A}", f"/calls/{A}/history"):
        assert reader.get(path).status_code == 200
    for part in ("", "/timeline", "/figure.json", "/events", "/history"):
        assert api.get(f"/api/v1/calls/{A}{part}").status_code == 200


ANYWHERE = ("/", "/login/", "/calls", "/nowhere", "/api/v1/calls", "/api/v1/nowhere", "/admin/")


@pytest.mark.parametrize("path", ANYWHERE)
def test_every_answer_forbids_frames_sniffing_and_scripts_of_others(reader, path):
    headers = reader.get(path).headers
    policy = dict(rule.strip().partition(" ")[::2] for rule in headers["content-security-policy"].split(";"))
    assert policy["script-src"] == "'self'" and policy["frame-ancestors"] == "'none'"
    assert policy["object-src"] == policy["base-uri"] == "'none'"
    assert "'unsafe-inline'" not in policy["style-src"]
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize(
    "leads",
    ["//evil.example", "https:evil.example", "https://evil.example", "///evil.example", "/\\evil.example",
     "javascript:alert(1)", "\tjavascript:alert(1)", "http:///evil.example"],
)  # fmt: skip
def test_a_login_leads_nowhere_else(client, leads):
    User.objects.create_user("olga", password="a-long-secret")
    credentials = {"username": "olga", "password": "a-long-secret", "next": leads}
    assert client.post("/login/", credentials).headers["location"] == "/calls"


def test_a_session_is_of_this_site_alone_and_over_when_it_is(django_user_model):
    olga, client = django_user_model.objects.create_user("olga", password="a-long-secret"), Client()
    client.post("/login/", {"username": "olga", "password": "a-long-secret"})
    cookie = client.cookies["sessionid"]
    assert cookie["httponly"] and cookie["samesite"] == "Lax"
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(olga)
    token = (
        {"csrfmiddlewaretoken": strict.cookies["csrftoken"].value} if "csrftoken" in strict.cookies else {}
    )
    assert strict.post("/logout/").status_code == 403
    assert strict.post("/logout/", token, headers={"origin": "https://evil.example"}).status_code == 403
    assert client.get("/logout/").status_code == 405
    client.post("/logout/")
    thief = Client()
    thief.cookies["sessionid"] = cookie.value
    assert thief.get("/calls").status_code == 302


@pytest.mark.parametrize(
    ("path", "status"),
    [("/calls", 302), ("/calls/x", 302), ("/api/v1/calls", 401), ("/api/v1/calls/x/events", 401),
     ("/admin/", 404), ("/.env", 404), ("/.git/config", 404), ("/static/../callstore/settings.py", 404),
     ("/static/%2e%2e/callstore/settings.py", 404), ("/static//etc/passwd", 404)],
)  # fmt: skip
def test_who_is_not_logged_in_sees_nothing(stranger, path, status):
    answer = stranger.get(path)
    assert answer.status_code == status
    assert b"DEBUG" not in answer.content and b"Traceback" not in answer.content


HOSTILE = {
    "always true": "' OR 1=1 --",
    "a second statement": "'; DROP TABLE call; --",
    "placeholders": "%s %(x)s %%",
    "in a value": "from:\"' OR ''='\"",
    "behind a number": "duration:>1;SELECT 1",
    "sixty nots": " ".join(["-is:live"] * 60),
    "a long word": "x" * 1900,
    "many stars": "*a" * 900,
    "quotes": '"' * 101,
    "backslashes": "\\" * 100,
    "wild cards": "from:*%* transcript:_%_",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_query_reaches_the_database_as_sql_or_holds_it_up(api, name):
    poisoned()
    began = time.monotonic()
    assert api.get("/api/v1/calls", {"q": HOSTILE[name]}).status_code in (200, 422)
    assert time.monotonic() - began < 2
    assert api.get("/api/v1/calls").json()["items"]


@pytest.mark.parametrize("sort", ["password", "call_id; DROP TABLE call", "(SELECT 1)", "-document", "1"])
def test_no_list_is_sorted_by_what_is_no_order(api, sort):
    assert api.get("/api/v1/calls", {"sort": sort}).status_code == 422


@pytest.mark.parametrize("path", ["/api/v1/calls/{}", "/calls/{}", "/calls/{}/history", "/compare?a={}"])
def test_an_id_of_a_time_that_no_calendar_has_is_nobody_s(reader, path):
    assert reader.get(path.format("ffffffff-ffff-7fff-bfff-ffffffffffff")).status_code == 404


NOWHERE = (
    "peaks?channel=3", "peaks?channel=-1", "peaks?px=10001", "peaks?from=nan", "peaks?to=inf", "audio/%00",
    "audio/../../../log_key", "audio/..%2f..%2flog_key", "audio/RE" + "0" * 32,
)  # fmt: skip


@pytest.mark.parametrize("asked", NOWHERE)
def test_no_audio_is_read_from_elsewhere(api, asked):
    leg = poisoned()
    assert api.get(f"/api/v1/calls/{leg}/{asked}").status_code in (404, 422)
