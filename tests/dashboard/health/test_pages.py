"""The page of ingest health: every part, what can be done there, what is told where a part is not known."""

import re
from html import unescape
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.test import Client

from callstore.eventlog.db.statement import run
from callstore.eventlog.writing.append import append
from callstore.people import accounts
from callstore.people.models import Audit
from callstore.rehearsal.scenarios.scenario import drafts, load
from dashboard.templatetags.numbers import code_words
from tests.served import served

pytestmark = pytest.mark.django_db


def text(answer):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


@pytest.fixture
def admin(db):
    client = Client()
    client.force_login(accounts.make("ada", "admin", None))
    return client


@pytest.fixture
def parked():
    """A call that was set aside: its trace."""
    append(drafts(load("founding_call")))
    [(trace,)] = run("SELECT trace_id FROM log.head ORDER BY trace_id LIMIT 1", [])
    run(
        "UPDATE log.head SET lease = 'infinity', since = now(), version = done + 1, attempts = 5,"
        " error = 'KeyError: x' WHERE trace_id = %s RETURNING 1",
        [trace],
    )
    return trace


def leased(trace):
    [(until,)] = run("SELECT lease::text FROM log.head WHERE trace_id = %s", [trace])
    return until


def test_every_source_has_its_state_and_why(reader):
    page = text(reader.get("/ingest"))
    for said in ("Twilio callbacks", "OpenAI webhook", "Your application", "Observer of AI sessions",
                 "Providers' status pages", "Projection", "Spool", "Observers", "Processes"):  # fmt: skip
        assert said in page
    assert "Nothing has come yet." in page and "No call is set aside." in page


def test_what_was_set_aside_is_tried_again_at_a_press_of_a_button(admin, parked):
    page = text(admin.get("/ingest"))
    assert "1 set aside" in page and "KeyError: x" in page
    assert "Up to date, but for 1 Every other call shows all" in page
    answer = admin.post("/ingest/replay", {"trace": str(parked)}, follow=True)
    assert "1 call will be projected again now." in text(answer)
    assert leased(parked) == "-infinity" and "No call is set aside." in text(answer)
    assert "Nothing is set aside any more." in text(admin.post("/ingest/replay", follow=True))
    assert admin.post("/ingest/replay", {"trace": "x"}).status_code == 400
    one, every = Audit.objects.filter(action="replayed").order_by("id")
    assert (one.by, one.call_id, one.what) == ("ada", parked, {"calls": 1})
    assert (every.call_id, every.what) == (None, {"calls": 0})
    assert "Nothing is set aside" in text(admin.post("/ingest/replay", {"trace": str(uuid4())}, follow=True))


def test_nobody_acts_by_a_link_or_from_another_site_and_only_an_admin_at_all(admin, reader):
    assert admin.get("/ingest/replay").status_code == 405 and admin.get("/ingest/test").status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(User.objects.get(username="ada"))
    for path in ("/ingest/replay", "/ingest/test"):
        assert strict.post(path).status_code == 403
        assert reader.post(path).status_code == 403
        assert Client().post(path)["Location"].startswith("/login/")
    assert "Send a test event" not in text(reader.get("/ingest"))
    assert "Send a test event" in text(admin.get("/ingest"))


def test_the_doctor_is_asked_for_apart_and_without_a_script_by_a_link(reader):
    assert 'hx-get="/ingest/doctor"' in reader.get("/ingest").content.decode()
    assert "examinations" in text(reader.get("/ingest/doctor", headers={"HX-Request": "true"}))
    assert reader.get("/ingest/doctor")["Location"] == "/ingest?doctor#h-doctor"  # by hand: no bare part
    assert "examinations" in text(reader.get("/ingest?doctor"))
    assert code_words("as `no_answer` <b>") == "as <code>no_answer</code> &lt;b&gt;"


def test_a_database_that_is_away_hides_nothing_else(reader, monkeypatch):
    from django.db import OperationalError

    from dashboard.health import state

    def away():
        raise OperationalError("it does not answer")

    for name in ("sources", "backlog", "observers"):
        monkeypatch.setattr(state, name, away)
    page = text(reader.get("/ingest"))
    assert "The database does not answer: how the sources do is not known now." in page
    assert "Spool" in page and "Processes" in page


@pytest.mark.django_db(transaction=True)
def test_a_test_event_goes_through_the_real_door_and_is_shown_with_its_times(tmp_path, admin):
    cookie = f"sessionid={admin.cookies['sessionid'].value}"
    with served(tmp_path, PUBLIC_BASE_URL="http://127.0.0.1:9") as web:
        _, page = web.ask("GET", "/ingest", headers={"Cookie": cookie})
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.decode())[1]
        form = f"csrfmiddlewaretoken={token}".encode()
        headers = {
            "Cookie": f"{cookie}; csrftoken={token}",
            "Content-Type": "application/x-www-form-urlencoded",
            "Host": "127.0.0.1:1",  # where the event goes is not for a header to say
        }
        status, page = web.ask("POST", "/ingest/test", form, headers)
    shown = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.decode()))
    assert status == 200
    assert f"202 Our own door http://127.0.0.1:{web.port}/hooks/app/" in shown
    assert "no answer As senders reach it http://127.0.0.1:9/hooks/app/" in shown and "No answer:" in shown
    assert re.search(r"kept In the log at position \d+ [\d.]+ s after it was sent", shown)
    sent = Audit.objects.get(action="test_event_sent").what
    assert sent["Our own door"] == 202 and sent["As senders reach it"] == "no answer" and sent["position"]
    assert run("SELECT count(*) FROM log.head WHERE trace_id IN (SELECT trace_id FROM log.stream"
               " WHERE subject = 'smoke:app')", []) == [(0,)]  # fmt: skip
