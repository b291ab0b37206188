"""The one table of permissions, walked: every path and verb with each role, each scope and a stranger."""

from typing import NamedTuple

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import URLResolver, get_resolver

from callstore.people import accounts, tokens
from callstore.people.who import MADE_SCOPES, ROLES
from dashboard.access import table
from dashboard.access.table import HOLDERS, ROWS
from dashboard.api.routes import api as calls_api

pytestmark = pytest.mark.django_db
VERBS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
EXAMPLES = {
    "<str:id>": "CA" + "0" * 32, "<id>": "CA" + "0" * 32, "<recording>": "RE" + "0" * 32,
    "<int:position>": "1", "<str:slug>": "nothing", "<slug>": "nothing", "<path:anything>": "nowhere",
    "<int:id>": "999999999", "<str:token>": "nothing", "<token>": "nothing", "<int:user>": "1",
    "<uuid:share>": "00000000-0000-0000-0000-000000000000", "<str:recording>": "RE0",
}  # fmt: skip


class Asker(NamedTuple):
    """Who asks, and what he has."""

    client: Client
    role: str | None = None
    scope: str | None = None


@pytest.fixture
def askers(settings):
    settings.API_TOKENS = ["a-token-of-the-settings"]
    found = {"stranger": Asker(Client())}
    for role in ROLES:
        client = Client()
        client.force_login(accounts.make(role, role, None))
        found[role] = Asker(client, role=role)
    for scope in MADE_SCOPES:
        text = tokens.make(scope, scope, "a test").text
        found[f"token:{scope}"] = Asker(bearer(text), scope=scope)
    found["operator"] = Asker(bearer(settings.API_TOKENS[0]), scope="operator")
    found["made up"] = Asker(bearer("cs_read_made-up"))
    return found


def bearer(text):
    return Client(headers={"authorization": f"Bearer {text}"})


def routes(patterns=None, prefix=""):
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        here = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, here)
        else:
            yield here


def path(route):
    for written, example in EXAMPLES.items():
        route = route.replace(written, example)
    assert "<" not in route, f"give an example of what stands in {route}"
    return f"/{route}"


def test_every_path_of_the_resolver_has_a_row_and_every_row_a_path():
    own_proof = {route for route in routes() if route.startswith(table.PROVE_THEMSELVES)}
    assert {*routes()} - own_proof == ROWS.keys()


def test_every_operation_of_the_api_has_its_verb_in_the_table_and_no_verb_is_without_one():
    described = calls_api.get_openapi_schema()["paths"]
    operations = {
        (route[1:].replace("{", "<").replace("}", ">"), verb.upper())
        for route, verbs in described.items()
        for verb in verbs
    }
    hidden = {"api/v1/", "api/v1/docs", "api/v1/openapi.json", "api/v1/<path:anything>"}
    assert operations == {(route, verb) for route in table.API.keys() - hidden for verb in table.API[route]}


def test_who_may_gets_in_and_nobody_else(askers):
    assert [wrong for route in ROWS for wrong in wrongs(route, askers)] == []


def wrongs(route, askers):
    """Every answer at a route that is none of what the table promises."""
    for verb in VERBS:
        if verb == "HEAD" and route.startswith("api/"):
            continue  # but sound, the API has none
        permission = ROWS[route].get("GET" if verb == "HEAD" else verb)
        everybody = permission in (None, "open")
        for name, asker in askers.items():
            if everybody and name not in ("stranger", "viewer"):
                continue  # whoever one is, it is the same answer
            if asker.role and route == "logout/":
                asker.client.force_login(User.objects.get(username=asker.role))
            answer = asker.client.generic(verb, path(route))
            if answer.streaming and not answer.is_async:
                answer.getvalue()  # an export that nobody reads to its end is closed in another test
            expected = promised(route, permission, asker)
            if kind(answer) != expected:
                yield route, verb, name, kind(answer), answer.status_code, f"not {expected}"


def promised(route, permission, asker):
    if permission is None:
        return "no such method"
    holders, by_api = HOLDERS.get(permission), route.startswith("api/")
    if holders is None or asker.role in holders.roles or (by_api and asker.scope in holders.scopes):
        return "let in"
    if asker.role or (asker.scope and by_api):
        return "refused"
    return "unknown" if by_api or route in table.BY_SCRIPT else "to log in"


def kind(answer):
    if answer.headers.get("Location", "").startswith("/login/?next="):
        return "to log in"
    return {401: "unknown", 403: "refused", 405: "no such method"}.get(answer.status_code, "let in")


def test_a_path_that_nobody_thought_of_is_refused_to_all(askers, monkeypatch, caplog):
    monkeypatch.delitem(table.ROWS, "calls")
    assert {asker.client.get("/calls").status_code for asker in askers.values()} == {403}
    assert "in no row" in caplog.text


def test_a_page_that_is_refused_says_who_one_is_and_whom_to_ask(askers, monkeypatch):
    monkeypatch.setitem(table.ROWS, "calls", table.ADMINISTER)
    said = askers["viewer"].client.get("/calls").content.decode()
    assert "You may not see this" in said and "<b>viewer</b>, a viewer" in said and "<b>admin</b>" in said


def test_a_refusal_of_the_api_is_a_problem_that_names_what_it_takes(askers):
    answer = askers["token:advice"].client.get("/api/v1/calls")
    assert answer.status_code == 403 and "`read`" in answer.json()["detail"]
