"""What readers are told when their statement ran into its timeout."""

import contextlib

import psycopg
import pytest
from django.db import connection

from callstore.base.seldom import Seldom
from dashboard import too_slow
from tests.dashboard.api.problem import problem
from tests.dashboard.costly import costly
from tests.dashboard.documents import put_call

pytestmark = pytest.mark.django_db(transaction=True)

CALLS = "/api/v1/calls"


@pytest.fixture
def short():
    """The connection's statements may take 300 ms, as those of the web process may take 10 s."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = '300ms'")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET statement_timeout")


@contextlib.contextmanager
def held(*tables):
    """Every statement about these tables waits, as behind anything that is slow."""
    with psycopg.connect(**connection.get_connection_params(), autocommit=False) as other:
        other.execute(f"LOCK TABLE {', '.join(tables)} IN ACCESS EXCLUSIVE MODE")
        yield
        other.rollback()


def test_a_query_that_is_too_costly_is_refused_with_its_place_and_how_to_narrow_it(api, request):
    costly(400, 3_000)
    request.getfixturevalue("short")
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = '20ms'")
    q = " OR ".join(f"*z{n}*y*x" for n in range(10))
    body = problem(api.get(CALLS, {"q": q}), 422)
    assert (body["position"], body["length"]) == (0, len(q))
    assert "started:" in body["message"]
    assert body["suggestion"] == f"({q}) started:-24h"
    assert api.get(CALLS, {"q": "is:truncated"}).status_code == 200, "its connection is as good as before"


@pytest.mark.parametrize("path", ["incidents.csv", "incidents.jsonl", "calls"])
def test_every_search_by_api_says_so_of_its_query(api, short, path):
    with held("call"):
        problem(api.get(f"/api/v1/{path}", {"q": "started:-1h word"}), 422)


@pytest.mark.parametrize(
    "path", ["calls", "calls/CA" + "1" * 32, f"calls/CA{'1' * 32}/timeline", "incidents.csv"]
)
def test_where_no_query_is_to_blame_the_answer_is_to_come_again(api, short, path):
    with held("call", "trace_ref"):
        answer = api.get(f"/api/v1/{path}")
    problem(answer, 503)
    assert int(answer["Retry-After"]) > 0


def test_the_list_shows_it_where_a_wrong_query_is_shown(reader, short):
    with held("call"):
        answer = reader.get("/calls", {"q": "booking"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'class="wrong"' in text and "<mark>booking</mark>" in text and "booking started:-24h" in text
    assert 'value="booking"' in text, "it can be changed where it was written"


def test_htmx_gets_only_the_message_of_it(reader, short):
    with held("call"):
        answer = reader.get("/calls", {"q": "booking"}, headers={"hx-request": "true"})
    assert (answer.status_code, answer.headers["hx-retarget"]) == (422, "#wrong")
    assert b"<mark>booking</mark>" in answer.content and b"<table" not in answer.content


def test_the_list_of_everything_is_not_to_blame(reader, short):
    with held("call"):
        answer = reader.get("/calls")
    assert answer.status_code == 503 and int(answer.headers["retry-after"]) > 0
    assert b'class="wrong"' in answer.content and b"wrong-line" not in answer.content


@pytest.mark.parametrize("path", ["/calls/CA" + "1" * 32, f"/calls/CA{'1' * 32}/history?part=1"])
def test_a_page_says_it_in_a_page(reader, short, path):
    with held("call", "trace_ref"):
        answer = reader.get(path)
    assert answer.status_code == 503 and int(answer.headers["retry-after"]) > 0
    text = answer.content.decode()
    assert "<h1>" in text and "Traceback" not in text and "QueryCanceled" not in text


@contextlib.contextmanager
def away():
    """The database ends the connection, as where it is started again."""
    connection.ensure_connection()
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])
    yield
    connection.close()


def test_a_client_is_asked_to_come_again_where_the_database_is_away(api):
    api.raise_request_exception = False
    with away():
        answer = api.get(CALLS, {"q": "booking"})
    assert "Ask again" in problem(answer, 503)["detail"] and int(answer["Retry-After"]) > 0


def test_a_page_says_so_too_though_not_even_the_login_could_be_looked_up(reader):
    reader.raise_request_exception = False
    with away():
        answer = reader.get("/calls")
    assert answer.status_code == 503 and int(answer.headers["retry-after"]) > 0
    assert "<h1>" in answer.content.decode()


def test_the_log_says_once_a_minute_that_it_is_away_and_why_and_holds_no_traceback(
    api, reader, caplog, monkeypatch
):
    monkeypatch.setattr(too_slow, "_seldom", Seldom())
    api.raise_request_exception = reader.raise_request_exception = False
    for _ in range(3):
        with away():
            assert (api.get(CALLS).status_code, reader.get("/calls").status_code) == (503, 503)
    [line] = [one for one in caplog.records if one.levelname == "ERROR"]
    said = line.getMessage()
    assert said.startswith("the database is away, readers are asked to come again (1 times): ")
    assert "terminating connection" in said and not line.exc_info


def test_any_other_failure_of_the_database_stays_what_it_is(reader, short):
    reader.raise_request_exception = False
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE call RENAME TO elsewhere")
    try:
        assert reader.get("/calls").status_code == 500
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE elsewhere RENAME TO call")


def test_what_else_would_be_found_is_counted_for_a_moment_and_no_longer(reader, monkeypatch):
    put_call(child_status="busy")
    costly(400, 3_000)
    monkeypatch.setattr("dashboard.calls.suggestions.COUNT_S", 0.02)
    words = " ".join(f"*z{n}*y*x" for n in range(4))
    answer = reader.get("/calls", {"q": f"status:failed {words}"})
    assert answer.status_code == 200 and b"Without <code>status:failed" not in answer.content
