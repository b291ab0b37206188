"""The list of calls: what a row says, what a click asks, and what is said when there is nothing."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.dashboard.browser import violations
from tests.dashboard.documents import CHILD, PARENT, put_call

START = datetime(2026, 4, 13, 0, 17, 52, tzinfo=UTC)
CUT_OFF = {
    "parent_call_sid": PARENT,
    "child_call_sid": CHILD,
    "from": "+81355500123",
    "child_status": "completed",
    "sip_response_code": 200,
    "verdict": "ai_silent_first",
    "verdict_confidence": "medium",
    "ended_first_by": "unknown",
    "flags": ["truncated", "suspicious"],
    "warning_codes": ["32113"],
    "untranscribed_caller_speech_s": 11.128,
    "gap_kind": "not_heard",
    "parent_duration_s": 60,
    "child_duration_s": 29,
    "recording_state": "present",
    "legs": [{"role": "child", "first": {"at_s": 25}, "answered": {"at_s": 31}, "ended": {"at_s": 60}}],
    "gaps": [{"start_s": 48.9, "end_s": 60, "kind": "not_heard"}],
}


def put(minutes=0, **fields):
    """A call that began so many minutes after midnight's first."""
    return put_call(started_at=(START + timedelta(minutes=minutes)).isoformat(), **fields)


@pytest.fixture
def reader(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("otto"))
    return client


def body(reader, **query):
    answer = reader.get("/calls", query)
    assert answer.status_code == 200
    return answer.content.decode()


def opened(text):
    """The call ids of the rows, in order."""
    return re.findall(r'class="open" href="/calls/([0-9a-f-]{36})"', text)


def links(text, marker):
    """The query parameters of every link whose tag holds `marker`."""
    tags = re.findall(r"<a [^>]*>", text)
    hrefs = [re.search('href="([^"]*)"', tag)[1] for tag in tags if marker in tag]
    return [
        {name: value[0] for name, value in parse_qs(urlsplit(href.replace("&amp;", "&")).query).items()}
        for href in hrefs
    ]


@pytest.mark.django_db
class TestRows:
    def test_a_row_says_what_happened_in_words(self, reader):
        call_id = put(**CUT_OFF)
        text = body(reader)
        assert opened(text) == [str(call_id)]
        for words in (
            "AI silent first", "medium confidence", "11.1", "1:00", "0:29", "completed", ">200<",
            "Truncated", "32113", "00:17:52", "The AI did not hear it",
        ):  # fmt: skip
            assert words in text

    def test_the_callers_number_stands_nowhere_in_full(self, reader):
        put(**CUT_OFF)
        text = body(reader)
        assert "+8135*****23" in text
        assert "81355500123" not in text
        assert links(text, 'data-term="from:') == [{"q": "from:+8135*23"}]
        assert len(opened(body(reader, q="from:+8135*23"))) == 1

    def test_what_is_not_known_says_why(self, reader):
        put(recording_state="pending")
        text = body(reader)
        assert "Not known yet: the recording is pending" in text
        assert "Recording pending" in text
        assert "Not judged yet" in text

    def test_a_call_with_nothing_but_an_id_has_a_row(self, reader):
        call_id = put_call()
        assert opened(body(reader)) == [str(call_id)]

    def test_what_a_provider_wrote_is_text_and_never_markup(self, reader):
        put(**{**CUT_OFF, "child_status": "<script>", "error_codes": ['"><img src=x>']})
        text = body(reader)
        assert "<script>" not in text.replace("<script src", "")
        assert "<img src=x" not in text
        [asked] = links(text, 'data-term="error:')
        assert len(opened(body(reader, q=asked["q"]))) == 1

    def test_the_strip_is_drawn_without_inline_style(self, reader):
        put(**CUT_OFF)
        [strip] = re.findall('<svg class="strip".*?</svg>', body(reader))
        assert '<rect class="s-child" x="62.0" y="1" width="58.0" height="4"/>' in strip
        assert '<rect class="s-gap" x="97.8" y="12.5" width="22.2" height="5"/>' in strip
        assert "11.1 s without a transcript" in strip
        assert "style" not in strip


@pytest.mark.django_db
class TestFilters:
    def test_a_click_on_a_value_adds_it_to_the_query_and_keeps_the_order(self, reader):
        put(**CUT_OFF)
        text = body(reader, q="is:truncated", sort="-parent_duration_s")
        assert links(text, 'data-term="verdict:') == [
            {"q": "is:truncated verdict:ai_silent_first", "sort": "-parent_duration_s"}
        ]

    def test_a_value_that_is_asked_for_already_is_not_added_again(self, reader):
        put(**CUT_OFF)
        text = body(reader, q="verdict:ai_silent_first")
        assert links(text, 'data-term="verdict:') == [{"q": "verdict:ai_silent_first"}]

    def test_alternatives_are_kept_together_when_a_value_is_added(self, reader):
        put(**CUT_OFF)
        text = body(reader, q="is:live OR is:truncated")
        assert links(text, 'data-term="sip:')[0]["q"] == "(is:live OR is:truncated) sip:200"

    def test_the_quick_filter_that_is_on_is_marked_however_it_is_spelt(self, reader):
        put(**CUT_OFF)
        text = body(reader, q="is:truncated  AND status:completed sip:200")
        marked = re.findall(r'aria-current="true">.*?</svg>([^<]+)</a>', text)
        assert marked == ["Clean but cut off"]

    def test_the_export_asks_the_same_query(self, reader):
        put(**CUT_OFF)
        [asked] = links(body(reader, q="is:truncated gap:>5s"), "download")
        assert asked == {"q": "is:truncated gap:>5s"}
        assert reader.get("/api/v1/incidents.csv", asked).status_code == 200


@pytest.mark.django_db
class TestOrder:
    def test_older_leads_on_until_there_are_no_more_and_repeats_nothing(self, reader):
        ids = [str(put(minutes=at)) for at in range(120)]
        seen, query = [], {}
        for _ in range(3):
            text = body(reader, **query)
            seen += opened(text)
            query = next(iter(links(text, 'rel="next"')), None)
        assert query is None
        assert seen == ids[::-1]

    def test_a_heading_sorts_and_then_turns_round(self, reader):
        short, long = put(parent_duration_s=5), put(parent_duration_s=50)
        [head] = [each for each in links(body(reader), "Length of the parent leg")]
        text = body(reader, **head)
        assert opened(text) == [str(long), str(short)]
        assert 'c-parent" aria-sort="descending"' in text
        [head] = links(text, "Length of the parent leg")
        text = body(reader, **head)
        assert opened(text) == [str(short), str(long)]
        assert 'c-parent" aria-sort="ascending"' in text

    @pytest.mark.parametrize(
        "query",
        [{"sort": "nonsense"}, {"sort": "document"}, {"cursor": "nonsense"}, {"sort": "--x", "cursor": "1"}],
    )
    def test_an_order_or_place_that_cannot_be_is_told_above_the_newest_calls(self, reader, query):
        call_id = put()
        text = body(reader, **query)
        assert 'role="alert"' in text
        assert opened(text) == [str(call_id)]


@pytest.mark.django_db
class TestWrong:
    def test_a_key_that_does_not_exist_is_underlined_with_its_correction(self, reader):
        answer = reader.get("/calls", {"q": "is:truncated stats:completed"})
        text = answer.content.decode()
        assert answer.status_code == 422
        assert "is:truncated <mark>stats</mark>:completed" in text
        [right] = links(re.search('<div class="wrong">.*?</div>', text, re.DOTALL)[0], "href")
        assert right == {"q": "is:truncated status:completed"}

    def test_htmx_gets_only_the_message_and_leaves_list_and_address_alone(self, reader):
        put(**CUT_OFF)
        answer = reader.get("/calls", {"q": "nope:1"}, headers={"hx-request": "true"})
        assert answer.headers["hx-retarget"] == "#wrong"
        assert answer.headers["hx-push-url"] == "false"
        assert b"<table" not in answer.content

    def test_the_page_and_its_part_are_kept_apart_by_caches(self, reader):
        answer = reader.get("/calls")
        assert "HX-Request" in answer.headers["vary"]
        assert "no-store" in answer.headers["cache-control"]

    @pytest.mark.parametrize(
        "q",
        ["\0", "is:", "(((", '"', "a" * 5_000, "-" * 5_000, "started:99999-99", "sip:1e9", "\u202e%s{{7*7}}"],
    )
    def test_no_query_breaks_the_page(self, reader, q):
        put(**CUT_OFF)
        assert reader.get("/calls", {"q": q}).status_code in (200, 422)

    def test_the_list_is_only_read(self, reader):
        assert reader.post("/calls").status_code == 405


@pytest.mark.django_db
class TestNothing:
    def test_an_empty_store_says_what_to_set_up_with_our_own_addresses(self, reader, settings):
        settings.PUBLIC_BASE_URL = "https://calls.example.com"
        text = body(reader)
        for url in ("twilio/status", "twilio/recording", "openai/", "app/"):
            assert f'data-copy="https://calls.example.com/hooks/{url}"' in text

    def test_a_query_that_finds_nothing_says_which_term_is_to_blame(self, reader):
        for minutes in range(3):
            put(minutes, child_status="completed", flags=["truncated"], sip_response_code=200)
        put(child_status="busy", sip_response_code=486)
        text = body(reader, q="is:truncated status:completed sip:486")
        ways = re.findall(r"Without <code>([^<]+)</code></span><strong>([^<]+)<", text)
        assert ways == [("sip:486", "3 calls")]
        assert {"q": "is:truncated status:completed"} in links(text, "panel")

    def test_the_count_without_the_only_term_is_that_of_all_calls(self, reader):
        put()
        assert "<strong>1 call<" in body(reader, q="is:live")


@pytest.mark.browser
class TestInTheBrowser:
    def test_no_rule_of_accessibility_is_broken_wide_or_narrow_light_or_dark(self, page):
        put(**CUT_OFF)
        put(1, verdict="natural_end", verdict_confidence="high", untranscribed_caller_speech_s=0.0)
        for scheme in ("light", "dark"):
            for width in (1440, 390):
                page.set_viewport_size({"width": width, "height": 844})
                page.emulate_media(color_scheme=scheme)
                for query in ("", "?q=is:live", "?q=stats:1"):
                    page.goto(f"/calls{query}")
                    assert violations(page) == ""
                    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    def test_enter_swaps_the_list_and_moves_the_address(self, page):
        put(**CUT_OFF)
        put(1, verdict="natural_end")
        page.goto("/calls")
        page.evaluate("window.same = true")
        page.keyboard.press("/")
        page.keyboard.type("is:truncated")
        page.keyboard.press("Enter")
        page.wait_for_url("**/calls?q=is%3Atruncated")
        page.locator(".calls tbody tr").nth(1).wait_for(state="detached")
        assert page.evaluate("window.same") is True
        page.get_by_role("link", name="All", exact=True).click()
        page.locator(".calls tbody tr").nth(1).wait_for()
        assert page.locator("#q").input_value() == ""
        page.go_back()
        page.wait_for_url("**/calls?q=is%3Atruncated")
        page.locator(".calls tbody tr").nth(1).wait_for(state="detached")
        assert page.locator("#q").input_value() == "is:truncated"

    def test_a_wrong_query_leaves_the_last_list_and_is_put_right_by_a_click(self, page):
        put(**CUT_OFF)
        page.goto("/calls")
        page.fill("#q", "stats:completed")
        page.press("#q", "Enter")
        page.get_by_role("status").get_by_text("There is no key stats:").wait_for()
        assert page.locator(".calls tbody tr").count() == 1
        assert page.url.endswith("/calls")
        page.get_by_role("link", name="Use status:completed").click()
        page.wait_for_url("**/calls?q=status%3Acompleted")
        page.locator(".wrong").wait_for(state="detached")
        assert page.locator("#q").input_value() == "status:completed"

    def test_alt_click_leaves_a_value_out(self, page):
        put(**CUT_OFF)
        kept = put(1, verdict="natural_end")
        page.goto("/calls")
        page.get_by_role("link", name="AI silent first medium confidence").click(modifiers=["Alt"])
        page.wait_for_url("**/calls?q=-verdict*")
        assert page.locator(".calls tbody tr").get_attribute("id") == f"call-{kept}"

    def test_j_and_k_walk_the_calls_and_enter_opens_one(self, page):
        put(**CUT_OFF)
        newest = put(1)
        page.route(f"**/calls/{newest}", lambda route: route.fulfill(body="the page of this call"))
        page.goto("/calls")
        focused = "document.activeElement.closest('tr')?.rowIndex"
        for key, row in (("j", 1), ("j", 2), ("j", 2), ("k", 1)):
            page.keyboard.press(key)
            assert page.evaluate(focused) == row
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/calls/{newest}")

    def test_the_keys_can_be_switched_off_in_the_help(self, page):
        put(**CUT_OFF)
        page.goto("/calls")
        page.keyboard.press("?")
        assert violations(page) == ""
        page.get_by_label("Single-key shortcuts").uncheck()
        page.keyboard.press("Escape")
        page.keyboard.press("j")
        assert page.evaluate(
            "document.activeElement === document.body || !document.activeElement.closest('tr')"
        )

    def test_the_steps_of_an_empty_store_can_be_copied(self, page):
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.goto("/calls")
        assert violations(page) == ""
        page.get_by_role("button", name="Copy").first.click()
        page.get_by_role("button", name="Copied").wait_for()
        assert page.evaluate("navigator.clipboard.readText()").endswith("/hooks/twilio/status")

    def test_without_scripts_the_list_is_filtered_all_the_same(self, page, browser, live_server):
        put(**CUT_OFF)
        put(1, verdict="natural_end")
        context = browser.new_context(
            base_url=live_server.url, java_script_enabled=False, storage_state=page.context.storage_state()
        )
        plain = context.new_page()
        plain.goto("/calls")
        plain.fill("#q", "is:truncated")
        plain.press("#q", "Enter")
        plain.wait_for_url("**/calls?q=is%3Atruncated")
        assert plain.locator(".calls tbody tr").count() == 1
        plain.get_by_role("link", name="completed", exact=True).click()
        plain.wait_for_url("**status%3Acompleted")
        context.close()
