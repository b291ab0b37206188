"""The overview over HTTP."""

import pytest

from tests.dashboard.calls.listed import CUT_OFF, put

pytestmark = pytest.mark.django_db


def test_numbers_are_told_with_what_they_are_of_and_each_is_that_of_its_list(api):
    put(**CUT_OFF)
    put(1, verdict="natural_end")
    window = {"from": "2026-04-13", "to": "2026-04-13"}
    told = api.get("/api/v1/overview", {"q": "status:completed", **window}).json()
    assert told["calls"] == 1 and told["suspicious"]["share"] == 1
    told = api.get("/api/v1/overview", window).json()
    assert (told["from"], told["to"]) == ("2026-04-13T00:00:00.000Z", "2026-04-14T00:00:00.000Z")
    assert told["suspicious"] == {
        "count": 1, "of": 2, "share": 0.5, "low": 0.094531, "high": 0.905469, "small": True,
    }  # fmt: skip
    assert sum(step["calls"] for step in told["over_time"]["steps"]) == 2
    for verdict in told["verdicts"]:
        found = api.get("/api/v1/calls", {"q": f"verdict:{verdict['value']} started:2026-04-13"}).json()
        assert len(found["items"]) == verdict["calls"]


@pytest.mark.parametrize(
    "wrong", [{"q": "stats:1"}, {"from": "soon"}, {"from": "2026-04-14", "to": "2026-04-01"}]
)
def test_a_wrong_query_and_a_wrong_time_are_problems(api, wrong):
    answer = api.get("/api/v1/overview", wrong)
    assert answer.status_code == 422 and answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    "far", [{"from": "0001-01-01"}, {"to": "0001-01-01"}, {"from": "2026-01-01", "to": "9000-01-01"}]
)
def test_a_time_long_before_or_after_every_call_is_answered(api, far):
    assert api.get("/api/v1/overview", far).json()["calls"] == 0


def test_a_stranger_is_told_no_numbers(stranger):
    assert stranger.get("/api/v1/overview").status_code == 401
