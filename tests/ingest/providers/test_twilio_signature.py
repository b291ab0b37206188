"""X-Twilio-Signature over what was asked, in every way Twilio is known to write it."""

from dataclasses import replace

import pytest
from twilio.request_validator import RequestValidator

from ingest.providers.provider import Refused
from ingest.providers.twilio.signature import verify
from tests.ingest import deliveries as given

RECORDED = dict(given.recorded_twilio())
REFUSED = {"neg_01_bad_signature", "neg_02_no_signature"}


@pytest.fixture(autouse=True)
def _configured(settings):
    given.configured(settings)


def reason(delivery):
    """Why a delivery is refused, None where it is accepted."""
    try:
        verify(delivery)
    except Refused as refusal:
        return str(refusal)
    return None


def test_there_are_44_recorded_requests():
    assert len(RECORDED) == 44


@pytest.mark.parametrize("name", sorted(RECORDED.keys() - REFUSED))
def test_a_recorded_request_is_accepted(name):
    assert reason(RECORDED[name]) is None


def test_the_recorded_forgeries_are_refused():
    assert {name: reason(RECORDED[name]) for name in REFUSED} == {
        "neg_01_bad_signature": "wrong signature",
        "neg_02_no_signature": "no signature",
    }


def test_a_blank_parameter_is_part_of_what_is_signed():
    signed = given.signed(given.progress(CallerName=""))
    verify(signed)
    assert reason(replace(signed, body=signed.body.replace(b"&CallerName=", b"&Other="))) == "wrong signature"


def test_a_repeated_parameter_is_signed_with_all_its_values():
    signed = given.signed(given.progress(StatusCallbackEvent=["ringing", "answered"]))
    assert reason(signed) is None
    fewer = replace(signed, body=signed.body.replace(b"&StatusCallbackEvent=ringing", b""))
    assert fewer != signed and reason(fewer) == "wrong signature"


def test_a_subaccount_is_checked_with_its_own_token(settings):
    sub = "AC" + "5" * 32
    settings.TWILIO_ACCOUNTS = {given.ACCOUNT: [given.TOKEN], sub: ["its-own"]}
    callback = given.progress(AccountSid=sub)
    verify(given.signed(callback, secret="its-own"))
    assert reason(given.signed(callback, secret=given.TOKEN)) == "wrong signature"


def test_an_unknown_account_is_refused_whoever_signed():
    assert reason(given.signed(given.progress(AccountSid="AC" + "9" * 32))) == "unknown account"
    foreign = given.stream({"source": "AC" + "9" * 32, "type": "x", "id": "EZ1"})
    assert reason(given.signed(foreign)) == "unknown account"


def test_both_tokens_hold_during_a_rotation(settings):
    settings.TWILIO_ACCOUNTS = {given.ACCOUNT: ["new", "old"]}
    for token in ("new", "old"):
        stream = given.stream({"source": given.ACCOUNT, "type": "x", "id": "EZ1"})
        assert reason(given.signed(given.progress(), secret=token)) is None
        assert reason(given.signed(stream, secret=token)) is None


@pytest.mark.parametrize(
    ("configured", "asked"),
    [
        ("/hooks/twilio/s?b=2&a=1", "/hooks/twilio/s?a=1&b=2"),
        ("/hooks/twilio/s?name=a%20b", "/hooks/twilio/s?name=a+b"),
        ("/hooks/twilio/s?z=a%20b&a=1", "/hooks/twilio/s?a=1&z=a+b"),
    ],
)
def test_the_query_may_be_asked_in_another_writing_than_was_signed(configured, asked):
    signed = given.signed(replace(given.progress(), path=configured))
    verify(replace(signed, path=asked))
    assert reason(replace(signed, path=asked + "&more=1")) == "wrong signature"


def test_a_call_token_may_be_left_out_of_what_is_signed():
    bare = given.signed(given.progress())
    longer = replace(bare, body=bare.body + b"&CallToken=eyJ&StirVerstat=TN-Validation-Passed-A")
    verify(longer)
    assert reason(replace(bare, body=bare.body + b"&Digits=1")) == "wrong signature"


def test_a_port_in_the_public_url_does_not_matter(settings):
    settings.PUBLIC_BASE_URL = "https://calls.example.com:443"
    assert reason(RECORDED["s1_01_inbound_ringing"]) is None


def test_a_json_body_is_bound_by_its_digest():
    signed = RECORDED["s1_13_es_status_callback_completed"]
    assert reason(replace(signed, body=signed.body + b" ")) == "wrong body digest"
    assert reason(replace(signed, path="/hooks/twilio/events")) == "wrong body digest"


def test_a_shared_key_signs_with_sha256():
    callback = given.progress()
    settings_header = {"x-twilio-webhooks-signature-settings": "key=webhooks_1,algorithm=HMAC_SHA256"}
    sha1 = given.signed(callback)
    assert reason(replace(sha1, headers={**sha1.headers, **settings_header})) == "wrong signature"
    fields = dict(callback.form)
    made = RequestValidator(given.TOKEN).compute_signature(given.BASE + callback.path, fields, "HMAC_SHA256")
    sha256 = {**callback.headers, **settings_header, "x-twilio-signature": made}
    verify(replace(callback, headers=sha256))


def test_nothing_is_accepted_while_nobody_says_what_the_public_url_is(settings):
    settings.PUBLIC_BASE_URL = ""
    assert reason(given.signed(given.progress())) == "PUBLIC_BASE_URL is not set"


@pytest.mark.parametrize(
    "body", [b"\xff\xfe%ff=%zz&&==", b"[" * 3000, b"\x00", b"AccountSid=" + b"A" * 100_000]
)
@pytest.mark.parametrize("content_type", ["application/json", "application/x-www-form-urlencoded", ""])
def test_nonsense_is_refused_and_never_raises(body, content_type):
    nonsense = given.delivery("twilio", "/hooks/twilio/?%zz&&=", body, content_type)
    assert reason(replace(nonsense, headers={**nonsense.headers, "x-twilio-signature": "é"}))
