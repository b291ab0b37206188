"""Deciding about calls through the API."""

import pytest
from django.test import Client

from callstore.people.models import Bulk
from callstore.projection.models import CallRow
from dashboard.review import bulk
from tests.dashboard.api.problem import problem
from tests.dashboard.documents import CHILD, put_call

pytestmark = pytest.mark.django_db


@pytest.fixture
def call():
    return str(put_call(verdict="ai_deaf", flags=["suspicious"], child_call_sid=CHILD))


@pytest.fixture
def ada(django_user_model):
    django_user_model.objects.create_user("ada")
    return "ada"


def post(client, path, **body):
    return client.post(f"/api/v1/calls/{path}", body, content_type="application/json")


def review(client, call, **change):
    return post(client, f"{call}/review", **change)


def test_a_decision_answers_what_stands_then_and_the_call_says_so(api, call, ada):
    answer = review(api, CHILD, state="confirmed", assignee="ada", tags=["billing", "vip"], agrees=True)
    assert answer.status_code == 200
    body = answer.json()
    assert body["call_id"] == call and body["version"] > 0
    assert (body["state"], body["assignee"], body["tags"]) == ("confirmed", "ada", ["billing", "vip"])
    assert (body["verdict"], body["agreed"], body["disagreed"], body["agrees"]) == ("ai_deaf", 1, 0, True)
    told = api.get(f"/api/v1/calls/{call}").json()
    assert (told["review_state"], told["tags"], told["assignee"]) == ("confirmed", ["billing", "vip"], "ada")
    assert told["flags"] == ["suspicious", "reviewed"]


def test_a_call_is_new_until_somebody_decides(api, call):
    told = api.get(f"/api/v1/calls/{call}").json()
    assert (told["review_state"], told["tags"], told["assignee"]) == ("new", [], None)


def test_what_a_change_does_not_name_stays_and_null_takes_away(api, call, ada):
    review(api, call, state="investigating", assignee="ada", tags=["x"], agrees=False)
    body = review(api, call, state="resolved").json()
    assert (body["assignee"], body["tags"], body["agrees"]) == ("ada", ["x"], False)
    body = review(api, call, assignee=None, tags=[], agrees=None).json()
    assert (body["state"], body["assignee"], body["tags"], body["agrees"]) == ("resolved", None, [], None)


def test_each_token_has_a_name_of_its_own_in_the_history(settings, call):
    settings.API_TOKENS = ["first-token", "second-token"]
    for token in settings.API_TOKENS:
        client = Client(headers={"authorization": f"Bearer {token}"})
        assert review(client, call, agrees=True).json()["agreed"]
    history = client.get(f"/api/v1/calls/{call}/review").json()["history"]
    names = {each["by"] for each in history}
    assert len(names) == 2 and all(name.startswith("token:") for name in names)
    assert not any("first-token" in name or "second-token" in name for name in names)


def test_a_login_decides_in_its_name_and_may_take_the_call_itself(reader, call):
    assert review(reader, call, assignee="me").json()["assignee"] == "otto"
    [made] = reader.get(f"/api/v1/calls/{call}/review").json()["history"]
    assert made["by"] == "otto" and made["was"]["assignee"] is None and made["became"]["assignee"] == "otto"


def test_a_decision_against_what_stood_before_is_told_and_not_made(api, reader, call):
    seen = api.get(f"/api/v1/calls/{call}/review").json()["version"]
    review(reader, call, state="investigating", version=seen)
    told = problem(review(api, call, state="resolved", version=seen), 409)
    assert told["detail"].startswith("Changed by otto 0 s ago") and told["state"] == "investigating"
    assert review(api, call, state="resolved", version=told["version"]).json()["state"] == "resolved"


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "done"},
        {"assignee": "nobody-of-this-name"},
        {"assignee": "a\0b"},
        {"tags": ["x" * 41]},
        {"tags": ["a,b"]},
        {"tags": [""]},
        {"tags": [f"t{n}" for n in range(21)]},
        {"tags": "billing"},
        {"agrees": "perhaps"},
    ],
    ids=str,
)
def test_what_cannot_be_decided_is_refused(api, call, wrong):
    problem(review(api, call, **wrong), 422)
    assert api.get(f"/api/v1/calls/{call}/review").json()["history"] == []


def test_what_is_wrong_in_a_list_is_told_with_its_place(api, call):
    told = problem(review(api, call, tags=["billing", 7]), 422)
    assert told["detail"] == "tags.1: Input should be a valid string"


@pytest.mark.parametrize("body", ["[]", '"confirmed"', "1", "null"])
def test_a_body_that_is_no_object_is_refused_and_not_taken_for_an_empty_one(api, call, body):
    answer = api.post(f"/api/v1/calls/{call}/review", body, content_type="application/json")
    assert problem(answer, 422)["detail"] == "The body must be a JSON object."


def test_a_call_that_is_not_there_is_not_found(api):
    problem(review(api, "CA" + "9" * 32, state="confirmed"), 404)
    problem(api.get("/api/v1/calls/nothing/review"), 404)


def test_strangers_and_logins_without_the_pages_token_decide_nothing(call, django_user_model):
    problem(review(Client(), call, state="confirmed"), 401)
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(django_user_model.objects.create_user("eve"))
    problem(review(careful, call, state="confirmed"), 403)
    problem(post(careful, "bulk", q="", action={"state": "confirmed"}), 403)
    assert CallRow.objects.get().review_state == "new"


def test_many_calls_are_changed_as_one_act(api, ada):
    calls = [str(put_call(verdict="ai_deaf")) for _ in range(3)]
    other = str(put_call(verdict="natural_end"))
    action = {"state": "resolved", "assignee": "ada", "tags_add": ["week 48"]}
    done = post(api, "bulk", q="verdict:ai_deaf", action=action).json()
    assert (done["count"], done["changed"], done["unknown"]) == (3, 3, [])
    for call in calls:
        body = api.get(f"/api/v1/calls/{call}/review").json()
        assert (body["state"], body["assignee"], body["tags"]) == ("resolved", "ada", ["week 48"])
        assert [each["bulk"] for each in body["history"]] == [done["id"]]
    assert api.get(f"/api/v1/calls/{other}").json()["review_state"] == "new"
    [act] = Bulk.objects.all()
    assert (act.action, act.calls) == ({**action}, 3)


def test_an_act_may_change_what_its_query_finds(api, monkeypatch):
    monkeypatch.setattr(bulk, "SLICE", 2)
    for _ in range(5):
        put_call(verdict="ai_deaf")
    assert post(api, "bulk", q="-is:reviewed", action={"state": "confirmed"}).json()["changed"] == 5


def test_some_calls_are_changed_by_any_of_their_ids(api, call):
    done = post(api, "bulk", ids=[CHILD, call, "CA" + "9" * 32], action={"tags_add": ["x"]}).json()
    assert (done["count"], done["changed"], done["unknown"]) == (1, 1, ["CA" + "9" * 32])
    gone = post(api, "bulk", ids=[call], action={"tags_remove": ["x"]}).json()
    assert gone["changed"] == 1 and api.get(f"/api/v1/calls/{call}").json()["tags"] == []
    for tags in (["a", "b"], []):
        assert post(api, "bulk", ids=[call], action={"tags": tags}).json()["changed"] == 1
        assert api.get(f"/api/v1/calls/{call}").json()["tags"] == tags


def test_more_calls_than_anybody_means_are_none(api, monkeypatch):
    monkeypatch.setattr(bulk, "MOST", 2)
    for _ in range(3):
        put_call()
    told = problem(post(api, "bulk", q="", action={"state": "resolved"}), 422)
    assert "narrow" in told["detail"]
    assert not CallRow.objects.exclude(review_state="new") and not Bulk.objects.all()


@pytest.mark.parametrize(
    "wrong",
    [
        {"action": {"state": "resolved"}},
        {"q": "", "ids": [], "action": {"state": "resolved"}},
        {"q": "vredict:x", "action": {"state": "resolved"}},
        {"q": "", "action": {}},
        {"q": "", "action": {"state": "done"}},
        {"q": "", "action": {"tags_add": ["a,b"]}},
        {"ids": ["x"] * 1001, "action": {"state": "resolved"}},
    ],
    ids=lambda wrong: str(wrong)[:60],
)
def test_an_act_that_makes_no_sense_is_refused(api, call, wrong):
    problem(post(api, "bulk", **wrong), 422)
    assert CallRow.objects.get().review_state == "new" and not Bulk.objects.all()


def test_a_call_that_would_have_too_many_tags_stays_as_it_is(api, call):
    review(api, call, tags=[f"t{n}" for n in range(20)])
    other = str(put_call())
    done = post(api, "bulk", q="", action={"tags_add": ["one more"]}).json()
    assert (done["count"], done["changed"]) == (2, 1)
    assert api.get(f"/api/v1/calls/{other}").json()["tags"] == ["one more"]
