"""Related calls on the page of a call: who called back, what else failed then, the last good one."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from callstore.search.compile import where
from dashboard.call.related import lasting, masked
from tests.dashboard.calls.listed import START, opened
from tests.dashboard.documents import put_call

pytestmark = pytest.mark.django_db

KISHI = "+81355500123"


def put(after_s=0, lasts_s=60, **fields):
    began = START + timedelta(seconds=after_s)
    ended = began + timedelta(seconds=lasts_s)
    return put_call(started_at=began.isoformat(), ended_at=ended.isoformat(), **fields)


def section(reader, call):
    page = reader.get(f"/calls/{call}").content.decode()
    found = re.search(r'<section class="related.*?</section>', page, re.S)
    return found[0] if found else ""


def words(html):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


def test_a_caller_who_was_cut_off_and_called_back_is_told_and_leads_to_the_list(reader):
    cut = put(**{"from": KISHI})
    back = put(240, **{"from": KISHI})
    before = put(-3660, **{"from": KISHI})
    put(100, **{"from": "+49301234567"})
    html = section(reader, cut)
    assert "called back after 3 min" in words(html) and "had called 1 h before" in words(html)
    assert f'href="/calls/{back}"' in html and f'href="/compare?a={cut}&amp;b={back}"' in html
    [href] = re.findall(r'href="(/calls\?q=[^"]+)"', html)
    q = parse_qs(urlsplit(unescape(href)).query)["q"][0]
    where(q, datetime.now(UTC))
    assert KISHI not in href and KISHI[1:] not in href
    assert set(opened(reader.get(unescape(href)).content.decode())) == {str(cut), str(back), str(before)}


@pytest.mark.parametrize("nobody", ["anonymous", "+266696687", None])
def test_callers_who_show_no_number_are_not_taken_for_one(reader, nobody):
    call = put(**{"from": nobody})
    put(60, **{"from": nobody})
    assert section(reader, call) == ""


def test_what_failed_alike_in_the_same_minutes_is_listed(reader):
    call = put(cause="server_error")
    twin = put(90, cause="server_error")
    html = section(reader, call)
    assert "Same cause (server_error), within ten minutes" in words(html) and "1 min later" in words(html)
    [href] = re.findall(r'href="(/calls\?q=[^"]+)"', html)
    assert set(opened(reader.get(unescape(href)).content.decode())) == {str(call), str(twin)}


def test_the_last_natural_end_of_the_version_is_offered_to_compare(reader):
    good = put(-7200, verdict="natural_end", agent_name="booking", agent_version="2026.04.1")
    call = put(verdict="ai_silent_first", agent_name="booking", agent_version="2026.04.1")
    html = section(reader, call)
    assert "Last natural end of booking 2026.04.1" in words(html) and "2 h before" in words(html)
    assert f"/compare?a={call}&amp;b={good}" in html


def test_three_look_ups_and_no_more(reader, django_assert_max_num_queries):
    from callstore.projection import queries
    from dashboard.call.related import related_calls

    call = put(**{"from": KISHI}, cause="server_error", agent_name="booking")
    document = queries.find(str(call))
    with django_assert_max_num_queries(3):
        assert related_calls(document) == []
    with django_assert_max_num_queries(0):
        assert related_calls({**document, "started_at": None}) == []


@pytest.mark.parametrize(
    ("seconds", "said"), [(0, "0 s"), (59, "59 s"), (60, "1 min"), (7199, "1 h"), (86_400, "1 d")]
)
def test_a_span_is_said_in_its_largest_unit(seconds, said):
    assert lasting(timedelta(seconds=seconds)) == said


def test_a_number_is_masked_in_an_address():
    assert masked(KISHI).startswith("+81") and "*" in masked(KISHI) and KISHI not in masked(KISHI)
