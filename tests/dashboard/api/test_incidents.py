"""A manual incident: entered by a token or a login, kept as a fact, and told of the calls of its time."""

import pytest
from django.test import Client

from callstore.domain.facts.clock import unix
from callstore.eventlog.reading import bulk, read
from callstore.projection.cross_call.incidents import published
from tests.dashboard.api.problem import problem

pytestmark = pytest.mark.django_db

INCIDENTS = "/api/v1/incidents"
TROUBLE = {
    "provider": "openai",
    "title": "401 on every accept",
    "started_at": "2026-04-13T00:10:00Z",
    "ended_at": "2026-04-13T02:10:00+02:00",
    "url": "https://community.example.com/t/1378804",
}
ENDLESS = {**TROUBLE, "ended_at": None}
FROM = unix("2026-04-13T00:00:00Z")


def enter(client, **said):
    return client.post(INCIDENTS, {**ENDLESS, **said}, content_type="application/json")


def records(id_):
    return [
        r
        for each in bulk.by_trace(read.traces_of_kind(f"incident:openai:{id_}", since=0)).values()
        for r in each
    ]


def test_an_incident_that_somebody_entered_is_a_fact_of_the_operator(api):
    answer = enter(api, ended_at="2026-04-13T02:20:00+02:00")
    assert answer.status_code == 201
    body = answer.json()
    assert set(body) == {"id"}
    [record] = records(body["id"])
    assert record.source == "operator" and record.event.title == TROUBLE["title"]
    [incident] = published(FROM)
    assert (incident.provider, incident.external_id, incident.url) == ("openai", body["id"], TROUBLE["url"])
    assert (incident.start, incident.end) == (unix("2026-04-13T00:10:00Z"), unix("2026-04-13T00:20:00Z"))


def test_the_same_trouble_again_is_one_incident_that_learns_its_end(api):
    first, again = enter(api).json(), enter(api).json()
    ended = enter(api, ended_at="2026-04-13T00:30:00Z")
    assert ended.status_code == 201 and first == again == ended.json()
    assert len(records(first["id"])) == 2
    [incident] = published(FROM)
    assert incident.end == unix("2026-04-13T00:30:00Z")
    assert enter(api, title="Something else").json() != first


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"provider": ""}, "provider"),
        ({"provider": " \0 "}, "provider"),
        ({"title": None}, "title"),
        ({"title": "x" * 501}, "title"),
        ({"started_at": "yesterday"}, "started_at"),
        ({"started_at": None}, "started_at"),
        ({"started_at": "0001-01-01T00:00:00Z"}, "started_at"),
        ({"started_at": "9999-12-31T23:59:59-12:00"}, "started_at"),
        ({"ended_at": "2026-04-13T00:09:59Z"}, "ended_at"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"url": "x" * 3000}, "url"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_kept(api, wrong, said):
    detail = problem(enter(api, **wrong), 422)["detail"]
    assert said in detail and "Value error" not in detail
    assert published(0) == []


@pytest.mark.parametrize("body", ["", "{", "[]", "7", '{"provider": NaN}', "[" * 3000])
def test_a_body_that_is_no_object_is_a_problem_of_its_sender(api, body):
    answer = api.post(INCIDENTS, body, content_type="application/json")
    assert answer.status_code in (400, 422)
    problem(answer, answer.status_code)


def test_strangers_enter_nothing(stranger):
    problem(enter(stranger), 401)


def test_a_login_enters_with_the_token_of_its_forms_alone(reader, django_user_model):
    person = Client(enforce_csrf_checks=True)
    person.force_login(django_user_model.objects.get())
    assert "CSRF" in problem(enter(person), 403)["detail"]
    person.get("/login/")
    headers = {"X-CSRFToken": person.cookies["csrftoken"].value}
    answer = person.post(INCIDENTS, ENDLESS, content_type="application/json", headers=headers)
    assert answer.status_code == 201
