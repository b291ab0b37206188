"""What OpenAI's webhooks say."""

import pytest

from callstore.domain.facts.clock import Clock, Instant
from callstore.domain.facts.events import SessionOffered, Unrecognised
from callstore.domain.facts.record import Ref
from tests.ingest import deliveries as given

INCOMING = list(given.recorded_openai("incoming.jsonl"))


def one(delivery):
    [draft] = given.facts(delivery)
    return draft


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
        came_from="sip.twilio.com",
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
