"""The read API: what it gives, to whom, and how it says no."""

from typing import get_type_hints
from urllib.parse import quote

import pytest
from django.contrib.auth import get_user_model

from callstore.domain.facts.clock import Clock, Instant
from callstore.domain.facts.events import LegStatus
from callstore.domain.facts.record import Draft
from callstore.eventlog.reading import read
from callstore.eventlog.writing.append import append
from callstore.projection.models import TraceRef
from callstore.report.document import Document, stable_fields
from callstore.report.history import Step
from callstore.report.report import report
from callstore.report.stable.groups import Review
from dashboard.api.shapes import calls
from dashboard.api.shapes.calls import STABLE, CallDetail, CallPage, CallSummary, Events, Figure, Lanes
from tests.dashboard.api.problem import problem
from tests.dashboard.documents import CHILD, PARENT, RECORDING, put_call

pytestmark = pytest.mark.django_db

CALLS = "/api/v1/calls"
NOBODY = "00000000-0000-7000-8000-000000000404"  # the id of no call


def test_the_documentation_names_the_stable_fields_the_parts_and_the_steps_as_they_are_written():
    documented = {field.alias or name: field for name, field in CallSummary.model_fields.items()}
    assert list(documented) == list(stable_fields()) == list(STABLE)
    assert documented["child_duration_s"].annotation == float | None
    assert documented["warning_codes"].annotation == list[str] | None
    parts = CallDetail.model_fields.keys() - CallSummary.model_fields.keys()
    assert parts <= get_type_hints(Document).keys() - stable_fields().keys()
    assert calls.Step.model_fields.keys() == get_type_hints(Step).keys()


def test_a_page_gives_the_stable_fields_of_the_calls_that_a_query_finds(api):
    put_call(child_status="busy")
    call_id = put_call(child_status="completed", **{"from": "+81355501123"}, legs=[{"sid": CHILD}])
    body = api.get(CALLS, {"q": "status:completed"}).json()
    assert [call["call_id"] for call in body["items"]] == [str(call_id)]
    assert tuple(body["items"][0]) == STABLE
    assert body["items"][0]["from"] == "+81355501123"
    assert body["items"][0]["verdict"] is None
    assert body["next_cursor"] is None
    CallPage.model_validate(body)


def test_pages_follow_each_other_without_a_gap_or_a_repeat(api):
    starts = [None, None, None, *(f"2026-04-13T00:{minute // 2:02d}:00.000Z" for minute in range(6))]
    put = {str(put_call(started_at=start)) for start in starts}
    seen, cursor = [], ""
    while cursor is not None:
        body = api.get(CALLS, {"limit": 2, "cursor": cursor, "sort": "started_at"}).json()
        seen += [call["call_id"] for call in body["items"]]
        cursor = body["next_cursor"]
    assert len(seen) == 9 and set(seen) == put


def test_the_schema_has_every_field_that_a_report_has():
    # What people decide, and the id, come from elsewhere.
    assert set(STABLE) - {"call_id"} - set(Review.__annotations__) <= set(report([]))


def test_a_call_comes_with_its_parts_timeline_and_figure(api):
    call_id = put_call(**report([]), links=[])
    body = api.get(f"{CALLS}/{call_id}").json()
    assert tuple(body)[: len(STABLE)] == STABLE
    assert body["judgement"]["verdict"] == body["verdict"]
    CallDetail.model_validate(body)

    lanes = api.get(f"{CALLS}/{call_id}/timeline").json()
    assert "caller_audio" in [lane["id"] for lane in lanes["lanes"]]
    Lanes.model_validate(lanes)
    Figure.model_validate(api.get(f"{CALLS}/{call_id}/figure.json").json())


@pytest.mark.parametrize("known_as", ["call_id", "parent", "child", "ai"])
def test_a_call_is_known_by_each_of_its_ids(api, known_as):
    call_id = str(put_call(parent_call_sid=PARENT, child_call_sid=CHILD, ai_call_id="rtc_1", legs=[]))
    id_ = {"call_id": call_id, "parent": PARENT, "child": CHILD, "ai": "rtc_1"}[known_as]
    body = api.get(f"{CALLS}/{id_}").json()
    assert body["call_id"] == call_id and body["legs"] == []


@pytest.mark.parametrize(
    "params",
    [
        {"limit": "0"},
        {"limit": "201"},
        {"limit": "-1"},
        {"limit": "9" * 40},
        {"limit": "many"},
        {"limit": "\0"},
        {"sort": "nothing"},
        {"sort": "-document"},
        {"sort": "started_at; DROP TABLE call"},
        {"sort": "\0"},
        {"cursor": "made-up"},
        {"cursor": "\0"},
        {"cursor": "ü:ü:ü"},
        {"q": "\0"},
        {"q": "a" * 2001},
        {"q": "(" * 500},
        {"q": "sip:" + "9" * 40},
        {"q": "started:99999-01-01"},
    ],
)
def test_a_malformed_question_is_refused_in_words(api, params):
    problem(api.get(CALLS, params), 422)


def test_a_part_that_is_left_empty_is_as_if_it_were_not_there(api):
    put_call()
    empty = dict.fromkeys(("q", "sort", "limit", "cursor"), "")
    assert api.get(CALLS, empty).json() == api.get(CALLS).json() != []
    assert api.get("/api/v1/overview", {"q": "", "from": "", "to": ""}).status_code == 200
    assert api.get("/api/v1/incidents.csv", {"q": "", "schema": ""}).status_code == 200
    assert api.get("/api/v1/suggest", {"q": "", "at": ""}).status_code == 200


def test_a_cursor_belongs_to_its_sort(api):
    for _ in range(3):
        put_call()
    cursor = api.get(CALLS, {"limit": 1}).json()["next_cursor"]
    problem(api.get(CALLS, {"cursor": cursor, "sort": "verdict"}), 422)


def test_a_bad_query_says_where_and_what_would_be_right(api):
    body = problem(api.get(CALLS, {"q": "sip:200 statsu:completed"}), 422)
    assert (body["position"], body["length"], body["suggestion"]) == (8, 6, "status")
    assert "statsu" in body["message"]


@pytest.mark.parametrize(
    "path",
    [
        NOBODY,
        "not-an-id",
        PARENT,
        "rtc_unknown",
        quote("\0"),
        "%ff%fe",
        "x" * 3000,
        quote("'; DROP TABLE call"),
        f"{NOBODY}/events",
        f"{NOBODY}/peaks",
        f"{NOBODY}/timeline",
        f"{NOBODY}/figure.json",
        f"{NOBODY}/audio/{RECORDING}",
        f"{NOBODY}/audio/{quote('../../etc/passwd')}",
    ],
)
def test_what_is_not_there_is_404(api, path):
    problem(api.get(f"{CALLS}/{path}"), 404)


def test_a_path_of_no_route_is_404_as_a_problem(api):
    problem(api.get("/api/v1/nothing/here"), 404)


@pytest.mark.parametrize("path", ["calls", "calls/x", "calls/x/events", "incidents.csv", "no"])
def test_a_stranger_reads_nothing(stranger, settings, path):
    settings.API_TOKENS = ["right"]
    for said in (None, "Bearer wrong", "Bearer ", "Bearer ü", "right"):
        response = stranger.get(f"/api/v1/{path}", headers={"authorization": said} if said else {})
        problem(response, 401)
        assert response["WWW-Authenticate"].startswith("Bearer")


def test_without_tokens_set_no_token_is_right(stranger, settings):
    settings.API_TOKENS = []
    problem(stranger.get(CALLS, headers={"authorization": "Bearer "}), 401)


def test_a_session_reads(client):
    client.force_login(get_user_model().objects.create_user("ada"))
    assert client.get(CALLS).json() == {"items": [], "next_cursor": None}


def logged_call(facts=1):
    """A call with some facts in the log."""
    append(
        [
            Draft(
                source="twilio",
                subject=f"twilio:{PARENT}",
                key=f"{PARENT}:completed:{n}",
                event=LegStatus(status="completed", caller="+81355501123"),
                occurred=Instant(1776039532.0 - n // 2, Clock.PROVIDER, 1000),
                received_at=1776039532.5,
                raw=b"CallStatus=completed&From=%2B81355501123",
            )
            for n in range(facts)
        ]
    )
    trace = read.trace_of(f"twilio:{PARENT}")
    TraceRef.objects.create(ref=f"twilio:{PARENT}", trace_id=trace)
    return put_call(call_id=trace)


@pytest.mark.django_db(transaction=True)
def test_the_log_of_a_call_shows_raw_bodies_to_tokens_and_staff_only(api, client):
    call_id = logged_call()
    (event,) = api.get(f"{CALLS}/{call_id}/events").json()["items"]
    assert event["type"] == "leg.status" and event["facts"]["status"] == "completed"
    assert event["body"] == "CallStatus=completed&From=%2B81355501123"

    user = get_user_model().objects.create_user("ada")
    client.force_login(user)
    (event,) = client.get(f"{CALLS}/{call_id}/events").json()["items"]
    assert "body" not in event

    user.is_staff = True
    user.save()
    (event,) = client.get(f"{CALLS}/{call_id}/events").json()["items"]
    assert event["body"]


@pytest.mark.django_db(transaction=True)
def test_the_log_of_a_call_comes_in_pages(api):
    call_id = logged_call(7)
    url = f"{CALLS}/{call_id}/events"
    whole = api.get(url).json()
    Events.model_validate(whole)
    assert len(whole["items"]) == 7 and whole["next_cursor"] is None
    first = api.get(url, {"limit": 3}).json()
    second = api.get(url, {"limit": 3, "cursor": first["next_cursor"]}).json()
    third = api.get(url, {"limit": 3, "cursor": second["next_cursor"]}).json()
    assert [*first["items"], *second["items"], *third["items"]] == whole["items"]
    assert third["next_cursor"] is None
    for row in second["items"]:
        there = api.get(url, {"limit": 3, "position": row["position"]}).json()
        assert there["items"] == second["items"]
        assert api.get(url, {"limit": 3, "cursor": there["next_cursor"]}).json() == third


@pytest.mark.django_db(transaction=True)
def test_the_log_of_a_call_comes_by_arrival_and_a_cursor_belongs_to_its_order(api):
    url = f"{CALLS}/{logged_call(7)}/events"
    by_time, came = (api.get(url, {"order": order}).json()["items"] for order in ("event", "arrival"))
    assert by_time == api.get(url).json()["items"] != came
    assert [row["position"] for row in came] == sorted(row["position"] for row in by_time)
    first = api.get(url, {"limit": 3, "order": "arrival"}).json()
    rest = api.get(url, {"cursor": first["next_cursor"], "order": "arrival"}).json()
    assert first["items"] + rest["items"] == came
    problem(api.get(url, {"cursor": first["next_cursor"]}), 422)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("params", "status"),
    [
        ({"limit": "0"}, 422),
        ({"limit": "201"}, 422),
        ({"limit": "many"}, 422),
        ({"order": "backwards"}, 422),
        ({"cursor": "made-up"}, 422),
        ({"cursor": "\0"}, 422),
        ({"cursor": "of calls"}, 422),
        ({"position": "-1"}, 422),
        ({"position": "9" * 30}, 422),
        ({"position": str(2**63 - 1)}, 404),
    ],
)
def test_a_malformed_question_for_events_is_refused_in_words(api, params, status):
    call_id = logged_call()
    put_call()
    if params.get("cursor") == "of calls":
        params = {"cursor": api.get(CALLS, {"limit": 1}).json()["next_cursor"]}
    problem(api.get(f"{CALLS}/{call_id}/events", params), status)


@pytest.mark.django_db(transaction=True)
def test_a_call_of_thousands_of_facts_is_never_given_at_once(api):
    call_id = logged_call(450)
    answer = api.get(f"{CALLS}/{call_id}/events").json()
    assert len(answer["items"]) == 200 and answer["next_cursor"]


def test_the_documentation_loads_nothing_from_elsewhere(stranger):
    page = stranger.get("/api/v1/docs")
    assert page.status_code == 200
    assert b"http" not in page.content.replace(b"http-equiv", b"")
    assert b"ninja/swagger-ui-bundle.js" in page.content
    schema = stranger.get("/api/v1/openapi.json").json()
    assert "/api/v1/calls/{id}/events" in schema["paths"]
    ids = [op["operationId"] for path in schema["paths"].values() for op in path.values()]
    assert len(ids) == len(set(ids))


def test_a_method_that_there_is_not_is_a_problem_that_says_which_there_are(api):
    refused = api.post(CALLS, {}, content_type="application/json")
    assert "GET" in problem(refused, 405)["detail"] and refused.headers["Allow"] == "GET"


@pytest.mark.parametrize(
    ("said", "meant"), [("-gap", "-untranscribed_caller_speech_s"), ("from", "caller"), ("", "-started_at")]
)
def test_calls_are_sorted_by_a_key_of_the_query_or_by_a_stable_field(api, said, meant):
    assert (
        api.get(CALLS, {"sort": said, "limit": 3}).json()
        == api.get(CALLS, {"sort": meant, "limit": 3}).json()
    )


def test_a_field_that_calls_cannot_be_sorted_by_is_told_with_those_that_they_can(api):
    said = problem(api.get(CALLS, {"sort": "nope"}), 422)["detail"]
    assert "'nope'" in said and "child_duration_s" in said


def test_the_documentation_says_what_a_page_of_calls_takes(api):
    taken = api.get("/api/v1/openapi.json").json()["paths"][CALLS]["get"]["parameters"]
    described = {each["name"]: each["schema"].get("description") for each in taken}
    assert all(described.values()) and "child_duration_s" in described["sort"]
