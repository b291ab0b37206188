"""The pages of settings: people, tokens, the audit and one's own password, by form and in a browser."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import expect

from callstore.base import valkey
from callstore.people import accounts, audit, tokens
from callstore.people.models import Audit
from callstore.people.who import role_of
from dashboard.access.principal import SIGNED_IN_AT
from dashboard.settings.audit import SAYS
from tests.dashboard.browser import violations
from tests.dashboard.settings.test_webhooks import with_a_dead_letter

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_has_tried():
    if counts := valkey.valkey().keys("callstore:login:*"):
        valkey.valkey().delete(*counts)


@pytest.fixture
def admin():
    client = Client()
    client.force_login(accounts.make("ada", "admin", "a-long-secret-of-hers"))
    return client


def secret(answer):
    assert answer.headers["Cache-Control"].count("no-store"), "what is shown once is kept by nobody"
    return re.search(r'aria-label="Shown once">([^<]+)<', answer.content.decode())[1]


def test_a_login_is_made_with_a_password_shown_once_that_lets_in(admin):
    password = secret(admin.post("/settings/users", {"name": "olga", "role": "analyst"}))
    assert password not in admin.get("/settings/users").content.decode()
    assert Client().login(username="olga", password=password)
    assert role_of(User.objects.get(username="olga")) == "analyst"
    again = admin.post("/settings/users", {"name": "olga", "role": "viewer"})
    assert again.status_code == 422 and b"already" in again.content


def test_who_is_shut_out_or_given_a_new_password_is_logged_out_everywhere(admin):
    user = accounts.make("olga", "viewer", "a-long-secret-of-hers")
    for act in ("reset", "shut"):
        theirs = Client()
        theirs.force_login(User.objects.get(pk=user.pk))
        assert theirs.get("/calls").status_code == 200
        answer = admin.post(f"/settings/users/{user.pk}", {"do": act})
        assert answer.status_code == 200 and theirs.get("/calls").status_code == 302
    admin.post(f"/settings/users/{user.pk}", {"do": "open"})
    admin.post(f"/settings/users/{user.pk}", {"do": "role", "role": "analyst"})
    changes = [each.what["change"] for each in Audit.objects.filter(action="user_changed").order_by("id")]
    assert changes == ["password reset", "shut", "opened", "role"]
    assert admin.post(f"/settings/users/{user.pk}", {"do": "nonsense"}).status_code == 404


def test_an_admin_neither_shuts_himself_out_nor_leaves_nobody(admin):
    ada = User.objects.get(username="ada")
    for act in ({"do": "shut"}, {"do": "reset"}, {"do": "role", "role": "viewer"}):
        assert admin.post(f"/settings/users/{ada.pk}", act).status_code == 422
    assert admin.get("/settings/users").status_code == 200


def test_a_token_is_made_shown_once_and_revoked(admin):
    given = {"name": "nightly", "scope": "read", "days": "90"}
    text = secret(admin.post("/settings/tokens", given))
    page = admin.get("/settings/tokens").content.decode()
    assert text not in page and text[:14] in page
    api = Client(headers={"authorization": f"Bearer {text}"})
    assert api.get("/api/v1/calls").status_code == 200
    token = tokens.everything()[0]
    assert admin.post(f"/settings/tokens/{token.pk}/revoke").status_code == 200
    assert api.get("/api/v1/calls").status_code == 401
    assert admin.post(f"/settings/tokens/{token.pk}/revoke").status_code == 404
    for wrong in ({**given, "days": "7"}, {**given, "name": ""}, {**given, "scope": "operator"}):
        assert admin.post("/settings/tokens", wrong).status_code == 422
    made, revoked = Audit.objects.filter(action__startswith="token").order_by("id")
    assert (made.by, made.what["token"], revoked.action) == ("ada", "nightly", "token_revoked")
    assert text not in str([made.what, revoked.what])


def test_the_audit_is_filtered_and_turned_a_page_at_a_time(admin):
    assert set(SAYS) == set(audit.ACTIONS)
    for _ in range(60):
        audit.record("olga", "exported", rows=3)
    first = admin.get("/settings/audit", {"by": "olga", "action": "exported"}).content.decode()
    older = re.search(r'href="(/settings/audit\?[^"]*before=\d+)"', first)[1].replace("&amp;", "&")
    rest = admin.get(older).content.decode()
    assert (first.count("<td>Exported</td>"), rest.count("<td>Exported</td>")) == (50, 10)
    assert b"No call has the id" in admin.get("/settings/audit", {"call": "CAnone"}).content
    assert b"Nothing of that kind" in admin.get("/settings/audit", {"by": "nobody"}).content
    for odd in ({"before": "x"}, {"before": "9" * 30}, {"by": "a\0b", "call": "\0"}, {"action": "x"}):
        assert admin.get("/settings/audit", odd).status_code == 200


def change(client, old, new="another-long-secret"):
    given = {"old_password": old, "new_password1": new, "new_password2": new}
    return client.post("/settings/password", given)


def test_a_password_is_changed_and_ends_every_other_session():
    olga = accounts.make("olga", "viewer", "a-long-secret-of-hers")
    here, there = Client(), Client()
    for client in (here, there):
        client.force_login(olga)
    assert change(here, "wrong").status_code == 200
    short = change(here, "a-long-secret-of-hers", "short")
    assert b'role="alert"' in short.content and there.get("/calls").status_code == 200
    assert b"is changed" in change(here, "a-long-secret-of-hers").content
    assert here.get("/calls").status_code == 200 and there.get("/calls").status_code == 302


def test_guessing_the_old_password_is_stopped_as_at_the_login():
    client = Client()
    client.force_login(accounts.make("olga", "viewer", "a-long-secret-of-hers"))
    answers = [change(client, "wrong").status_code for _ in range(11)]
    assert answers == [200] * 10 + [429]
    assert change(client, "a-long-secret-of-hers").status_code == 429


def test_a_session_ends_a_week_after_its_sign_in_however_much_it_is_used(settings):
    client = Client()
    client.force_login(accounts.make("olga", "viewer", None))
    assert client.get("/calls").status_code == 200
    session = client.session
    session[SIGNED_IN_AT] -= settings.SESSION_COOKIE_AGE + 1
    session.save()
    assert client.get("/calls").status_code == 302 and client.get("/api/v1/calls").status_code == 401


def test_signing_in_changes_the_sessions_key_and_both_ways_are_entered():
    accounts.make("olga", "viewer", "a-long-secret-of-hers")
    client = Client()
    client.get("/login/")
    client.post("/login/", {"username": "olga", "password": "wrong"})
    client.post("/login/", {"username": "a-password-in-the-wrong-field", "password": "x"})
    client.post("/login/", {"username": "olga", "password": "a-long-secret-of-hers"})
    entries = [(each.action, each.what.get("name")) for each in Audit.objects.order_by("id")]
    assert entries == [("sign_in_refused", "olga"), ("sign_in_refused", None), ("signed_in", "olga")]
    cookie = client.cookies["sessionid"]
    assert cookie["httponly"] and cookie["samesite"] == "Lax"


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_an_admin_makes_and_revokes_by_keyboard_and_every_page_passes_axe(page):
    accounts.make("ada", "admin", None)
    page.goto("/settings/users")
    expect(page.get_by_role("heading")).to_have_text("You may not see this")
    expect(page.locator("main")).to_contain_text("Ask ada")
    accounts.give_role(User.objects.get(username="olga"), "admin")
    accounts.make("otto", "viewer", None)
    with_a_dead_letter()
    page.goto("/settings/webhooks")
    assert violations(page) == ""
    page.goto("/settings/tokens")
    page.get_by_label("Name, by which").fill("nightly")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("shown once")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy").press("Enter")
    expect(page.locator("[data-copy-told]")).to_have_text("Copied.")
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#secret").text_content()
    assert violations(page) == ""
    page.locator("summary", has_text="Revoke").press("Enter")
    page.get_by_role("button", name="For good").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("nightly is revoked")
    page.set_viewport_size({"width": 320, "height": 800})
    for path in ("audit", "users", "tokens", "password", "webhooks"):
        page.goto(f"/settings/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
        assert violations(page) == "", path
