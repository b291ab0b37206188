"""The facets of a list: as HTML, without a browser."""

import re
from datetime import timedelta

import pytest

from tests.dashboard.calls.listed import CUT_OFF, START, links, put

pytestmark = pytest.mark.django_db


def column(reader, **query):
    answer = reader.get("/calls/facets", query, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_list_leaves_a_place_for_its_facets_with_a_link_for_who_has_no_script(reader):
    put(**CUT_OFF)
    text = reader.get("/calls", {"q": "is:truncated", "sort": "verdict"}).content.decode()
    [slot] = re.findall("<aside.*?</aside>", text, re.DOTALL)
    assert 'hx-get="/calls/facets?q=is%3Atruncated&amp;sort=verdict"' in slot
    assert 'href="/calls/facets?q=is%3Atruncated&amp;sort=verdict"' in slot


def test_a_value_has_its_count_and_leads_to_only_it_and_to_all_without_it(reader):
    put(**CUT_OFF)
    put(1, **{**CUT_OFF, "verdict": "ai_deaf"})
    text = column(reader, q="is:truncated verdict:ai_deaf", sort="verdict")
    assert ", 1 call</span>" in text
    assert links(text, 'data-only="verdict:ai_silent_first"') == [
        {"q": "is:truncated verdict:ai_silent_first", "sort": "verdict"}
    ]
    assert links(text, 'data-less="verdict:ai_silent_first"')[0]["q"] == (
        "is:truncated verdict:ai_deaf -verdict:ai_silent_first"
    )
    [chosen] = [tag for tag in re.findall("<a [^>]*>", text) if 'data-only="verdict:ai_deaf"' in tag]
    assert 'aria-current="true"' in chosen
    assert links(text, 'data-only="verdict:ai_deaf"')[0]["q"] == "is:truncated"
    assert links(text, 'data-clear="verdict"')[0]["q"] == "is:truncated"


def test_alternatives_are_kept_together_when_a_value_is_chosen(reader):
    put(**CUT_OFF)
    text = column(reader, q='is:truncated OR "a b"')
    assert links(text, 'data-only="sip:200"')[0]["q"] == '(is:truncated OR "a b") sip:200'
    assert links(text, 'data-less="sip:200"')[0]["q"] == '(is:truncated OR "a b") -sip:200'


def test_what_is_asked_for_can_be_taken_back_though_no_call_has_it(reader):
    put(**CUT_OFF)
    text = column(reader, q="-agent:nobody")
    assert links(text, 'data-less="agent:nobody"') == [{}]
    assert "No longer without Agent nobody" in text


def test_calls_are_counted_in_the_window_of_the_list(reader):
    put(**CUT_OFF)
    put(60 * 24 * 3, **{**CUT_OFF, "verdict": "ai_deaf"})
    text = column(reader, **{"from": (START + timedelta(days=2)).isoformat(timespec="seconds")})
    assert 'data-only="verdict:ai_deaf"' in text
    assert "ai_silent_first" not in text


def test_facets_are_a_page_of_their_own_for_who_has_no_script(reader):
    put(**CUT_OFF)
    text = reader.get("/calls/facets", {"q": "is:truncated"}).content.decode()
    assert "<h1>Facets</h1>" in text and '<details class="facets-all" open>' in text
    assert links(text, 'data-only="sip:200"') == [{"q": "is:truncated sip:200"}]


def test_a_wrong_query_is_told_by_the_list(reader):
    answer = reader.get("/calls/facets", {"q": "stats:1"})
    assert (answer.status_code, answer["Location"]) == (302, "/calls?q=stats%3A1")
    assert reader.get("/calls/facets", {"q": "stats:1"}, headers={"HX-Request": "true"}).status_code == 422


def test_a_stranger_logs_in_first(stranger):
    assert stranger.get("/calls/facets?q=a")["Location"] == "/login/?next=/calls/facets%3Fq%3Da"
    assert "HX-Redirect" in stranger.get("/calls/facets", headers={"HX-Request": "true"})
    assert stranger.get("/calls/help").status_code == 302


def test_what_a_provider_wrote_is_text_and_never_markup(reader):
    put(**{**CUT_OFF, "agent_name": "<script>x", "error_codes": ['"><img']})
    text = column(reader)
    assert "<script>" not in text and "<img" not in text
    [asked] = links(text, 'data-only="agent:')
    assert asked["q"] == 'agent:"<script>x"'


def test_every_key_is_explained_before_anything_is_wrong(reader):
    put(**CUT_OFF)
    assert 'href="/calls/help"' in reader.get("/calls").content.decode()
    text = reader.get("/calls/help").content.decode()
    assert "verdict:ai_silent_first" in text and "How the call ended" in text
