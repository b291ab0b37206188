"""Sign-in by OpenID Connect, at a provider from a package that listens on loopback."""

import re
import socket
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.contrib.sessions.models import Session
from django.test import Client
from oidc_provider_mock import run_server_in_thread

from callstore.base import valkey
from callstore.people.models import Audit, Identity
from callstore.people.who import role_of
from dashboard.login import oidc
from tests.served import free_port

pytestmark = [
    pytest.mark.django_db,
    # The provider's package uses Authlib's old ways.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]
OURS = "http://testserver/login/oidc/callback"


@pytest.fixture(scope="module")
def provider():
    with run_server_in_thread() as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture(autouse=True)
def signed_in_by_it(settings, provider):
    settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID = provider, "callstore"
    settings.OIDC_CLIENT_SECRET = "secret"
    ours = "dashboard.login.backends.ProviderUsers"
    settings.AUTHENTICATION_BACKENDS = [*settings.AUTHENTICATION_BACKENDS, ours]
    oidc._client.cache_clear()
    if counts := valkey.valkey().keys("callstore:login:*"):
        valkey.valkey().delete(*counts)


def begun(client, there="/calls?q=is:live"):
    """Where the provider is asked, with what."""
    answer = client.get("/login/oidc", {"next": there})
    assert answer.status_code == 302, answer.content
    return answer.headers["location"]


def came_back(asked, subject):
    """The path that the provider leads somebody back to, who has signed in there."""
    answer = httpx.post(asked, data={"sub": subject})
    assert answer.status_code == 302, answer.text
    back = answer.headers["location"]
    assert back.startswith(OURS)
    return back.removeprefix("http://testserver")


def test_a_person_signs_in_and_comes_to_where_she_was_going(client):
    asked = begun(client)
    sent = parse_qs(urlsplit(asked).query)
    assert (
        sent["code_challenge_method"] == ["S256"]
        and sent["code_challenge"]
        and sent["state"]
        and sent["nonce"]
    )
    before = client.session.session_key
    answer = client.get(came_back(asked, "olga"))
    assert answer.headers["location"] == "/calls?q=is:live"
    assert client.session.session_key != before
    assert client.get("/calls").status_code == 200
    identity = Identity.objects.get()
    assert identity.subject == "olga" and role_of(identity.user) == "viewer"
    assert not identity.user.has_usable_password()
    assert Audit.objects.get(action="signed_in").what["by"] == "OpenID Connect"


def test_the_same_person_is_the_same_user_and_nobody_takes_anothers_name(client):
    User.objects.create_superuser("olga")
    for _ in range(2):
        again = Client()
        again.get(came_back(begun(again), "olga"))
    assert Identity.objects.count() == 1
    user = Identity.objects.get().user
    assert user.username != "olga" and role_of(user) == "viewer"


def test_an_answer_that_this_session_did_not_ask_for_is_refused(client):
    stolen = came_back(begun(Client()), "olga")
    mine = came_back(begun(client), "olga")
    tried = [
        client.get(stolen),  # another session's state and code
        client.get(re.sub(r"code=[^&]*", "code=made-up", mine)),
        client.get(re.sub(r"state=[^&]*", "state=made-up", mine)),
        client.get("/login/oidc/callback"),
        client.get("/login/oidc/callback?error=access_denied"),
    ]
    assert {answer.status_code for answer in tried} == {403}
    assert b"did not let you in" in tried[0].content and b'name="username"' in tried[0].content
    assert not User.objects.exists() and client.get("/calls").status_code == 302
    assert Audit.objects.filter(action="sign_in_refused").count() == 5


def test_an_answer_counts_once(client):
    back = came_back(begun(client), "olga")
    assert client.get(back).status_code == 302
    other = Client()
    assert other.get(back).status_code == 403 and other.get("/calls").status_code == 302


def test_an_id_token_of_another_nonce_is_refused(client):
    back = came_back(begun(client), "olga")
    session = client.session
    [state] = [key for key, _ in session.items() if key.startswith("_state_")]
    session[state]["data"]["nonce"] = "another"
    session.save()
    assert client.get(back).status_code == 403 and not User.objects.exists()


def test_a_provider_that_calls_itself_otherwise_is_refused(client):
    back = came_back(begun(client), "olga")
    oidc._provider().server_metadata["issuer"] = "https://another.example"
    assert client.get(back).status_code == 403 and not User.objects.exists()


def test_who_was_shut_out_stays_out(client):
    client.get(came_back(begun(client), "olga"))
    User.objects.update(is_active=False)
    assert client.get("/calls").status_code == 302
    again = Client()
    assert again.get(came_back(begun(again), "olga")).status_code == 403


def test_a_provider_that_is_away_is_told_and_passwords_go_on(client, settings):
    settings.OIDC_ISSUER = f"http://localhost:{free_port()}"
    answer = client.get("/login/oidc")
    assert answer.status_code == 503 and b"does not answer" in answer.content
    assert b'name="password"' in answer.content


def test_a_stranger_fills_neither_the_audit_nor_the_sessions():
    answers = [Client().get("/login/oidc/callback?code=x&state=y") for _ in range(12)]
    assert [answer.status_code for answer in answers] == [403] * 10 + [429] * 2
    assert int(answers[-1]["Retry-After"]) > 0 and b"Too many attempts" in answers[-1].content
    assert Audit.objects.filter(action="sign_in_refused").count() == 10
    begun = [Client().get("/login/oidc").status_code for _ in range(62)]
    assert begun == [302] * 60 + [429] * 2 and Session.objects.count() == 60


def test_a_provider_that_is_away_is_no_refusal_of_anybody(client, settings):
    settings.OIDC_ISSUER = f"http://localhost:{free_port()}"
    assert client.get("/login/oidc").status_code == 503 and not Audit.objects.exists()


def test_a_provider_that_hangs_holds_two_pages_at_most(settings, rf):
    with socket.create_server(("127.0.0.1", 0), backlog=20) as silent, ThreadPoolExecutor(6) as people:
        settings.OIDC_ISSUER = f"http://127.0.0.1:{silent.getsockname()[1]}"
        began = time.monotonic()
        waiting = [people.submit(_answered, rf.get("/login/oidc")) for _ in range(6)]
        told = sorted((done.result(), time.monotonic() - began) for done in as_completed(waiting))
    assert [status for status, _ in told] == [503] * 6
    assert sum(took > 3 for _, took in told) == 2, told


def _answered(request):
    request.session, request.user = {}, AnonymousUser()
    return oidc.begin(request).status_code


def test_it_leads_to_no_other_site(client):
    answer = client.get(came_back(begun(client, "https://evil.example/"), "olga"))
    assert answer.headers["location"] == "/calls"


def test_the_login_page_offers_it_where_it_is_set_up_alone(client, settings):
    assert b"/login/oidc?next=/calls" in client.get("/login/?next=/calls").content
    settings.OIDC_ISSUER = ""
    assert b"OpenID" not in client.get("/login/").content and client.get("/login/oidc").status_code == 404
