"""Many calls of the list reviewed at once, without a script."""

import re

import pytest

from callstore.people.models import Bulk
from callstore.projection.models import CallRow
from tests.dashboard.calls.listed import CUT_OFF, body, put

pytestmark = pytest.mark.django_db
# Each a call of its own: with the same leg they would be one.
CUT = {name: value for name, value in CUT_OFF.items() if not name.endswith("_sid")}


def act(reader, **form):
    form = {"which": "marked", "q": "", "next": "/calls?q=is:truncated", "state": "", "assignee": "", **form}
    answer = reader.post("/calls/bulk", form)
    assert answer.status_code == 302
    return answer


def states():
    return sorted(CallRow.objects.values_list("review_state", flat=True))


def test_marked_calls_are_changed_and_the_list_says_so(reader):
    first, second, _ = (str(put(minute, **CUT)) for minute in range(3))
    answer = act(reader, ids=[first, second], state="confirmed", assignee="=otto", tags_add="week 48, x")
    assert answer.url == "/calls?q=is:truncated"
    assert states() == ["confirmed", "confirmed", "new"]
    page = reader.get(answer.url).content.decode()
    assert "2 of 2 calls changed." in page
    assert re.search(r'data-term="review:confirmed">Confirmed · otto</a>', page)
    assert "2 of 2 calls changed." not in body(reader, q="is:truncated")


def test_all_that_match_are_changed_beyond_the_page(reader):
    for minute in range(60):
        put(minute, **CUT)
    put(61, verdict="natural_end")
    act(reader, which="all", q="is:truncated", state="investigating", assignee="-")
    assert states().count("investigating") == 60 and states().count("new") == 1
    assert Bulk.objects.get().calls == 60


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"state": "confirmed"}, "No call is marked"),
        ({"which": "all"}, "changes nothing"),
        ({"which": "all", "q": "statsu:x", "state": "confirmed"}, "There is no key statsu:"),
        ({"which": "all", "state": "confirmed", "assignee": "=nobody-there"}, "No login has the name"),
        ({"which": "all", "tags_add": "x" * 41}, "at most 40 characters"),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(reader, form, says):
    put(**CUT)
    page = reader.get(act(reader, **form).url).content.decode()
    assert says in page and states() == ["new"]


@pytest.mark.parametrize("address", ["https://evil.example/calls", "//evil.example", "/logout/", ""])
def test_a_form_leads_to_the_list_and_nowhere_else(reader, address):
    assert act(reader, next=address).url == "/calls"


def test_a_row_can_be_marked_and_shows_whose_it_is(reader):
    call = str(put(**CUT))
    page = body(reader)
    assert f'<input type="checkbox" form="marked" name="ids" value="{call}">' in page
    assert 'id="marked" method="post" action="/calls/bulk"' in page
    assert 'data-term="review:new">New</a>' in page


def test_a_stranger_changes_nothing(stranger):
    put(**CUT)
    assert stranger.post("/calls/bulk", {"which": "all", "state": "confirmed"}).url.startswith("/login")
    assert states() == ["new"]


def test_the_address_of_the_form_alone_is_answered_by_a_page_and_not_by_a_blank_one(reader):
    answer = reader.get("/calls/bulk")
    assert answer.status_code == 405 and answer["Allow"] == "POST"
    assert "Show all calls" in answer.content.decode()
