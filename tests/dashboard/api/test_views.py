"""Saved views by the API: one compiler, one owner, readable slugs, no change overwritten unseen."""

import pytest
from django.test import Client

from callstore.people.models import SavedView
from tests.dashboard.api.problem import problem

pytestmark = pytest.mark.django_db

VIEWS = "/api/v1/views"
CUT = {
    "name": "Cut off",
    "q": "is:truncated",
    "sort": "-ended_at",
    "cols": ["started", "gap"],
    "from": "-24h",
}


@pytest.fixture(autouse=True)
def no_views(db):
    SavedView.objects.all().delete()


@pytest.fixture
def olga(django_user_model):
    client = Client()
    client.force_login(django_user_model.objects.create_user("olga"))
    return client


def post(client, **said):
    return client.post(VIEWS, {**CUT, **said}, content_type="application/json")


def put(client, slug, headers=None, **said):
    return client.put(f"{VIEWS}/{slug}", said, content_type="application/json", headers=headers or {})


def test_a_view_that_is_kept_is_told_as_it_was_sent_with_its_link(reader):
    made = post(reader)
    assert made.status_code == 201 and made["Location"] == f"{VIEWS}/cut-off" and made["ETag"] == '"1"'
    told = reader.get(f"{VIEWS}/cut-off").json()
    assert told == made.json() == {
        **CUT, "slug": "cut-off", "to": "", "team": False, "owner": "otto", "starred": False,
        "editable": True, "version": 1, "url": "/calls?view=cut-off",
    }  # fmt: skip
    assert reader.get(VIEWS).json() == {"items": [told]}


def test_what_is_left_out_of_a_view_is_the_lists_own(api):
    told = post(api, q="", sort="", cols=[], **{"from": ""}).json()
    assert (told["q"], told["sort"], told["cols"], told["from"], told["owner"]) == ("", "", [], "", None)
    least = api.post(VIEWS, {"name": "All"}, content_type="application/json")
    assert least.status_code == 201 and least.json()["slug"] == "all"


@pytest.mark.parametrize(("sort", "column"), [("-gap", "-untranscribed_caller_speech_s"), ("from", "caller")])
def test_a_view_is_sorted_by_whatever_the_list_can_be_sorted_by(api, sort, column):
    assert api.get("/api/v1/calls", {"sort": sort}).status_code == 200
    assert post(api, sort=sort).json()["sort"] == column


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"name": None}, "name"),
        ({"sort": "-document"}, "sort"),
        ({"cols": ["started; drop"]}, "cols"),
        ({"cols": ["c"] * 50}, "cols"),
        ({"from": "yesterday"}, "from"),
        ({"from": "now", "to": "-24h"}, "to"),
        ({"q": "x" * 2001}, "q"),
        ({"team": "perhaps"}, "team"),
    ],
)
def test_a_part_that_the_list_would_not_take_is_named_and_nothing_is_kept(reader, wrong, said):
    assert said in problem(post(reader, **wrong), 422)["detail"]
    assert not SavedView.objects.exists()


def test_a_query_is_checked_by_the_compiler_of_the_list_with_place_and_suggestion(reader):
    wrong = problem(post(reader, q="stats:completed"), 422)
    assert wrong["type"] == "urn:callstore:problem:query"
    assert (wrong["position"], wrong["length"], wrong["suggestion"]) == (0, 5, "status")
    post(reader)
    assert problem(put(reader, "cut-off", q="gap:>x"), 422)["position"] == 5
    assert SavedView.objects.get().q == "is:truncated"


def test_a_change_sets_what_is_sent_and_the_slug_stays(reader):
    post(reader)
    answer = put(reader, "cut-off", name="Halved", q="is:live", team=True)
    assert answer.status_code == 200 and answer["ETag"] == '"2"'
    told = answer.json()
    assert (told["slug"], told["name"], told["q"], told["team"]) == ("cut-off", "Halved", "is:live", True)
    assert (told["sort"], told["cols"], told["from"]) == ("-ended_at", ["started", "gap"], "-24h")
    assert put(reader, "cut-off", sort=None, cols=None).json()["cols"] == []
    assert put(reader, "cut-off", sort="-started_at").json()["sort"] == "-started_at"


@pytest.mark.parametrize("match", ['"1"', 'W/"1"', '"of somebody else"'])
def test_of_two_editors_the_second_is_told_and_overwrites_nothing(reader, match):
    post(reader)
    put(reader, "cut-off", q="is:live", headers={"If-Match": '"1"'})
    problem(put(reader, "cut-off", q="sip:200", headers={"If-Match": match}), 412)
    problem(put(reader, "cut-off", q="sip:200", version=1), 412)
    problem(reader.delete(f"{VIEWS}/cut-off", headers={"If-Match": match}), 412)
    assert SavedView.objects.get().q == "is:live"
    assert put(reader, "cut-off", q="sip:200", version=2).status_code == 200
    assert put(reader, "cut-off", q="sip:4xx", headers={"If-Match": "*"}).status_code == 200
    assert reader.delete(f"{VIEWS}/cut-off", headers={"If-Match": '"4"'}).status_code == 204
    problem(reader.get(f"{VIEWS}/cut-off"), 404)


def test_the_owner_alone_edits_and_a_private_view_is_not_there_for_others(reader, olga, api):
    post(reader)
    for request in (olga.get, olga.delete):
        problem(request(f"{VIEWS}/cut-off"), 404)
    put(reader, "cut-off", team=True)
    assert olga.get(f"{VIEWS}/cut-off").json()["editable"] is False
    problem(put(olga, "cut-off", q="is:live"), 403)
    problem(put(olga, "cut-off", team=False), 403)
    problem(olga.delete(f"{VIEWS}/cut-off"), 403)
    assert put(olga, "cut-off", starred=True).json()["starred"] is True
    assert reader.get(f"{VIEWS}/cut-off").json()["starred"] is False
    assert SavedView.objects.get().q == "is:truncated"
    assert api.delete(f"{VIEWS}/cut-off").status_code == 204  # of the operator's settings


def test_what_nobody_owns_is_edited_by_staff_alone(reader, client, django_user_model):
    SavedView.objects.create(slug="live-now", name="Live now", q="is:live", team=True)
    problem(put(reader, "live-now", q="sip:200"), 403)
    django_user_model.objects.filter(username="otto").update(is_staff=True)
    assert put(reader, "live-now", q="sip:200").status_code == 200


def test_strangers_see_and_keep_nothing(stranger):
    for answer in (
        stranger.get(VIEWS),
        post(stranger),
        put(stranger, "live-now"),
        stranger.delete(f"{VIEWS}/x"),
    ):
        problem(answer, 401)


def test_a_login_writes_with_the_token_of_its_forms_alone(reader, django_user_model):
    person = Client(enforce_csrf_checks=True)
    person.force_login(django_user_model.objects.get())
    assert "CSRF" in problem(post(person), 403)["detail"]
    assert not SavedView.objects.exists()


def test_odd_text_is_kept_as_text_and_told_as_text(api):
    made = post(api, name="<b>\u202e'; --\0", q='"a\\"b"')
    assert (
        made.status_code == 201 and made.json()["name"] == "<b>\u202e'; --" and made.json()["q"] == '"a\\"b"'
    )
    assert api.get(f"{VIEWS}/%00").status_code == 404
