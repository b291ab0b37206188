"""Saved views on the pages: the bar above the list, the permalink, and the page of all views."""

import re
from html import unescape

import pytest
from django.test import Client

from callstore.people.models import SavedView
from tests.dashboard.calls.listed import CUT_OFF, opened, put

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_views(db):
    SavedView.objects.all().delete()


@pytest.fixture
def olga(django_user_model):
    client = Client()
    client.force_login(django_user_model.objects.create_user("olga"))
    return client


def keep(client, name="Cut off", url="/calls", **form):
    return client.post("/views", {"name": name, "next": url, **form})


def do(client, slug, act, **form):
    return client.post(
        f"/views/{slug}", {"do": act, "version": SavedView.objects.get(slug=slug).version, **form}
    )


def text(answer):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def test_save_as_keeps_all_that_the_list_shows_and_opens_it(reader):
    put(**CUT_OFF)
    put(1)
    kept = keep(reader, q="is:truncated", sort="-ended_at", cols="started,gap", **{"from": "2026-04-13"})
    assert kept.status_code == 302 and kept["Location"] == "/calls?view=cut-off"
    opened_at = reader.get(kept["Location"])
    whole = "/calls?q=is%3Atruncated&from=2026-04-13&sort=-ended_at&cols=started%2Cgap&view=cut-off"
    assert opened_at.status_code == 302 and opened_at["Location"] == whole
    page = reader.get(whole)
    assert len(opened(page.content.decode())) == 1
    assert "Saved as “Cut off”." in text(page) and "Differs" not in text(page)


def test_the_bar_says_which_part_differs_and_offers_save_and_the_way_back(reader):
    keep(reader, q="is:truncated", sort="-ended_at")
    same = text(reader.get("/calls?q=+is:truncated+&sort=-ended_at&view=cut-off"))
    assert "Differs" not in same and "Reset" not in same
    page = reader.get("/calls?q=is:live&from=-24h&view=cut-off")
    assert "Differs from the saved view: query, time, sort" in text(page)
    assert 'href="/calls?view=cut-off">Reset' in page.content.decode()
    here = "/calls?q=is:live&view=cut-off"
    saved = do(reader, "cut-off", "save", q="is:live", next=here)
    assert saved["Location"] == here and SavedView.objects.get().q == "is:live"
    assert "Saved “Cut off”." in text(reader.get(here)) and SavedView.objects.get().sort == ""


def test_a_view_of_every_call_is_opened_and_not_sent_round_in_circles(reader):
    keep(reader, "Everything")
    answer = reader.get("/calls?view=everything")
    assert answer["Location"] == "/calls?q=&view=everything"
    assert reader.get(answer["Location"]).status_code == 200


def test_columns_that_a_form_sends_one_by_one_are_one_part(reader):
    keep(reader, cols="gap,started")
    page = reader.get("/calls?cols=started&cols=gap&q=&view=cut-off")
    assert "Differs" not in text(page) and 'name="cols" value="started,gap"' in page.content.decode()
    assert "Differs from the saved view: columns" in text(reader.get("/calls?cols=gap,cause&view=cut-off"))


def test_who_takes_away_all_that_a_view_keeps_does_not_get_it_back(reader):
    keep(reader, q="is:truncated")
    page = reader.get("/calls?q=&view=cut-off", headers={"HX-Request": "true"})
    assert page["HX-Push-Url"] == "/calls?q=&view=cut-off"
    assert "Differs from the saved view: query" in text(reader.get(page["HX-Push-Url"]))


def test_a_view_that_is_not_there_or_not_shared_shows_the_list_and_says_so(reader, olga):
    keep(reader)
    for slug in ("cut-off", "nothing", "%00"):
        page = olga.get(f"/calls?view={slug}", follow=True)
        assert page.status_code == 200 and "no such view, or it is not shared" in text(page)


def test_a_permalink_leads_a_stranger_to_the_login_and_then_on(stranger):
    assert stranger.get("/calls?view=live-now")["Location"] == "/login/?next=/calls%3Fview%3Dlive-now"
    assert stranger.get("/views")["Location"] == "/login/?next=/views"
    assert stranger.post("/views", {"name": "x"}).status_code == 302 and not SavedView.objects.exists()


def test_views_are_listed_renamed_shared_pinned_and_deleted_without_a_script(reader, olga):
    keep(reader, q="is:truncated")
    assert "is:truncated" in text(reader.get("/views")) and "Cut off" not in text(olga.get("/views"))
    do(reader, "cut-off", "rename", name="Halved")
    do(reader, "cut-off", "share")
    assert SavedView.objects.get().slug == "cut-off"
    page = olga.get("/views")
    assert "Halved" in text(page) and "of otto" in text(page) and "Rename" not in text(page)
    do(olga, "cut-off", "star")
    assert 'class="pin" href="/calls?view=cut-off"' in olga.get("/calls").content.decode()
    assert 'class="pin"' not in reader.get("/calls").content.decode()
    do(olga, "cut-off", "delete")
    assert "not yours to change" in text(olga.get("/views")) and SavedView.objects.exists()
    do(reader, "cut-off", "delete")
    assert "Deleted “Halved”." in text(reader.get("/views")) and not SavedView.objects.exists()


def test_of_two_editors_on_the_page_the_second_is_told_and_overwrites_nothing(reader):
    keep(reader, q="is:truncated")
    do(reader, "cut-off", "rename", name="First")
    reader.post("/views/cut-off", {"do": "rename", "name": "Second", "version": "1"})
    reader.post("/views/cut-off", {"do": "delete", "version": "١"})
    assert "Somebody changed “First” since" in text(reader.get("/views"))
    assert SavedView.objects.get().name == "First"


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"name": " "}, "a view needs a name"),
        ({"q": "stats:1"}, "There is no key stats:"),
        ({"from": "soon"}, "from takes a time"),
        ({"sort": "document"}, "sort: calls cannot be sorted"),
    ],
)
def test_what_cannot_be_kept_is_said_where_the_form_stood(reader, form, said):
    answer = keep(reader, **{"url": "/calls?q=is:live", **form})
    assert answer["Location"] == "/calls?q=is:live" and not SavedView.objects.exists()
    assert said in text(reader.get("/calls?q=is:live"))


@pytest.mark.parametrize(
    "away", ["https://evil.example", "//evil.example", "javascript:alert(1)", "\\\\evil"]
)
def test_a_form_leads_nowhere_else(reader, away):
    keep(reader)
    assert do(reader, "cut-off", "star", next=away)["Location"] == "/views"


def test_what_a_view_is_called_is_text_on_every_page(reader):
    keep(reader, "<script>alert(1)</script>", star="on", q='"<b>"')
    for url in ("/calls", "/views"):
        page = reader.get(url).content.decode()
        assert "<script>alert" not in page and "<b>" not in page and "&lt;script&gt;" in page


@pytest.mark.parametrize("path", ["/views/cut-off", "/views/nothing"])
def test_what_a_form_cannot_mean_is_not_found(reader, path):
    keep(reader)
    assert reader.post(path, {"do": "explode", "version": "1"}).status_code == 404
    assert reader.get(path).status_code == 405
