"""Alerts on the pages: made from a view, tried, kept, tested, deleted; for admins; in a real browser."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from playwright.sync_api import expect

from callstore.alerts import keeping
from callstore.alerts.check import check
from callstore.alerts.models import Alert
from callstore.alerts.terms import Terms
from callstore.people import seeds
from callstore.people.models import SavedView
from dashboard.alerts import words
from tests.alerts.test_outbox import receiver
from tests.dashboard.browser import violations
from tests.dashboard.documents import put_call

pytestmark = pytest.mark.django_db

FORM = {"name": "Cut off", "q": "is:truncated", "kind": "count", "count": "2", "enabled": "on"}


@pytest.fixture
def admin(django_user_model):
    client = Client()
    client.force_login(django_user_model.objects.create_user("ada", is_staff=True))
    return client


def test_a_form_that_is_sent_is_kept_and_stands_in_the_form_again(admin):
    sent = {**FORM, "targets": "https://hooks.example.com/a\n", "window_s": "1800", "quiet_s": "900"}
    kept = admin.post("/alerts/new", {**sent, "do": "save"}, follow=True).content.decode()
    alert = Alert.objects.get()
    assert (alert.threshold, alert.window_s, alert.quiet_s, alert.made_by) == (2, 1800, 900, "ada")
    assert "“Cut off” is kept" in kept and "https://hooks.example.com/a</textarea>" in kept


@pytest.mark.browser
def test_a_form_that_is_sent_as_it_was_opened_changes_no_term(page, django_user_model):
    django_user_model.objects.update(is_staff=True)
    told = ["https://hooks.example.com/a"]
    share = Terms("Cut off", "is:truncated", "", "share", 0.25, 7, 1800, 900, told, enabled=False)
    silence = Terms("Silent", source="app_events", kind="silence")
    unsaid = {term for term, by_default in Terms("")._asdict().items() if getattr(share, term) == by_default}
    assert unsaid == {"source"}, "a term that keeps its default would be lost unseen"
    for each in (share, silence):
        alert = keeping.create(each, "ada")
        page.goto(f"/alerts/{alert.id}")
        page.get_by_role("button", name="Save").click()
        page.get_by_text("is kept").wait_for()
        assert keeping.terms(keeping.find(alert.id)) == each._replace(targets=list(each.targets))


def test_a_share_is_written_in_per_cent(admin):
    admin.post("/alerts/new", {**FORM, "kind": "share", "percent": "2.5", "least": "50", "do": "save"})
    alert = Alert.objects.get()
    assert (alert.kind, alert.threshold, alert.least) == ("share", 0.025, 50)


@pytest.mark.parametrize(
    ("said", "wrong"),
    [({"q": "verdikt:x"}, "verdikt"), ({"count": "nan"}, "a number"), ({"name": " "}, "name")],
)
def test_what_cannot_be_kept_is_said_and_nothing_of_the_form_is_lost(admin, said, wrong):
    answer = admin.post("/alerts/new", {**FORM, **said, "do": "save"})
    page = answer.content.decode()
    assert answer.status_code == 422 and "Not kept." in page and wrong in page
    assert not Alert.objects.exists()


def test_a_trial_keeps_nothing_and_says_how_often_it_would_have_told(admin):
    page = admin.post("/alerts/new", {**FORM, "do": "try"}).content.decode()
    assert "it would have told you <strong>0 times</strong>" in page and not Alert.objects.exists()


def test_two_who_change_an_alert_do_not_overwrite_each_other(admin):
    alert = keeping.create(Terms("Cut off", "is:truncated"), "ada")
    admin.post(f"/alerts/{alert.id}", {**FORM, "do": "save", "version": "1"})
    late = admin.post(
        f"/alerts/{alert.id}", {**FORM, "count": "9", "do": "save", "version": "1"}, follow=True
    )
    assert "Somebody changed" in late.content.decode() and Alert.objects.get().threshold == 2


def test_the_button_tells_every_target_at_once_and_says_how_each_took_it(admin):
    dead = "http://127.0.0.1:9/hook"
    with receiver() as (url, received):
        alert = keeping.create(Terms("Cut off", "is:truncated", targets=[url, dead]), "ada")
        told = admin.post(f"/alerts/{alert.id}", {"do": "test"}, follow=True).content.decode()
    assert len(received) == 1 and f"{url} took the test." in told
    assert f"{dead}: the webhook: ConnectError." in told and "given up: the webhook: ConnectError" in told
    keeping.change(alert, keeping.terms(alert)._replace(targets=[]))
    again = admin.post(f"/alerts/{alert.id}", {"do": "test"}, follow=True).content.decode()
    assert "This alert has no target yet." in again


def test_what_an_alert_is_in_is_told_and_one_that_is_asked_no_more_is_not_called_quiet(admin):
    for name, known in {
        "asked": {"checked_at": words.now()},
        "left": {"checked_at": words.now() - timedelta(minutes=4)},
        "fresh": {},
        "broken": {"checked_at": words.now(), "problem": "There is no key gone:"},
        "shut": {"enabled": False, "checked_at": words.now() - timedelta(days=9)},
    }.items():
        made = keeping.create(Terms(name, "is:truncated"), "ada")
        Alert.objects.filter(id=made.id).update(**known)
    page = admin.get("/alerts").content.decode()
    rows = re.findall(r'<a href="/alerts/\d+">(\w+)</a>.*?</svg>([^<]*)</span>', page, re.DOTALL)
    assert dict(rows) == {
        "asked": "Quiet", "left": "Asked no more", "fresh": "Not asked yet", "broken": "Cannot be asked",
        "shut": "Off",
    }  # fmt: skip
    assert "There is no key gone:" in page and "Do beat and worker run?" in page
    left = admin.get(f"/alerts/{Alert.objects.get(name='left').id}").content.decode()
    assert "Asked no more" in left and 'href="/ingest#h-processes"' in left


def test_alerts_are_an_admins_affair(reader, stranger):
    alert = keeping.create(Terms("Cut off", "is:truncated"), "ada")
    for path in ("/alerts", "/alerts/new", f"/alerts/{alert.id}"):
        assert reader.get(path).status_code == 403
        assert stranger.get(path)["Location"].startswith("/login/")
    assert reader.post(f"/alerts/{alert.id}", {"do": "delete", "version": "1"}).status_code == 403
    assert Alert.objects.exists()


@pytest.mark.browser
def test_an_alert_is_made_of_a_view_tried_kept_and_deleted_without_a_rule_broken(page, django_user_model):
    django_user_model.objects.update(is_staff=True)
    seeds.plant(SavedView)
    at = (words.now() - timedelta(minutes=1)).isoformat()  # a window ends with the last whole second
    put_call(started_at=at, ended_at=at, flags=["truncated"], child_status="completed", sip_response_code=200)
    page.goto("/alerts/new?view=clean-but-cut-off")
    page.get_by_label("Number of calls").fill("1")
    page.get_by_role("button", name="Try on the last 7 days").click()
    expect(page.get_by_role("status").filter(has_text="would have told you 1 time")).to_be_visible()
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(re.compile(r"/alerts/\d+$"))
    alert = Alert.objects.get()
    check(words.now())
    for scheme, width in (("light", 1440), ("dark", 320)):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        for path in ("/alerts", "/alerts/new", f"/alerts/{alert.id}"):
            page.goto(path)
            assert violations(page) == "", (scheme, width, path)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (width, path)
    expect(page.get_by_role("heading", level=1)).to_have_text("Clean but cut off")
    expect(page.get_by_text("still firing")).to_be_visible()
    page.get_by_text("Delete", exact=True).click()
    page.get_by_role("button", name="Delete the alert").click()
    expect(page.get_by_text("No alerts yet.")).to_be_visible()
