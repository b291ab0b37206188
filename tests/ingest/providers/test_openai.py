"""OpenAI's webhooks: whose they are, and what they say."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from standardwebhooks import Webhook

from callstore.domain.facts.clock import Clock, Instant
from callstore.domain.facts.events import SessionOffered, Unrecognised
from callstore.domain.facts.record import Ref
from ingest.providers.openai.signature import sign, verify
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


def one(delivery):
    [draft] = given.facts(delivery)
    return draft


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
        ("webhook-signature", "v1"),
        ("webhook-signature", "v1,é v2,x ,"),
        ("webhook-signature", ""),
    ],
)
def test_malformed_headers_are_refused_and_never_raise(header, value):
    signed = given.signed(given.webhook(call_id="rtc_u1_one"))
    assert reason(replace(signed, headers={**signed.headers, header: value}))


def test_an_offer_is_linked_by_its_sip_headers():
    child, parent = given.sid(), given.sid()
    draft = one(
        given.webhook(
            call_id="rtc_u1_one",
            headers=[
                ("From", '"+815000000123" <sip:+815000000123@sip.twilio.com>;tag=1'),
                ("To", "<sip:proj_x@sip.api.openai.com;transport=tls>"),
                ("Call-ID", "abc@0.0.0.0"),
                ("x-twilio-callsid", child),
                ("X-PARENT-CALLSID", parent),
                ("Via", "one"),
                ("Via", "two"),
            ],
        )
    )
    assert draft.subject == "openai:rtc_u1_one"
    assert draft.event == SessionOffered(
        api="realtime",
        child=child,
        parent=parent,
        sip_call_id="abc@0.0.0.0",
        headers=("From", "To", "Call-ID", "x-twilio-callsid", "X-PARENT-CALLSID", "Via", "Via"),
        caller="+815000000123",
        called="sip:proj_x@sip.api.openai.com;transport=tls",
    )
    assert set(draft.refs) == {
        Ref("SIP Call-ID", "sip:abc@0.0.0.0"),
        Ref("X-Twilio-CallSid", f"twilio:{child}"),
        Ref("X-Parent-CallSid", f"twilio:{parent}"),
    }
    assert draft.occurred == Instant(given.NOON, Clock.PROVIDER, 1000)


def test_both_attempts_of_one_webhook_are_one_fact():
    first, second = one(INCOMING[1][1]), one(INCOMING[2][1])
    assert (first.key, first.event) == (second.key, second.event)


def test_a_live_session_has_its_own_id():
    draft = one(given.webhook("live.transport.incoming", call_id="rtc_u1_one", session_id="live_two"))
    assert (draft.subject, draft.event.api) == ("openai:live_two", "live")


@pytest.mark.parametrize("kind", ["safety.identifier_blocked", "realtime.call.ended"])
def test_any_other_webhook_is_kept_apart_from_the_calls(kind):
    draft = one(given.webhook(kind, call_id="rtc_u1_one"))
    assert isinstance(draft.event, Unrecognised) and draft.event.hint == kind
    assert draft.subject.startswith("openai:webhook:wh_") and not draft.is_of_a_call


@pytest.mark.parametrize(
    "headers", [None, 7, [None], [{"name": 1}], [{"name": "X-Twilio-CallSid", "value": "me"}]]
)
def test_sip_headers_that_make_no_sense_link_nothing(headers):
    draft = one(given.webhook(call_id="rtc_u1_one", sip_headers=headers))
    assert isinstance(draft.event, SessionOffered) and draft.refs == ()
