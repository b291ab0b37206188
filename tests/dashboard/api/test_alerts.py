"""Alerts by the API: for admins, checked in full, tried before they are kept, changed by nobody unseen."""

from datetime import UTC, datetime, timedelta

import pytest

from callstore.alerts.check import check
from callstore.alerts.terms import Terms
from callstore.people.models import SavedView
from dashboard.api.shapes import alerts as shape
from tests.dashboard.api.problem import problem
from tests.dashboard.documents import put_call

pytestmark = pytest.mark.django_db

ALERTS = "/api/v1/alerts"
CUT = {"name": "Cut off", "q": "is:truncated", "threshold": 2, "window_s": 900, "quiet_s": 600}


def post(client, path="", **said):
    return client.post(f"{ALERTS}{path}", said, content_type="application/json")


def put(client, id, headers=None, **said):
    return client.put(f"{ALERTS}/{id}", said, content_type="application/json", headers=headers or {})


def cut(minutes_ago):
    at = datetime.now(UTC) - timedelta(minutes=minutes_ago)
    put_call(started_at=at.isoformat(), ended_at=at.isoformat(), flags=["truncated"])


def refused(answer, status, said):
    assert said in problem(answer, status)["detail"]


def test_every_term_of_an_alert_is_taken_and_told():
    assert set(Terms._fields) <= shape.AlertToKeep.model_fields.keys() & shape.Alert.model_fields.keys()


def test_an_alert_without_a_name_has_its_query_for_one(api):
    assert post(api, q="is:truncated", threshold=1).json()["name"] == "is:truncated"
    assert post(api, threshold=1).json()["name"] == "Every call"


def test_an_alert_is_kept_told_changed_and_deleted(api):
    made = post(api, **CUT, targets=["https://hooks.example.com/a"])
    assert made.status_code == 201 and made["Location"] == f"{ALERTS}/{made.json()['id']}"
    told = made.json()
    assert {name: told[name] for name in CUT} == CUT
    assert (told["kind"], told["least"], told["enabled"], told["state"]) == ("count", 20, True, "new")
    assert api.get(ALERTS).json() == {"items": [told], "offered": []}
    changed = put(api, told["id"], threshold=3, headers={"If-Match": '"1"'})
    assert changed.status_code == 200 and changed.json()["threshold"] == 3
    refused(put(api, told["id"], threshold=4, version=1), 412, "changed this alert")
    assert api.delete(f"{ALERTS}/{told['id']}").status_code == 204
    refused(api.get(f"{ALERTS}/{told['id']}"), 404, "No alert")


def test_what_fires_is_told_with_its_history(api):
    id = post(api, **CUT).json()["id"]
    check(datetime.now(UTC) - timedelta(minutes=1))
    assert api.get(f"{ALERTS}/{id}").json()["state"] == "ok"
    cut(2), cut(3)
    check(datetime.now(UTC))
    told = api.get(f"{ALERTS}/{id}").json()
    assert told["state"] == "firing" and told["value"] == 2 and told["firing_since"]
    [firing] = api.get(f"{ALERTS}/{id}/history").json()["items"]
    assert firing["found"] == 2 and firing["resolved_at"] is None


def test_a_view_gives_its_query_and_its_name(api):
    SavedView.objects.create(slug="mine", name="Mine", q="sip:200", team=True)
    told = post(api, view="mine").json()
    assert (told["name"], told["q"]) == ("Mine", "sip:200")
    refused(post(api, view="nobodys"), 422, "view")


def test_a_trial_says_what_the_last_days_would_have_told(api):
    cut(60), cut(61), cut(3000)
    tried = post(api, "/preview", q="is:truncated", threshold=2)
    assert (
        tried.json() == {"days": 7, "told": 1, "minutes": tried.json()["minutes"]}
        and not api.get(ALERTS).json()["items"]
    )


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"name": ""}, "name"),
        ({"q": "verdikt:x"}, "verdikt"),
        ({"kind": "median"}, "kind"),
        ({"threshold": 0}, "threshold"),
        ({"threshold": 1.5}, "threshold"),
        ({"kind": "share", "threshold": 2}, "threshold"),
        ({"window_s": 10}, "window"),
        ({"quiet_s": -1}, "quiet"),
        ({"targets": ["gopher://x"]}, "targets"),
        ({"least": 10**30}, "least"),
        ({"threshold": 1e300}, "threshold"),
        ({"name": "a\0b" * 100}, "name"),
    ],
)
def test_terms_that_no_alert_may_have_are_refused_by_name(api, said, wrong):
    refused(post(api, **{**CUT, **said}), 422, wrong)
    assert api.get(ALERTS).json()["items"] == []


def test_a_test_says_how_it_went_with_each_target(api):
    id = post(api, **CUT, targets=["http://127.0.0.1:9/hook"]).json()["id"]
    assert api.post(f"{ALERTS}/{id}/test").json() == {
        "messages": [
            {"target": "http://127.0.0.1:9/hook", "sent": False, "error": "the webhook: ConnectError"}
        ]
    }


def test_alerts_are_an_admins_affair(api, reader, stranger):
    id = post(api, **CUT).json()["id"]
    refused(stranger.get(ALERTS), 401, "Log in")
    refused(reader.get(ALERTS), 403, "admin")
    refused(reader.get(f"{ALERTS}/{id}"), 403, "admin")
    refused(reader.delete(f"{ALERTS}/{id}"), 403, "")
