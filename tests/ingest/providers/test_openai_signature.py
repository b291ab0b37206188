"""OpenAI's webhooks: whose they are."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from standardwebhooks import Webhook

from ingest.providers.openai.signature import sign, signature, verify
from ingest.providers.provider import Refused
from tests.ingest import deliveries as given

INCOMING = list(given.recorded_openai("incoming.jsonl"))
INVALID = list(given.recorded_openai("incoming-invalid.jsonl"))


@pytest.fixture(autouse=True)
def _configured(settings):
    given.configured(settings)


def reason(delivery):
    with pytest.raises(Refused) as refusal:
        verify(delivery)
    return str(refusal.value)


@pytest.mark.parametrize("delivery", [d for _, d in INCOMING], ids=[label for label, _ in INCOMING])
def test_a_recorded_webhook_is_accepted(delivery):
    verify(delivery)


def test_the_recorded_forgeries_are_refused():
    assert [reason(delivery) for _, delivery in INVALID] == [
        "wrong signature",
        "timestamp out of tolerance",
        "wrong signature",
    ]


def test_every_secret_is_tried(settings):
    settings.OPENAI_WEBHOOK_SECRETS = ["whsec_bmV3", given.WHSEC]
    verify(INCOMING[0][1])


def test_we_sign_as_the_standard_library_does():
    moment = datetime(2026, 4, 13, 12, 0, 5, tzinfo=UTC)
    delivery = replace(given.webhook(call_id="rtc_u1_one"), received_at=moment.timestamp())
    ours = sign(delivery, secret=given.WHSEC).headers
    theirs = Webhook(given.WHSEC).sign(ours["webhook-id"], moment, delivery.body.decode())
    assert ours["webhook-signature"] == theirs


@pytest.mark.parametrize("secret", ["whsec_", "whsec_==", "whsec_!?", ""])
def test_a_secret_without_a_key_signs_for_nobody(settings, secret):
    settings.OPENAI_WEBHOOK_SECRETS = [secret]
    delivery = replace(given.webhook(call_id="rtc_u1_one"), received_at=given.NOON)
    assert reason(sign(delivery, secret=secret)) == "wrong signature"


def test_a_stamp_is_digits_and_nothing_else():
    stamped = sign(replace(given.webhook(call_id="rtc_u1_one"), received_at=given.NOON), secret=given.WHSEC)
    stamp = f"{int(given.NOON):_}"
    mac = signature(given.WHSEC, stamped.headers["webhook-id"], stamp, stamped.body)
    headers = {**stamped.headers, "webhook-timestamp": stamp, "webhook-signature": f"v1,{mac}"}
    assert reason(replace(stamped, headers=headers)) == "wrong timestamp"


@pytest.mark.parametrize("seconds", [-301, 301])
def test_an_attempt_may_be_five_minutes_off_and_no_more(seconds):
    signed = given.signed(replace(given.webhook(call_id="rtc_u1_one"), received_at=given.NOON))
    near = signed.received_at + seconds - (1 if seconds > 0 else -1)
    verify(replace(signed, received_at=near))
    assert reason(replace(signed, received_at=signed.received_at + seconds)) == "timestamp out of tolerance"


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("webhook-timestamp", "soon"),
        ("webhook-timestamp", "9" * 40),
        ("webhook-timestamp", "+1776081600"),
        ("webhook-timestamp", "1_776_081_600"),
        ("webhook-timestamp", "١٧٧٦٠٨١٦٠٠"),
        ("webhook-signature", "v1"),
        ("webhook-signature", "v1,é v2,x ,"),
        ("webhook-signature", ""),
    ],
)
def test_malformed_headers_are_refused_and_never_raise(header, value):
    signed = given.signed(given.webhook(call_id="rtc_u1_one"))
    assert reason(replace(signed, headers={**signed.headers, header: value}))
