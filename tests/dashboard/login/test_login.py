"""The door to the pages."""

import re

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client

from tests.dashboard.browser import violations

pytestmark = pytest.mark.django_db


@pytest.fixture
def olga():
    return User.objects.create_user("olga", password="a-long-secret")


def test_the_root_is_the_overview_and_asks_a_stranger_to_log_in(client):
    assert client.get("/").headers["location"] == "/login/?next=/"


def test_a_stranger_is_asked_to_log_in_and_comes_back_to_where_he_was_going(client, olga):
    answer = client.get("/calls?q=is:live")
    assert answer.headers["location"] == "/login/?next=/calls%3Fq%3Dis%3Alive"
    form = client.get(answer.headers["location"])
    assert b'name="next" value="/calls?q=is:live"' in form.content
    credentials = {"username": "olga", "password": "a-long-secret", "next": "/calls?q=is:live"}
    assert client.post("/login/", credentials).headers["location"] == "/calls?q=is:live"
    assert client.get("/calls").status_code == 200


def test_an_htmx_request_whose_session_has_ended_moves_the_whole_page_to_the_login(client):
    answer = client.get("/calls", headers={"hx-request": "true"})
    assert answer.headers["hx-redirect"] == "/login/?next=/calls"


def test_a_login_leads_to_no_other_site(client, olga):
    credentials = {"username": "olga", "password": "a-long-secret", "next": "https://evil.example/"}
    assert client.post("/login/", credentials).headers["location"] == "/calls"


def test_a_wrong_password_is_told_and_the_name_is_kept(client, olga):
    answer = client.post("/login/", {"username": "olga", "password": "wrong"})
    assert b'role="alert"' in answer.content
    assert b'value="olga"' in answer.content


def field(answer, name):
    return re.search(rf'<input id="id_{name}"[^>]*>', answer.content.decode())[0]


def test_what_is_wrong_is_said_at_its_field_in_our_own_words(client, olga):
    wrong = client.post("/login/", {"username": "olga", "password": "wrong"})
    assert b"The user name or the password is not right" in wrong.content
    for name in ("username", "password"):
        assert 'aria-invalid="true" aria-describedby="wrong"' in field(wrong, name)
    empty = client.post("/login/", {"username": "olga", "password": ""})
    assert b"Enter your password." in empty.content
    assert "aria-invalid" in field(empty, "password")
    assert "aria-invalid" not in field(empty, "username")
    assert "aria-invalid" not in field(client.get("/login/"), "username")


def test_logging_out_takes_a_post(client, olga):
    client.force_login(olga)
    assert client.get("/logout/").status_code == 405
    assert client.get("/calls").status_code == 200
    assert client.post("/logout/").headers["location"] == "/login/"
    assert client.get("/calls").status_code == 302


def test_a_form_without_its_token_is_refused_calmly(olga):
    answer = Client(enforce_csrf_checks=True).post("/login/", {"username": "olga"})
    assert answer.status_code == 403
    assert b"Please try again" in answer.content


def test_an_address_that_nothing_has_is_told_with_a_way_back(client):
    answer = client.get("/nowhere")
    assert answer.status_code == 404
    assert b'href="/calls"' in answer.content


def test_an_error_of_ours_is_told_without_its_trace(client, monkeypatch):
    def broken(*_):
        raise RuntimeError("a secret of ours")

    client.force_login(User.objects.create_user("otto"))
    monkeypatch.setattr("dashboard.calls.pages.listing", broken)
    client.raise_request_exception = False
    answer = client.get("/calls")
    assert answer.status_code == 500
    assert b"No call is lost" in answer.content
    assert b"secret" not in answer.content


def test_a_host_that_is_not_ours_is_refused_with_a_page(client):
    answer = client.get("/calls", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert b"makes no sense" in answer.content


@pytest.mark.browser
def test_a_person_logs_in_and_out(page, live_server):
    page.context.clear_cookies()
    User.objects.create_user("otto", password="a-long-secret")
    page.goto("/calls")
    assert violations(page) == ""
    page.get_by_label("User name").fill("otto")
    page.get_by_label("Password").fill("a-long-secret")
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/calls")
    page.get_by_role("button", name="Log out").click()
    page.wait_for_url("**/login/")


@pytest.mark.browser
def test_the_theme_is_the_systems_until_somebody_chooses(page):
    page.emulate_media(color_scheme="dark")
    page.goto("/calls")
    assert page.locator("html").get_attribute("data-theme") == "dark"
    page.get_by_role("button", name="Switch between light and dark").click()
    assert page.locator("html").get_attribute("data-theme") == "light"
    page.reload()
    assert page.locator("html").get_attribute("data-theme") == "light"


def test_a_session_that_somebody_chose_for_me_is_not_the_one_i_get(client, olga):
    planted = SessionStore()
    planted["next"] = "/calls"
    planted.save()
    client.cookies["sessionid"] = key = planted.session_key
    client.post("/login/", {"username": "olga", "password": "a-long-secret"})
    assert client.cookies["sessionid"].value not in ("", key)
    thief = Client()
    thief.cookies["sessionid"] = key
    assert client.get("/calls").status_code == 200 and thief.get("/calls").status_code == 302
