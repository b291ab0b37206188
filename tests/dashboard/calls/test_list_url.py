"""Where the list's links lead: another filter, another order, another page."""

import re

import pytest

from tests.dashboard.calls.listed import CUT_OFF, body, links, opened, put

pytestmark = pytest.mark.django_db


def test_a_click_on_a_value_adds_it_to_the_query_and_keeps_the_order(reader):
    put(**CUT_OFF)
    text = body(reader, q="is:truncated", sort="-parent_duration_s")
    assert links(text, 'data-term="verdict:') == [
        {"q": "is:truncated verdict:ai_silent_first", "sort": "-parent_duration_s"}
    ]


def test_a_value_that_is_asked_for_already_is_not_added_again(reader):
    put(**CUT_OFF)
    text = body(reader, q="verdict:ai_silent_first")
    assert links(text, 'data-term="verdict:') == [{"q": "verdict:ai_silent_first"}]


def test_alternatives_are_kept_together_when_a_value_is_added(reader):
    put(**CUT_OFF)
    text = body(reader, q="is:live OR is:truncated")
    assert links(text, 'data-term="sip:')[0]["q"] == "(is:live OR is:truncated) sip:200"


def test_the_quick_filter_that_is_on_is_marked_however_it_is_spelt(reader):
    put(**CUT_OFF)
    text = body(reader, q="is:truncated  AND status:completed sip:200")
    marked = re.findall(r'aria-current="true">.*?</svg>([^<]+)</a>', text)
    assert marked == ["Clean but cut off"]


def test_the_export_asks_the_same_query(reader):
    put(**CUT_OFF)
    table, shown, excel, lines = links(body(reader, q="is:truncated gap:>5s"), "download")
    assert shown == table | {"schema": "columns"}
    assert table == lines == {"q": "is:truncated gap:>5s"}
    assert excel == table | {"bom": "true"}
    assert reader.get("/api/v1/incidents.csv", excel).getvalue().startswith(b"\xef\xbb\xbf")


def test_older_leads_on_until_there_are_no_more_and_repeats_nothing(reader):
    ids = [str(put(minutes=at)) for at in range(120)]
    seen, query = [], {}
    for _ in range(3):
        text = body(reader, **query)
        seen += opened(text)
        query = next(iter(links(text, 'rel="next"')), None)
    assert query is None
    assert seen == ids[::-1]


def test_a_heading_sorts_and_then_turns_round(reader):
    short, long = put(parent_duration_s=5), put(parent_duration_s=50)
    [head] = [each for each in links(body(reader), "Length of the parent leg")]
    text = body(reader, **head)
    assert opened(text) == [str(long), str(short)]
    assert 'c-legs" aria-sort="descending"' in text
    [head] = links(text, "Length of the parent leg")
    text = body(reader, **head)
    assert opened(text) == [str(short), str(long)]
    assert 'c-legs" aria-sort="ascending"' in text


@pytest.mark.parametrize(
    "query",
    [{"sort": "nonsense"}, {"sort": "document"}, {"cursor": "nonsense"}, {"sort": "--x", "cursor": "1"}],
)
def test_an_order_or_place_that_cannot_be_is_told_above_the_newest_calls(reader, query):
    call_id = put()
    text = body(reader, **query)
    assert 'role="alert"' in text
    assert opened(text) == [str(call_id)]
