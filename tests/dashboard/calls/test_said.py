"""The words that were looked for, in the row and in the API's item."""

import pytest

from dashboard.templatetags.said import pieces
from tests.dashboard.documents import put_call

pytestmark = pytest.mark.django_db

TURNS = [{"text": "I want to move my booking <b>now</b>", "start_s": 64.25}]


def test_a_row_shows_the_words_marked_and_leads_to_their_moment(reader):
    call_id = put_call(turns=TURNS, started_at="2026-04-13T00:17:52.000Z")
    page = reader.get("/calls", {"q": 'caller:"my book"'}).content.decode()
    assert "move <mark>my book</mark>ing &lt;b&gt;now" in page
    assert f'href="/calls/{call_id}?t=64.2"' in page
    assert "Caller at 1:04" in page
    rows = reader.get("/calls/rows", {"q": 'caller:"my book"', "ids": call_id}).content.decode()
    assert "move <mark>my book</mark>ing" in rows


def test_a_row_shows_no_words_where_none_were_looked_for(reader):
    put_call(turns=TURNS, child_status="completed")
    page = reader.get("/calls", {"q": "status:completed"}).content.decode()
    assert "/calls/" in page and "<mark>" not in page and "move my" not in page


def test_an_item_of_the_api_has_a_snippet_only_where_words_were_looked_for(api):
    put_call(turns=TURNS, parent_call_sid="CA" + "7" * 32)
    [item] = api.get("/api/v1/calls", {"q": "booking"}).json()["items"]
    snippet = item["snippet"]
    [[low, high]] = snippet["marks"]
    assert (snippet["text"][low:high], snippet["at_s"], snippet["speaker"]) == ("booking", 64.25, "caller")
    [item] = api.get("/api/v1/calls", {"q": "77777"}).json()["items"]
    assert item["snippet"] is None
    [item] = api.get("/api/v1/calls").json()["items"]
    assert "snippet" not in item


def test_a_text_is_cut_at_its_marks():
    cut = pieces({"speaker": "caller", "at_s": 1.0, "text": "abcdef", "marks": [[0, 2], [2, 3]]})
    assert cut == [("ab", True), ("c", True), ("def", False)]
