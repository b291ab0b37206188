"""Decisions as filters: of the API and of the list, for who is logged in."""

import pytest

from callstore.people.review import Change
from callstore.projection.review import decisions
from tests.dashboard.api.problem import problem
from tests.dashboard.documents import put_call

pytestmark = pytest.mark.django_db


def found(client, q):
    return [call["call_id"] for call in client.get("/api/v1/calls", {"q": q}).json()["items"]]


def test_what_people_decided_finds_its_calls(reader):
    mine, theirs, nobodys = (str(put_call(flags=["suspicious"], verdict="ai_deaf")) for _ in range(3))
    decisions.decide(mine, Change(state="investigating", assignee="otto", tags=("billing", "week 48")), "ada")
    decisions.decide(theirs, Change(state="not_suspicious", assignee="ada"), "ada")
    assert found(reader, "assignee:me") == [mine] == found(reader, "assignee:me review:open")
    assert sorted(found(reader, "review:open")) == sorted([mine, nobodys])
    for q in ("tag:billing", 'tag:"week 48"', "tag:week*"):
        assert found(reader, q) == [mine]
    assert found(reader, "is:false_positive") == [theirs] == found(reader, "is:reviewed")
    assert found(reader, "-assignee:*") == [nobodys] == found(reader, "review:new")
    assert reader.get("/calls", {"q": "assignee:me"}).status_code == 200


def test_a_token_is_not_me(api):
    told = problem(api.get("/api/v1/calls", {"q": "assignee:me"}), 422)
    assert told["position"] == len("assignee:")
