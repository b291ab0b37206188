"""The review panel: forms that work without a script, and tell of what others did."""

import re

import pytest

from callstore.people.review import Change
from callstore.projection import projector, queries
from callstore.projection.review import decisions
from tests.projection.facts import keep, sid, status

pytestmark = pytest.mark.django_db


@pytest.fixture
def leg():
    leg = sid()
    projector.project(keep(status(leg, "in-progress"), status(leg, "completed", at=60)))
    return leg


def words(answer):
    return " ".join(re.sub(r"<[^>]*>", " ", answer.content.decode()).split())


def version(reader, leg):
    return re.search(r'name="version" value="(\d+)"', reader.get(f"/calls/{leg}").content.decode())[1]


def save(reader, leg, **form):
    form = {"version": version(reader, leg), "state": "new", "assignee": "", "tags": "", **form}
    return reader.post(f"/calls/{leg}/review", form)


def test_a_form_decides_and_leads_back_to_the_call(reader, leg):
    answer = save(reader, leg, state="confirmed", assignee="otto", tags="billing, week 48,")
    assert answer.status_code == 302 and answer.url.endswith("#review")
    call = queries.find(leg)
    assert (call["review_state"], call["assignee"], call["tags"]) == (
        "confirmed", "otto", ["billing", "week 48"],
    )  # fmt: skip
    page = words(reader.get(f"/calls/{leg}"))
    assert "Confirmed assigned to otto" in page
    assert "otto New → Confirmed; assigned to otto; + billing; + week 48" in page


def test_a_form_against_an_older_state_says_who_changed_it_and_keeps_what_was_typed(reader, leg):
    seen = version(reader, leg)
    decisions.decide(leg, Change(state="investigating", assignee="otto"), "ada")
    answer = save(reader, leg, version=seen, state="resolved", tags="mine")
    assert answer.status_code == 409
    assert re.search(r"Changed by ada \d+ s ago: it is Investigating, assigned to otto\.", words(answer))
    page = answer.content.decode()
    assert '<option value="resolved" selected>' in page and 'value="mine"' in page
    assert queries.find(leg)["review_state"] == "investigating"
    assert save(reader, leg, state="resolved").status_code == 302


def test_htmx_gets_the_panel_alone_with_what_was_done(reader, leg):
    answer = reader.post(f"/calls/{leg}/review", {"vote": "agrees"}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert answer.content.decode().lstrip().startswith("<section")
    assert "You agree." in words(answer)
    assert "people agreed in 1 of 1 vote" in words(answer)
    assert 'value="withdrawn" aria-pressed="true"' in answer.content.decode()


@pytest.mark.parametrize(
    ("at", "second"), [("", None), ("12.5", 12.5), ("0:45", 45), ("1:05,2", 65.2), ("1:00:01", 3601)]
)
def test_a_note_is_written_at_a_moment_and_shown_on_the_next_request(reader, leg, at, second):
    assert reader.post(f"/calls/{leg}/notes", {"text": "Cut off\nhere", "at": at}).status_code == 302
    [note] = queries.notes(queries.find(leg))
    assert (note["at_s"], note["by"]) == (second, "otto")
    assert "Cut off here otto" in words(reader.get(f"/calls/{leg}"))


@pytest.mark.parametrize(
    ("path", "form", "says"),
    [
        ("notes", {"text": "half a thought", "at": "soon"}, "Write the moment as"),
        ("notes", {"text": " ", "at": ""}, "A note has 1 to 2,000 characters"),
        ("review", {"state": "done"}, "none of the states"),
        ("review", {"state": "new", "assignee": "nobody-there"}, "No login has the name"),
        ("review", {"state": "new", "tags": "x" * 41}, "at most 40 characters"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_typed_is_lost(reader, leg, path, form, says):
    answer = reader.post(f"/calls/{leg}/{path}", form)
    assert answer.status_code == 422 and says in words(answer)
    assert form.get("text", "").strip() in words(answer)
    assert decisions.find(leg).history == []


def test_a_note_is_text_and_never_markup(reader, leg):
    reader.post(f"/calls/{leg}/notes", {"text": "<script>alert(1)</script>", "at": ""})
    page = reader.get(f"/calls/{leg}").content.decode()
    assert "&lt;script&gt;alert(1)" in page and "<script>alert(1)" not in page


def test_strangers_and_calls_that_are_not_there(client, reader, leg, stranger):
    assert stranger.post(f"/calls/{leg}/review", {"state": "confirmed"}).status_code == 302
    assert stranger.post(f"/calls/{leg}/notes", {"text": "x"}).url.startswith("/login")
    assert decisions.find(leg).history == []
    assert reader.post(f"/calls/{sid()}/review", {"state": "confirmed"}).status_code == 404
