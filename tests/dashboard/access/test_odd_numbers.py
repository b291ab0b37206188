"""Numbers that a viewer might be told: spelt unlike others, beside a second call, or inside a cursor."""

import base64
import re

import pytest

from tests.dashboard.access.test_reveal import by_login, pages, told
from tests.dashboard.access.whole import CALLED, CALLER, a_call_with_numbers

pytestmark = pytest.mark.django_db(transaction=True)

# As Twilio may deliver a caller, and what of it tells whose it is.
ODD = {
    "0355501123": "355501123",
    "+81 3 5550 1123": "5550 1123",
    "tel:+81-3-5550-1123": "5550-1123",
    "sip:alice.secret@corp.example.com": "alice.secret",
    "alice.secret": "alice.secret",
    "client:alice_secret": "alice_secret",
}


@pytest.mark.parametrize("caller", ODD)
def test_a_viewer_is_told_no_address_however_it_is_spelt(caller):
    viewer, call = by_login("viewer"), a_call_with_numbers(caller, caller)
    for path in (*pages(call), f"/compare?a={call}&b={call}", f"/api/v1/compare?a={call}&b={call}"):
        said = told(viewer, path)
        assert ODD[caller] not in said and ODD[caller].replace(" ", "+") not in said, path


def test_two_calls_side_by_side_show_no_whole_number_and_still_whether_it_differs():
    viewer = by_login("viewer")
    a, b = a_call_with_numbers(), a_call_with_numbers(called="+12025550017")
    for path in (f"/compare?a={a}&b={b}", f"/api/v1/compare?a={a}&b={b}"):
        said = told(viewer, path)
        assert CALLED[1:] not in said and "12025550017" not in said, path
    settings = viewer.get(f"/api/v1/compare?a={a}&b={b}").json()["settings"]
    (called,) = (each for each in settings if each["name"] == "to")
    assert (called["a"], called["b"], called["differs"]) == ("+1202*****17", "+1202*****17", True)


def test_a_cursor_of_calls_by_their_caller_holds_no_number():
    viewer = by_login("viewer")
    for _ in range(3):
        a_call_with_numbers()
    cursor = viewer.get("/api/v1/calls?sort=caller&limit=1").json()["next_cursor"]
    for part in re.findall(r"[\w-]+", cursor):
        assert CALLER[1:].encode() not in base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)), part
    after = viewer.get("/api/v1/calls", {"sort": "caller", "limit": 1, "cursor": cursor})
    assert after.status_code == 200 and len(after.json()["items"]) == 1
