"""Every webhook that OpenAI's own package knows, built, signed and unwrapped by it, through the door."""

import time
from dataclasses import replace
from typing import Literal, get_args, get_origin

import pytest
from openai import InvalidWebhookSignatureError, OpenAI
from openai.types.webhooks import UnwrapWebhookEvent
from pydantic import BaseModel

from callstore.domain.facts.record import Ref
from callstore.eventlog.reading import read
from ingest.dialects.openai.webhook import OFFERS
from ingest.doors.receive import receive
from ingest.providers.provider import discovered
from tests.ingest import deliveries as given

EVENTS = {
    get_args(kind.model_fields["type"].annotation)[0]: kind
    for kind in get_args(get_args(UnwrapWebhookEvent)[0])
}
OF_CALLS = sorted(name for name in EVENTS if name.startswith(("realtime.", "live.", "safety.")))
CLIENT = OpenAI(api_key="none", webhook_secret=given.WHSEC)


@pytest.fixture(autouse=True)
def _configured(settings):
    given.configured(settings)


def value(annotation, name, ids):
    """Something that fits a field of the package's."""
    if get_origin(annotation) is Literal:
        return get_args(annotation)[0]
    if get_origin(annotation) is list:
        return [value(get_args(annotation)[0], name, ids)]
    if get_args(annotation):  # a union
        return value(get_args(annotation)[0], name, ids)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if {"name", "value"} == annotation.model_fields.keys():  # a SIP header
            return {"name": "X-Twilio-CallSid", "value": ids["leg"]}
        return {n: value(field.annotation, n, ids) for n, field in annotation.model_fields.items()}
    return int(time.time()) if annotation is int else ids.get(name, f"a_{name}")


def made(name):
    """The event as the package writes it, and its ids."""
    leg = given.sid()
    ids = {"leg": leg, "call_id": f"rtc_u1_{leg}", "session_id": f"live_{leg}", "id": f"evt_{leg}"}
    event = EVENTS[name].model_validate(value(EVENTS[name], "", ids))
    unsigned = given.delivery("openai", "/hooks/openai/", event.model_dump_json(exclude_none=True))
    headers = unsigned.headers | {"webhook-id": f"wh_{leg}"}
    return replace(unsigned, headers=headers, received_at=time.time()), event, ids


def test_the_package_knows_webhooks_of_calls():
    assert {"realtime.call.incoming", "live.transport.incoming", "safety.alert.created"} <= set(OF_CALLS)


@pytest.mark.parametrize("name", sorted(EVENTS))
def test_the_package_unwraps_what_we_sign(name):
    unsigned, event, _ = made(name)
    signed = given.signed(unsigned)
    unwrapped = CLIENT.webhooks.unwrap(signed.body, signed.headers)
    assert type(unwrapped) is EVENTS[name] and unwrapped == event
    with pytest.raises(InvalidWebhookSignatureError):
        CLIENT.webhooks.unwrap(given.changed_body(signed).body, signed.headers)


@pytest.mark.django_db
@pytest.mark.parametrize("name", OF_CALLS)
def test_a_webhook_of_calls_comes_through_the_door_and_is_kept(name):
    unsigned, _, ids = made(name)
    assert receive(given.signed(unsigned)).status == 204
    assert receive(unsigned).status == 403
    [draft] = discovered()["openai"].read(unsigned).drafts
    [record] = [r for r in read.records([read.trace_of(draft.subject)]) if r.key == draft.key]
    assert read.raw(record.position) == unsigned.body
    if b"sip_headers" in unsigned.body:
        api, field = OFFERS[name]
        assert (record.event.TYPE, record.event.api) == ("session.offered", api)
        assert record.subject == f"openai:{ids[field]}"
        assert record.refs == (Ref("X-Twilio-CallSid", f"twilio:{ids['leg']}"),)
    else:
        assert (record.event.TYPE, record.event.hint) == ("unrecognised", name)
