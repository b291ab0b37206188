"""The bar above the results: how many there are, of which time, in which columns, and links to all that."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from callstore.projection import queries
from callstore.projection.patience import TooSlow
from dashboard.calls.bar import counting
from tests.dashboard.calls.listed import CUT_OFF, body, links, opened, put
from tests.dashboard.documents import put_call

pytestmark = pytest.mark.django_db


def count(text):
    return re.search(r'<p class="count"[^>]*>([^<]*)', text)[1]


def ago(**time):
    return (datetime.now(UTC) - timedelta(**time)).isoformat()


def test_the_count_is_that_of_the_filter_and_exact_to_ten_thousand(reader, monkeypatch):
    for minutes in range(60):
        put(minutes, flags=["truncated"] if minutes else [])
    assert count(body(reader)) == "60 calls"
    assert count(body(reader, q="is:truncated")) == "59 calls"
    assert count(body(reader, q="-is:truncated")) == "1 call"
    monkeypatch.setattr(queries, "MOST_COUNTED", 58)
    assert count(body(reader)) == "58+ calls"


def test_what_takes_long_to_count_is_counted_after_the_rows(reader, monkeypatch):
    for minutes in range(60):
        put(minutes)

    def too_slow(where):
        raise TooSlow

    with monkeypatch.context() as patched:
        patched.setattr(counting.queries, "count", too_slow)
        text = body(reader, q="is:late OR -is:late")
    assert count(text) == "More than 50 calls"
    later = re.search('hx-get="([^"]*count[^"]*)"', text)[1].replace("&amp;", "&")
    assert count(reader.get(later).content.decode()) == "60 calls"
    assert reader.get("/calls/count?q=nope:1").status_code == 422


def test_a_title_names_the_query(reader):
    put(**CUT_OFF)
    assert "<title>Calls · callstore</title>" in body(reader)
    assert "<title>is:truncated · Calls · callstore</title>" in body(reader, q="is:truncated")
    part = reader.get("/calls?q=is:truncated", headers={"hx-request": "true"}).content.decode()
    assert "<title>is:truncated · Calls · callstore</title>" in part


def test_a_window_holds_what_was_under_way_in_it_and_stays_with_every_link(reader):
    old = put_call(started_at=ago(days=3), ended_at=ago(days=3, minutes=-2))
    into = put_call(started_at=ago(hours=25), ended_at=ago(hours=23), child_status="completed")
    new = put_call(started_at=ago(hours=1), ended_at=ago(minutes=50))
    text = body(reader, **{"from": "-24h"})
    assert opened(text) == [str(new), str(into)]
    assert str(old) in opened(body(reader, **{"from": "-7d"}))
    assert all(link["from"] == "-24h" for link in links(text, 'data-term="status:'))
    [asked] = [link for link in links(text, "download") if "bom" in link]
    rows = b"".join(reader.get("/api/v1/incidents.csv", asked).streaming_content).decode().splitlines()
    assert len(rows) == 3


@pytest.mark.parametrize("window", [{"from": "yesterday"}, {"from": "now", "to": "-24h"}])
def test_a_window_that_cannot_be_is_told_under_the_box(reader, window):
    answer = reader.get("/calls", window)
    assert answer.status_code == 422
    told = answer.content.decode().partition('id="wrong" role="status">')[2]
    assert re.search("takes a time|ends before", told)


def test_a_copied_link_means_the_same_tomorrow(reader):
    put(**CUT_OFF)
    text = body(reader, q="started:-24h -is:live", **{"from": "-7d", "cols": "started,cause"})
    [link] = links(text, "data-copy-link")
    moment = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
    assert re.fullmatch(rf"started:{moment}\.\.{moment} -is:live", link["q"])
    assert re.fullmatch(moment, link["from"]) and re.fullmatch(moment, link["to"])
    assert link["cols"] == "started,cause"
    assert links(body(reader), "data-copy-link") == [{}], "a list of any time needs none"


def test_columns_are_chosen_in_the_address(reader):
    put(**CUT_OFF, cause="silent_session_loss", ai_silence_before_end_s=12.6, to="+815055501234")
    text = body(reader, cols="gap,cause,ai_silence,to,nonsense")
    headings = re.findall(r'role="columnheader"[^>]*class="c-(\w+)"', text)
    assert headings == ["started", "gap", "cause", "to", "ai_silence"]
    assert {"q": "cause:silent_session_loss", "cols": ",".join(headings)} in links(text, 'data-term="cause:')
    assert ">12.6</a>" in text and "+8150******34" in text and "5055501234" not in text
    form = reader.get("/calls?cols=started&cols=strip&cols=gap").content.decode()
    assert {"cols": "started,gap,strip", "sort": "started_at"} in links(form, "sort=started_at")


def test_only_what_an_index_holds_is_offered_to_sort_by(reader):
    put(**CUT_OFF)
    text = body(reader, cols="started,verdict,ai_silence,ended_at,lag")
    offered = {link["sort"] for link in links(text.split("<tbody")[0].split("<thead")[1], "href")}
    assert offered == {"started_at", "verdict", "-ended_at"}
    assert reader.get("/calls?sort=-detection_lag_s").status_code == 200


def test_the_selected_call_is_marked_and_not_carried_on(reader):
    call_id = put(**CUT_OFF)
    text = body(reader, sel=call_id)
    assert f'id="call-{call_id}" aria-current="true"' in text
    assert all(set(link) <= {"q"} for link in links(text, "data-term"))
    assert f'href="/calls/{call_id}?list="' in text


def test_a_box_with_a_wrong_query_says_that_it_is_wrong(reader):
    assert 'aria-invalid="true"' in reader.get("/calls?q=stats:1").content.decode()
    put()
    assert "aria-invalid" not in body(reader)


def test_no_running_call_is_no_search_without_a_result(reader):
    put()
    text = body(reader, q="is:live")
    assert "No call is running" in text
    assert "Without <code>" not in text


def test_a_page_of_calls_takes_no_statement_a_row(reader, django_assert_max_num_queries):
    for minutes in range(50):
        put(minutes, **CUT_OFF | dict.fromkeys(("parent_call_sid", "child_call_sid")))
    with django_assert_max_num_queries(17):
        body(reader, q="is:truncated", cols="started,cause,model,sources")
