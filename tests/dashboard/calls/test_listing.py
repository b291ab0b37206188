"""What the list says of a query that cannot be read or finds nothing, and of a store that is empty."""

import re

import pytest

from tests.dashboard.calls.listed import CUT_OFF, body, links, put

pytestmark = pytest.mark.django_db


def test_a_key_that_does_not_exist_is_underlined_with_its_correction(reader):
    answer = reader.get("/calls", {"q": "is:truncated stats:completed"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "is:truncated <mark>stats</mark>:completed" in text
    [right] = links(re.search('<div class="wrong">.*?</div>', text, re.DOTALL)[0], "href")
    assert right == {"q": "is:truncated status:completed"}


def test_htmx_gets_only_the_message_and_leaves_list_and_address_alone(reader):
    put(**CUT_OFF)
    answer = reader.get("/calls", {"q": "nope:1"}, headers={"hx-request": "true"})
    assert answer.headers["hx-retarget"] == "#wrong"
    assert answer.headers["hx-push-url"] == "false"
    assert b"<table" not in answer.content


def test_the_page_and_its_part_are_kept_apart_by_caches(reader):
    answer = reader.get("/calls")
    assert "HX-Request" in answer.headers["vary"]
    assert "no-store" in answer.headers["cache-control"]


@pytest.mark.parametrize(
    "q",
    ["\0", "is:", "(((", '"', "a" * 5_000, "-" * 5_000, "started:99999-99", "sip:1e9", "\u202e%s{{7*7}}"],
)
def test_no_query_breaks_the_page(reader, q):
    put(**CUT_OFF)
    assert reader.get("/calls", {"q": q}).status_code in (200, 422)


def test_the_list_is_only_read(reader):
    assert reader.post("/calls").status_code == 405


def test_an_empty_store_says_what_to_set_up_with_our_own_addresses(reader, settings):
    settings.PUBLIC_BASE_URL = "https://calls.example.com"
    text = body(reader)
    for url in ("twilio/status", "twilio/recording", "openai/", "app/"):
        assert f'data-copy="https://calls.example.com/hooks/{url}"' in text


def test_a_query_that_finds_nothing_says_which_term_is_to_blame(reader):
    for minutes in range(3):
        put(minutes, child_status="completed", flags=["truncated"], sip_response_code=200)
    put(child_status="busy", sip_response_code=486)
    text = body(reader, q="is:truncated status:completed sip:486")
    ways = re.findall(r"Without <code>([^<]+)</code></span><strong>([^<]+)<", text)
    assert ways == [("sip:486", "3 calls")]
    assert {"q": "is:truncated status:completed"} in links(text, "panel")


def test_the_count_without_the_only_term_is_that_of_all_calls(reader):
    put()
    assert "<strong>1 call<" in body(reader, q="is:late")
