"""The overview as a page: its numbers lead to their lists, and what is not there is told."""

import json
import re
import time
from collections import Counter
from datetime import UTC, datetime
from html import unescape

import pytest

from callstore.domain.facts.events import IncidentPublished
from callstore.people.review import Change
from callstore.projection.review import decisions
from callstore.search.overview.shares import SMALL
from tests.dashboard.calls.listed import CUT_OFF, opened, put
from tests.dashboard.documents import put_call
from tests.projection.facts import BEGAN, fact, keep, sid

pytestmark = pytest.mark.django_db
WINDOW = "from=2026-04-13&to=2026-04-13"


def hrefs(text):
    return [unescape(each) for each in re.findall(r'href="(/calls\?[^"]*)"', text)]


def test_every_number_leads_to_a_list_of_so_many_calls(reader):
    put(**CUT_OFF, agent_name="booking", agent_version="<b>1</b>", detection_lag_s=4)
    put(400, verdict="natural_end", agent_name="booking", region="ie1", caller_speech_end_to_child_end_s=3)
    put(3)
    page = reader.get(f"/?{WINDOW}").content.decode()
    text = unescape(page)
    for name in ("AI silent first", "Natural end", "Not judged yet", "5–15 s"):
        assert name in text
    counted = re.findall(r'<a href="(/calls\?[^"]*)">(?:[^<]|<(?!/a))*?<span class="num">(\d+)</span>', page)
    counted += re.findall(
        r'<th scope="row"><a href="(/calls\?[^"]*)">[^<]*</a></th><td class="n">(\d+)</td>', page
    )
    assert len(counted) > 10
    for url, calls in counted:
        assert len(opened(reader.get(unescape(url)).content.decode())) == int(calls), url
    assert "<b>1</b>" not in page and "2 min" not in page


def test_how_often_people_agreed_with_a_verdict_is_told_of_the_votes_of_this_time(reader):
    for minute, vote in enumerate(("agrees", "agrees", "disagrees")):
        decisions.decide(str(put(minute, verdict="ai_deaf")), Change(vote=vote), "ada")
    decisions.decide(str(put(60 * 24 * 9, verdict="ai_mute")), Change(vote="agrees"), "ada")
    told = reader.get(f"/?{WINDOW}").content.decode().partition("How often people agree")[2]
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", told.partition("</table>")[0]))
    assert re.search(r"AI deaf 66\.7 % [\d.]+–[\d.]+ · 2 of 3", words) and "AI mute" not in words
    [url] = hrefs(told.partition("</table>")[0])
    assert len(opened(reader.get(url).content.decode())) == 3


def listed(reader, url):
    """How many calls the list of a link has."""
    return len(opened(reader.get(url).content.decode()))


def test_each_mark_of_each_chart_leads_to_a_list_of_so_many_calls(reader):
    told = {"agent_name": "booking", "agent_version": "1", "detection_lag_s": 4}
    put(**CUT_OFF, **told, caller_speech_end_to_child_end_s=0.2)
    put(400, verdict="natural_end", **told, untranscribed_caller_speech_s=0)
    put(401, verdict="natural_end", **told, caller_speech_end_to_child_end_s=3)
    put(3)
    page = reader.get(f"/?{WINDOW}").content.decode()
    figures = json.loads(re.search(r'<script id="figures"[^>]*>(.*?)</script>', page, re.DOTALL)[1])
    assert set(figures) == set(re.findall(r'data-chart="(\w+)"', page))
    lag, _ = figures.pop("lag")["data"]
    assert [listed(reader, url) for url in lag["customdata"]] == [1, 2]  # the fourth call's is not known
    marks = {name: marks_of(figure) for name, figure in figures.items()}
    assert {name: sum(each.values()) for name, each in marks.items()} == {
        "verdicts": 4, "suspicious": 4, "gaps": 2, "to_end": 2, "agents": 3,
    }  # fmt: skip
    for name, each in marks.items():
        for url, calls in each.items():
            assert listed(reader, url) == calls, (name, url)


def marks_of(figure):
    """The link of each mark, and of how many calls it tells; the verdicts of a step lead to all of it."""
    told = Counter()
    for trace in figure["data"]:
        shares = [int(text.rpartition(" of ")[2]) for text in trace.get("text", []) if " of " in text]
        for url, calls in zip(trace["customdata"], shares or trace["y"], strict=True):
            told[url] += calls
    return told


def test_a_share_stands_with_what_it_is_of_and_its_interval_and_of_few_calls_in_grey(reader):
    for at in range(SMALL):
        put(at, flags=["suspicious"] if at < 3 else [], region="us1", agent_version="9")
    put(40, region="ie1")
    page = reader.get(f"/?{WINDOW}").content.decode()
    tile = re.search("<dt>Suspicious</dt>(.*?)</dd>", page)[1]
    assert re.sub("(<[^>]+>)+", " ", tile).strip() == "9.7 % 3 of 31 · 3.3 % to 24.9 %"
    grey = re.compile(r'<span class="share( small)?"[^>]*><strong>([^<]*)</strong> <span class="of">([^<]*)')
    places = grey.findall(page.partition('id="h-places"')[2].partition("</table>")[0])
    assert places == [("", "10.0 %", "3.5–25.6 · 3 of 30"), (" small", "0.0 %", "0.0–79.3 · 0 of 1")]


def test_an_unused_store_shows_what_to_set_up_and_a_quiet_time_where_to_look(reader):
    assert "Three things to set up" in reader.get("/").content.decode()
    put()
    quiet = reader.get("/").content.decode()
    assert "No call in this time" in quiet and 'href="/ingest"' in quiet and "data-chart" not in quiet


def test_a_wrong_query_and_a_slow_one_are_told_on_the_page(reader, monkeypatch):
    from callstore.search.overview import overview

    wrong = reader.get("/?q=stats:1")
    assert wrong.status_code == 422 and "There is no key stats:" in wrong.content.decode()
    wrong = reader.get(f"/?q=has:dtmf+stats:completed&{WINDOW}").content.decode()
    [righted] = re.findall(r'<a href="([^"]+)">Use <code>has:dtmf status:completed</code>', wrong)
    assert reader.get(unescape(righted)).status_code == 200 and "from=" in righted
    monkeypatch.setattr(overview, "BUDGET_S", 0.001)
    put()
    slow = reader.get(f"/?q=is:truncated&{WINDOW}")
    assert slow.status_code == 503 and "took longer than a query may" in slow.content.decode()
    assert "started%3A-24h" in slow.content.decode()


def test_an_incident_whose_end_nobody_told_goes_on_and_has_no_end_in_the_future(reader):
    began = time.time() - 3 * 3600
    event = IncidentPublished(
        provider="openai", external_id=sid(), title="Slow", started_at=began, status="investigating"
    )
    keep(fact(f"incident:openai:{event.external_id}", event, at=began - BEGAN, source="app"))
    put_call(started_at=datetime.fromtimestamp(began + 60, UTC).isoformat())
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", reader.get("/?from=-6h").content.decode()))
    assert re.search(r"openai: Slow \d+ \w+ [\d:]+ to now", page)


def test_where_nothing_is_as_long_ago_a_shorter_time_is_offered(reader):
    put_call(started_at=datetime.now(UTC).isoformat())
    page = reader.get("/?q=-is:live").content.decode()
    assert "nothing to compare with yet" in page
    assert 'href="/?q=-is%3Alive&amp;from=-12h"' in page


def test_a_stranger_is_asked_to_log_in(stranger):
    for url in ("/?q=is:live", "/ingest", "/ingest/doctor", "/calls/steps"):
        assert stranger.get(url)["Location"].startswith("/login/?next=")


def test_the_lag_of_calls_that_ended_before_the_log_was_begun_is_told_as_that_of_putting_them_in(reader):
    put(**CUT_OFF, detection_lag_s=50_000)
    told = re.sub("<[^>]+>", "", reader.get(f"/?{WINDOW}").content.decode())
    assert "Not known1 call, all put in later" in told and "This log was begun on" in told


def test_the_tile_of_the_sources_sends_to_the_doctor_and_says_nothing_of_what_it_does_not_know(reader):
    put(**CUT_OFF)
    told = reader.get(f"/?{WINDOW}").content.decode()
    assert "all well" not in told and 'href="/ingest?doctor#h-doctor"' in told
