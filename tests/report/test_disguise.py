"""Spellings by which a number, a SIP user or a name might get through into what leaves the house."""

import time
from urllib.parse import quote

import orjson
import pytest

from callstore.report.disguise.deliveries import as_read, as_sent
from callstore.report.disguise.disguise import Fake, Hidden
from callstore.report.disguise.text import Scrub
from callstore.report.disguise.values import Fields
from dashboard.export.masking import masked_body

NEAR = 1_776_039_532.0  # 2026-04-13T00:18:52Z

NUMBERS = [
    "call 090-1234-5678 now",
    "0081 90 1234 5678",
    "(212) 555-0142",
    "+1\u00a0212\u00a0555\u00a00142",
    "+81\u20113\u20115550\u20111123",
    "tel:09012345678",
    "https://app.example.com/callers/819012345678/menu",
    "/hooks/twilio/from/09012345678",
    "819012345678/819012345679",
]


@pytest.mark.parametrize("written", NUMBERS)
@pytest.mark.parametrize("disguise", [Hidden, lambda: Fake(b"secret")], ids=["hidden", "made up"])
def test_a_number_is_found_however_it_is_spelt(written, disguise):
    shown = Scrub(disguise(), (), NEAR).text(written)
    for tail in ("5678", "0142", "1123", "5679"):
        assert tail not in shown


@pytest.mark.parametrize(
    "written",
    [
        "2026-04-13T00:18:52.716+00:00",
        "Mon, 13 Apr 2026 00:18:52 +0000",
        "gpt-realtime-2025-08-28",
        "https://api.twilio.com/2010-04-01/Accounts",
        "0190c1a2-0123-4567-8901-0123456789ab is an id",
        "at 1776039532.716 s",
        "Q.850;cause=16",
        "error 31005, then 32113",
    ],
)
def test_times_versions_and_codes_are_no_numbers(written):
    shown = Scrub(Hidden(), (), NEAR).text(written)
    assert shown == written or "is an id" in written


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("From", "Doris Secret <sip:doris@example.com>;tag=1"),
        ("From", '"Doris Secret" <sip:doris@example.com>'),
        ("P-Asserted-Identity", "Doris <tel:+81-3-5550-1123>"),
        ("Contact", "<sip:doris@[2001:db8::1]:5060>"),
    ],
)
def test_a_sip_header_names_nobody(header, value):
    shown = Scrub(Hidden()).header(header, value)
    assert "oris" not in shown and "Secret" not in shown and "1123" not in shown
    assert shown.endswith(value[value.index(">") :])


@pytest.mark.parametrize(
    "field", ["input", "refusal", "query", "utterance", "words", "input_text", "output_text"]
)
def test_words_go_in_whatever_field_an_ai_tells_them(field):
    told = Fields(Scrub(Hidden())).value("", {"item": {"content": [{field: "Doris said"}], field: ["Doris"]}})
    assert told == {"item": {"content": [{field: "xxxxx xxxx"}], field: ["xxxxx"]}}


@pytest.mark.parametrize(
    "long",
    [
        "9" * 300_000,
        "a." * 150_000,
        "sip:" * 75_000,
        "http://a/" * 30_000,
        "[" * 900 + "]" * 900,
        "[" * 300 + '"+819012345678"' + "]" * 300,
    ],
    ids=["digits", "words", "schemes", "addresses in addresses", "deep", "deeper than what is written"],
)
def test_a_text_that_was_made_to_be_slow_or_deep_is_soon_disguised(long):
    began = time.process_time()
    scrub = Scrub(Hidden(), (), NEAR)
    scrub.text(long)
    scrub.header("From", long)
    scrub.text(f"https://example.com/?agent={quote(long)}")
    Fields(scrub).value("arguments", long)
    masked_body(long)
    sent, read = as_sent(long, Fields(scrub)), as_read(long, Fields(scrub))
    assert isinstance(sent, str) and orjson.dumps(read)
    assert time.process_time() - began < 5
