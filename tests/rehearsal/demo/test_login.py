"""The login that everybody knows ends with the demo, and so does every session that it opened."""

import pytest
from django.contrib.auth import authenticate, get_user_model
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.test import Client

from callstore.base import valkey
from callstore.rehearsal.demo import login

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_tried():
    """No login was tried yet from this address, in whatever test."""
    if counts := valkey.valkey().keys("callstore:login:*"):
        valkey.valkey().delete(*counts)


CREDENTIALS = {"username": "demo", "password": "demo"}
OUT_OF_DEMO = ["dashboard.login.backends.Passwords"]


@pytest.fixture
def demo():
    login.open_login()
    return get_user_model().objects.get(username="demo")


@pytest.fixture
def visitor(demo):
    """Who logged in while the demo ran."""
    visitor = Client()
    assert visitor.post("/login/", CREDENTIALS).headers["location"] == "/calls"
    return visitor


@pytest.fixture
def prepared(demo, visitor, settings):
    """`prepare` after the demo, and a web process that serves none."""
    settings.DEMO = False
    settings.AUTHENTICATION_BACKENDS = OUT_OF_DEMO
    call_command("prepare")
    demo.refresh_from_db()
    return demo


def test_after_the_demo_the_user_is_shut_and_his_sessions_are_gone(prepared):
    assert (prepared.is_active, prepared.has_usable_password()) == (False, False)
    assert Session.objects.count() == 0


def test_after_the_demo_nobody_comes_in(prepared, visitor):
    assert visitor.get("/calls").status_code == 302
    assert Client().post("/login/", CREDENTIALS).status_code == 200


def test_a_process_without_demo_takes_neither_login_nor_session_where_nobody_prepared(visitor, settings):
    settings.AUTHENTICATION_BACKENDS = OUT_OF_DEMO
    assert visitor.get("/calls").status_code == 302
    assert Client().post("/login/", CREDENTIALS).status_code == 200
    assert authenticate(None, **CREDENTIALS) is None


def test_others_sessions_stay(settings):
    settings.DEMO = False
    settings.AUTHENTICATION_BACKENDS = OUT_OF_DEMO
    get_user_model().objects.create_user("olga", password="a-long-secret")
    login.open_login()
    olga = Client()
    olga.post("/login/", {"username": "olga", "password": "a-long-secret"})
    call_command("prepare")
    assert olga.get("/calls").status_code == 200


def test_somebody_who_is_called_demo_and_has_a_password_of_his_own_stays(settings):
    settings.DEMO = False
    settings.AUTHENTICATION_BACKENDS = OUT_OF_DEMO
    get_user_model().objects.create_user("demo", password="a-secret-of-his-own")
    call_command("prepare")
    assert authenticate(None, username="demo", password="a-secret-of-his-own").is_active


def test_the_next_demo_has_its_login_again(prepared, settings):
    settings.AUTHENTICATION_BACKENDS = ["dashboard.login.backends.DemoPasswords"]
    login.open_login()
    assert Client().post("/login/", CREDENTIALS).headers["location"] == "/calls"
