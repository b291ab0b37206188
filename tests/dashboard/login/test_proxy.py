"""Sign-in by a trusted proxy's header, and by nobody else's."""

from ipaddress import ip_network

import pytest
from django.contrib.auth.models import User
from django.test import Client

from callstore.people.models import Audit
from callstore.people.who import role_of

pytestmark = pytest.mark.django_db
PROXY, STRANGER = "10.1.2.3", "198.51.100.7"


@pytest.fixture(autouse=True)
def behind_a_proxy(settings):
    settings.REMOTE_USER_HEADER = "X-Remote-User"
    settings.TRUSTED_PROXIES = [ip_network("10.0.0.0/8")]
    ours = "dashboard.login.backends.ProxyUsers"
    settings.AUTHENTICATION_BACKENDS = [*settings.AUTHENTICATION_BACKENDS, ours]


def test_whom_the_proxy_names_is_signed_in_and_is_a_viewer_at_first():
    client = Client(REMOTE_ADDR=PROXY)
    assert client.get("/calls", headers={"x-remote-user": "olga@example.com"}).status_code == 200
    olga = User.objects.get(username="olga@example.com")
    assert role_of(olga) == "viewer" and not olga.has_usable_password()
    entry = Audit.objects.get(action="signed_in")
    assert (entry.by, entry.what["by"]) == ("olga@example.com", "proxy")


@pytest.mark.parametrize("address", [STRANGER, "", "::1", "not an address"])
def test_of_anybody_else_the_header_is_worth_nothing(address):
    User.objects.create_superuser("olga")
    asked = {"x-remote-user": "olga", "x-forwarded-for": PROXY}
    assert Client(REMOTE_ADDR=address).get("/calls", headers=asked).status_code == 302
    assert Client(REMOTE_ADDR=address).get("/api/v1/calls", headers=asked).status_code == 401


def test_who_is_named_no_more_or_is_another_is_no_longer_the_first():
    client = Client(REMOTE_ADDR=PROXY)
    for name in ("olga", "otto"):
        assert f"{name}<" in client.get("/calls", headers={"x-remote-user": name}).content.decode()
    assert client.get("/calls").status_code == 302
    client.get("/calls", headers={"x-remote-user": "olga"})
    client.defaults["REMOTE_ADDR"] = STRANGER  # the cookie alone, past the proxy
    assert client.get("/calls").status_code == 302


@pytest.mark.parametrize("name", ["", " ", "a b", "x" * 151, "<script>", "a,b"])
def test_what_can_be_no_name_signs_nobody_in(name):
    assert Client(REMOTE_ADDR=PROXY).get("/calls", headers={"x-remote-user": name}).status_code == 302
    assert not User.objects.exists()


def test_who_is_shut_out_is_shut_out_for_the_proxy_too():
    User.objects.create_user("olga", is_active=False)
    assert Client(REMOTE_ADDR=PROXY).get("/calls", headers={"x-remote-user": "olga"}).status_code == 302
