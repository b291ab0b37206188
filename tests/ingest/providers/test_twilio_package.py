"""Requests as Twilio's own package signs them, in each way Twilio is known to change them on their way."""

import hashlib
import json
from dataclasses import replace
from urllib.parse import urlencode

import pytest
from django.test import override_settings
from hypothesis import given as for_all
from hypothesis import settings as effort
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from ingest.providers.provider import Refused, discovered
from ingest.providers.twilio.signature import verify
from tests.ingest import deliveries as given

SHARED_KEY = {"x-twilio-webhooks-signature-settings": "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256"}
PATH = "/hooks/twilio/status"
ACCOUNT = ("AccountSid", given.ACCOUNT)


class Fields(dict):
    """What the package calls a MultiDict."""

    def __init__(self, pairs):
        super().__init__()
        for name, value in pairs:
            self.setdefault(name, []).append(value)

    def getlist(self, name):
        return self[name]


@pytest.fixture(autouse=True)
def _configured(settings):
    given.configured(settings)


def form(pairs, *, signed=given.BASE + PATH, asked=PATH, algorithm=None):
    """A form over the URL `signed` by the package, asked for at the path `asked`."""
    pairs = [ACCOUNT, *pairs]
    made = RequestValidator(given.TOKEN).compute_signature(signed, Fields(pairs), algorithm)
    kind = "application/x-www-form-urlencoded; charset=UTF-8"
    unsigned = given.delivery("twilio", asked, urlencode(pairs), kind)
    headers = {"x-twilio-signature": made} | (SHARED_KEY if algorithm else {})
    return replace(unsigned, headers=unsigned.headers | headers)


def stream(body, *, query="", algorithm=None, digest=None):
    """A batch of Event Streams, signed by its digest."""
    digest = digest or hashlib.sha256(body).hexdigest()
    path = f"/hooks/twilio/events?{query}bodySHA256={digest}"
    made = RequestValidator(given.TOKEN).compute_signature(given.BASE + path, {}, algorithm)
    unsigned = given.delivery("twilio", path, body)
    headers = {"x-twilio-signature": made} | (SHARED_KEY if algorithm else {})
    return replace(unsigned, headers=unsigned.headers | headers)


def taken(delivery):
    """Whether it is accepted, and refused once one letter of its body is another."""
    verify(delivery)
    spoilt = delivery.body.replace(given.ACCOUNT.encode(), given.ACCOUNT.encode() + b"0")
    with pytest.raises(Refused):
        verify(replace(delivery, body=spoilt + b"&x=" if spoilt == delivery.body else spoilt))
    return True


@pytest.mark.parametrize("algorithm", [None, "HMAC_SHA256"])
@pytest.mark.parametrize(
    "pairs",
    [
        [("CallStatus", "ringing"), ("From", "+81355501234")],
        [("CallerName", ""), ("FromCity", ""), ("CallStatus", "ringing")],
        [("StatusCallbackEvent", "ringing"), ("StatusCallbackEvent", "answered")],
        [("Digits", "1"), ("Digits", "1")],
        [("b", "2"), ("B", "1"), ("a", "3"), ("_", "4")],
        [("SpeechResult", "もしもし、 100% & = + é 🎧"), ("ParamèTre", "x")],
        [("To", "sip:p@sip.api.openai.com;transport=tls?X-A=1&X-B=%20")],
        [("Payload", json.dumps({"error_code": "32113", "more_info": {"Msg": "a\nb"}}))],
        [
            ("CallToken", "%7B%22parentCallInfoToken%22%3A%22eyJ" + "h" * 900),
            ("StirVerstat", "No-TN-Validation"),
        ],
        [("SipHeader_X-Ticket", "4711"), ("SipCallId", "1c2d3e@198.51.100.7")],
    ],
)
def test_a_form_is_taken_whatever_its_parameters(pairs, algorithm):
    assert taken(form(pairs, algorithm=algorithm))


@pytest.mark.parametrize("algorithm", [None, "HMAC_SHA256"])
@pytest.mark.parametrize(
    ("configured", "asked"),
    [
        ("?a=1&b=2", "?a=1&b=2"),
        ("?b=2&a=1", "?a=1&b=2"),
        ("?d=4&b=2&c=3&a=1", "?a=1&b=2&c=3&d=4"),
        ("?name=a%20b", "?name=a+b"),
        ("?name=a+b", "?name=a%20b"),
        ("?z=a%20b%20c&a=1", "?a=1&z=a+b+c"),
        ("?a=&b", "?a=&b"),
        ("?a=1&a=2", "?a=1&a=2"),
        ("?q=%E3%81%82&r=a/b?c", "?q=%E3%81%82&r=a/b?c"),
        ("/%E3%81%82/a%20b", "/%E3%81%82/a%20b"),
    ],
)
def test_a_url_is_taken_in_the_order_and_spelling_that_was_configured(configured, asked, algorithm):
    assert taken(form([], signed=given.BASE + PATH + configured, asked=PATH + asked, algorithm=algorithm))


@pytest.mark.parametrize(
    ("public", "signed"),
    [
        ("https://calls.example.com", "https://calls.example.com:443"),
        ("https://calls.example.com:443", "https://calls.example.com"),
        ("http://calls.example.com", "http://calls.example.com:80"),
        ("https://calls.example.com:8443", "https://calls.example.com:8443"),
        ("https://calls.example.com:8443", "https://calls.example.com"),
    ],
)
@pytest.mark.parametrize("query", ["", "?a=1&z=a+b"])
def test_a_port_may_be_signed_or_left_out(settings, public, signed, query):
    settings.PUBLIC_BASE_URL = public
    assert taken(form([], signed=signed + PATH + query, asked=PATH + query))


def test_the_fragment_with_its_retries_is_neither_sent_nor_signed():
    whole = f"{given.BASE}{PATH}?a=1#rc=5&rp=all"
    assert taken(form([], signed=whole.partition("#")[0], asked=PATH + "?a=1"))
    with pytest.raises(Refused):
        verify(form([], signed=whole, asked=PATH + "?a=1"))


@pytest.mark.parametrize("algorithm", [None, "HMAC_SHA256"])
@pytest.mark.parametrize("query", ["", "sink=1&", "z=%20a&"])
@pytest.mark.parametrize(
    "elements", [[{"source": given.ACCOUNT, "type": "x", "id": "EZ1"}], [{"data": {"あ": given.ACCOUNT}}]]
)
def test_json_is_taken_by_its_digest(elements, query, algorithm):
    body = json.dumps(elements, ensure_ascii=False).encode()
    assert taken(stream(body, query=query, algorithm=algorithm))
    assert taken(stream(body, query=query, digest=hashlib.sha256(body).hexdigest().upper()))


TEXT = st.characters(codec="utf-8")
PAIRS = st.lists(st.tuples(st.text(TEXT, min_size=1, max_size=8), st.text(TEXT, max_size=8)), max_size=6)


@effort(max_examples=200, deadline=None)
@for_all(PAIRS, st.sampled_from([None, "HMAC_SHA256"]))
def test_we_and_the_package_agree_on_every_form(pairs, algorithm):
    with override_settings(PUBLIC_BASE_URL=given.BASE, TWILIO_ACCOUNTS={given.ACCOUNT: [given.TOKEN]}):
        verify(form(pairs, algorithm=algorithm))


ADDED = "StirVerstat=TN-Validation-Passed-A&CallToken=eyJ"


def read(delivery):
    [draft] = discovered()["twilio"].read(delivery).drafts
    return draft


def test_what_anybody_may_have_added_to_a_request_is_not_kept():
    asked = form([("CallSid", given.sid()), ("CallStatus", "ringing"), ("CallerName", "")])
    longer = replace(asked, body=f"{ADDED}&".encode() + asked.body + b"&StirVerstat=No-TN-Validation")
    verify(longer)
    assert read(longer).raw == asked.body
    assert (read(longer).key, read(longer).fingerprint) == (read(asked).key, read(asked).fingerprint)


def test_a_field_that_somebody_repeats_makes_no_other_fact():
    asked = form([("CallSid", given.sid()), ("CallStatus", "in-progress"), ("Digits", "1"), ("msg", "")])
    for more in (b"&Digits=1", b"&msg=", b"&Digits=1&Digits=1"):
        longer = replace(asked, body=asked.body + more)
        verify(longer)  # its signature holds: each value of a name is signed once
        assert read(longer).event == read(asked).event
        assert (read(longer).key, read(longer).fingerprint) == (read(asked).key, read(asked).fingerprint)


def test_what_is_signed_is_kept_as_it_came():
    pairs = [tuple(pair.split("=")) for pair in ADDED.split("&")]
    whole = form([("CallSid", given.sid()), ("CallStatus", "ringing"), *pairs])
    verify(whole)
    assert read(whole).raw == whole.body


def test_a_signed_stir_is_a_part_of_what_tells_requests_apart_and_a_token_is_none():
    pairs = [("CallSid", given.sid()), ("CallStatus", "ringing")]
    plain, with_stir = form(pairs), form([*pairs, ("StirVerstat", "No-TN-Validation")])
    with_token = form([*pairs, ("CallToken", "eyJ")])
    assert read(plain).fingerprint == read(with_token).fingerprint != read(with_stir).fingerprint
