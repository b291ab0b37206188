"""A call as it was known when one of its events had come: on its page and over the API."""

import pytest

from callstore.domain.facts.events import CallErased
from callstore.eventlog.writing.append import append
from callstore.report import history as folding
from tests.dashboard.call.test_history import call as call
from tests.dashboard.call.test_history import fact


def steps(api, call):
    return api.get(f"/api/v1/calls/{call['call_id']}/history").json()["items"]


def test_each_step_of_what_was_known_opens_the_page_as_it_stood(admin_client, api, call):
    for step in steps(api, call)[:-1]:
        page = admin_client.get(f"/calls/{call['call_id']}", {"asof": step["position"]})
        assert page.status_code == 200
        assert page.context["call"]["verdict"] == step["verdict"]
        assert page.context["call"]["flags"] == step["flags"]
        assert f"by {page.context['known'].events} of its" in page.content.decode()
        assert f"?asof={step['position']}" in page.context["figure_query"]
    now = admin_client.get(f"/calls/{call['call_id']}")
    assert "as it was known at" not in now.content.decode()


def test_the_history_leads_there(admin_client, api, call):
    listed = admin_client.get(f"/calls/{call['call_id']}/history").content.decode()
    assert f"/calls/{call['call_id']}?asof={steps(api, call)[0]['position']}" in listed


def test_timeline_and_figure_have_what_had_come(api, call):
    first = steps(api, call)[0]["position"]
    before, now = (
        api.get(f"/api/v1/calls/{call['call_id']}/timeline{query}").json() for query in (f"?asof={first}", "")
    )
    assert 0 < len(before["marks"]) < len(now["marks"])
    figure = api.get(f"/api/v1/calls/{call['call_id']}/figure.json?asof={first}").json()
    assert figure != api.get(f"/api/v1/calls/{call['call_id']}/figure.json").json()


@pytest.mark.parametrize("asof", ["0", "9" * 18, "x", "-1", "9" * 40])
def test_an_event_that_the_call_has_not_is_not_found(admin_client, call, asof):
    assert admin_client.get(f"/calls/{call['call_id']}", {"asof": asof}).status_code == 404


def test_the_api_refuses_unknown_positions_and_calls_beyond_the_bound_in_words(api, call, monkeypatch):
    path = f"/api/v1/calls/{call['call_id']}/timeline"
    assert api.get(f"{path}?asof=0").status_code == 404
    assert api.get(f"{path}?asof=x").status_code == 422
    monkeypatch.setattr(folding, "LONGEST", 5)
    answer = api.get(f"{path}?asof={call['last_position']}")
    assert answer.status_code == 422 and "facts" in answer.json()["detail"]


def test_a_call_that_was_erased_since_is_shown_as_erased(admin_client, api, call):
    # Its words go with its key; what else the erasure takes must not come back by a date before it.
    before = steps(api, call)[-1]["position"]
    append([fact(call["child_call_sid"], CallErased(reason="letter"), 2e9)])
    shown = admin_client.get(f"/calls/{call['call_id']}", {"asof": before}).context["call"]
    assert (shown["recording_state"], bool(shown["erased_at"])) == ("expired", True)


def test_a_stranger_is_shown_nothing(client, call):
    assert client.get(f"/calls/{call['call_id']}", {"asof": "1"}).status_code == 302
